import { WrongSignature } from '../../protocol/refusal.ts';
import { verifyAuthToken } from '../../protocol/v1/auth-token.ts';
import type { Door } from './door.ts';

/**
 * GET to the product's own address, signed with a token among the parameters: SaaS V1.0 and License 1.0. The query string
 * is taken as it came, since a decoded one has lost what was signed. No page knows a window for its time, so none is held
 * against it; the time orders the writes, which is what makes a replay change nothing.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649135.html
 */
export const v1Token: Door = {
  method: 'GET',
  leadsHere: (path) => path === '',
  families: ['saas-v1', 'license-1'],
  maxBody: 64 * 1024,
  prove: ({ query, keys }) => {
    const match = verifyAuthToken({ keys, rawQueryString: query });
    if (match === undefined) {
      throw new WrongSignature(
        'authToken does not match; check the access key bound to this address and that the query arrives unchanged',
      );
    }
    const { keyClass, key, parameters, sentAt } = match;
    // Stryker disable next-line StringLiteral: for the type checker, a token holds for no call without a timeStamp
    const { activity, timeStamp = '' } = parameters;
    return { keyClass, key, activity, body: parameters, sentAt, nonce: timeStamp };
  },
};
