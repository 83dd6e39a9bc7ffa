import { parseBody } from '../../protocol/json.ts';
import { readQuery, readSignedTime, verifyQuery } from '../../protocol/query-signature.ts';
import { WrongSignature } from '../../protocol/refusal.ts';
import type { Door } from './door.ts';

/**
 * POST to the product's own address, signed in the query string: SaaS V2.0, License 2.0, online License, models, order notification.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */
export const signedQuery: Door = {
  method: 'POST',
  leadsHere: (path) => path === '',
  families: ['saas-v2', 'order-notify', 'license-2', 'license-online', 'maas'],
  maxBody: 256 * 1024,
  prove: (knock) => {
    const { query, keys, now } = knock;
    const { signature, timestamp, nonce } = readQuery(query);
    const sentAt = readSignedTime(timestamp, now);
    const match = verifyQuery({ keys, raw: knock.raw, signature, timestamp, nonce });
    if (match === undefined) {
      throw new WrongSignature(
        'signature does not match; check the access key bound to this address and that the body arrives unchanged',
      );
    }
    const body = parseBody(match.form);
    const { keyClass, key } = match;
    return { keyClass, key, activity: body.activity, body, sentAt, nonce: nonce + timestamp };
  },
};
