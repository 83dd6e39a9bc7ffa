import { readKitPath } from '../../protocol/kit/messages.ts';
import { parseKitBody, readKitHeaders, verifyKit } from '../../protocol/kit/x-sign.ts';
import { WrongSignature } from '../../protocol/refusal.ts';
import { readSignedTime } from '../../protocol/signed-time.ts';
import type { Door } from './door.ts';

/** Bytes of a Kit call at most: some 3,000 users with every member filled. */
export const KIT_BODY_BYTES = 2 * 1024 * 1024;

/**
 * POST to `produceAPI/v2/<call>` below the product's address, signed in headers: the Kit's V2 calls.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */
export const kitV2: Door = {
  method: 'POST',
  leadsHere: (path) => readKitPath(path)?.family === 'kit-v2',
  families: ['kit-v2'],
  maxBody: KIT_BODY_BYTES,
  prove: (knock) => {
    const { event, path, keys, now } = knock;
    const { signature, timestamp, nonce } = readKitHeaders(event.headers);
    const sentAt = readSignedTime(timestamp, now);
    const match = verifyKit({ keys, raw: knock.raw, signature, timestamp, nonce });
    if (match === undefined) {
      throw new WrongSignature(
        'x-sign does not match; check that the key is the one of the Kit interfaces and that the body arrives unchanged',
      );
    }
    const { keyClass, key, form } = match;
    // Stryker disable next-line OptionalChaining: for the type checker, only known paths lead here
    const activity = readKitPath(path)?.activity;
    return { keyClass, key, activity, body: parseKitBody(form), sentAt, nonce: nonce + timestamp };
  },
};
