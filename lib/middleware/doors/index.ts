import type { Door } from './door.ts';
import { kitV1 } from './kit-v1.ts';
import { kitV2 } from './kit-v2.ts';
import { signedQuery } from './signed-query.ts';
import { v1Token } from './v1-token.ts';

/** Every way in. */
export const DOORS: readonly Door[] = [signedQuery, v1Token, kitV2, kitV1];
