import type { Door } from './door.ts';
import { signedQuery } from './signed-query.ts';

/** Every way in. */
export const DOORS: readonly Door[] = [signedQuery];
