import { verifyKitToken } from '../../protocol/kit/auth-token.ts';
import { readKitPath } from '../../protocol/kit/messages.ts';
import { WrongSignature } from '../../protocol/refusal.ts';
import type { Door } from './door.ts';
import { KIT_BODY_BYTES } from './kit-v2.ts';

/**
 * POST to `produceAPI/<call>` below the product's address, signed with a token in a header: the Kit's V1 calls. No page
 * knows a window for their time, so none is held against it; the time orders the writes, which is what makes a replay
 * change nothing. Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649159.html
 */
export const kitV1: Door = {
  method: 'POST',
  leadsHere: (path) => readKitPath(path)?.family === 'kit-v1',
  families: ['kit-v1'],
  maxBody: KIT_BODY_BYTES,
  prove: ({ event, path, raw, keys }) => {
    const match = verifyKitToken({ keys, raw, headers: event.headers });
    if (match === undefined) {
      throw new WrongSignature(
        'authToken does not match; check that the key is the one of the Kit interfaces and that the body arrives unchanged',
      );
    }
    const { authToken: nonce, ...proven } = match;
    // Stryker disable next-line OptionalChaining: for the type checker, only known paths lead here
    return { ...proven, activity: readKitPath(path)?.activity, nonce };
  },
};
