import type { LicenseRequest } from '../../lib/fulfilment/verdict.ts';
import { keys } from '../../lib/instances/keys.ts';
import { readInstances } from '../../lib/instances/store.ts';
import { acceptApplication, answerApplication } from '../../lib/licenses/accept-application.ts';
import { type LicenseMessageOf, parseLicenseMessage } from '../../lib/protocol/license/messages.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { RESULT_CODES } from '../../lib/protocol/result-codes.ts';
import type { CallHandler } from './activity.ts';
import { SUCCESS } from './answers.ts';
import { INLINE_BUDGET, LEASE_MARGIN } from './new-instance.ts';

/**
 * A device applies for an online licence. The licence is issued at once if the seller's code is quick, so that a refusal
 * reaches the marketplace, and delivered by the upload API afterwards; a slow one is answered 000000 and followed up.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649255.html
 */
export const getLicenseAsync: CallHandler = async (call, tools, { product, receivedAt, signal }) => {
  const message = parseLicenseMessage('getLicenseAsync', call.body);
  if (call.isTest) return SUCCESS;
  const { instanceId, eventId, deviceFingerprint } = message;

  const instance = (await readInstances(tools.table, call.product, [instanceId], { signal })).get(instanceId);
  if (instance === undefined || instance.wanted === 'RELEASED' || instance.state === 'FAILED') {
    throw new Refusal('000003', RESULT_CODES['000003']);
  }
  if (instance.chargingMode === 'PERIOD' && message.expiresAt === undefined) {
    throw new Refusal('000902', RESULT_CODES['000902']);
  }
  const request = requestOf(message);
  const budget = receivedAt + INLINE_BUDGET - tools.clock();
  const isReady = instance.state === 'ACTIVE' || instance.state === 'FROZEN';
  const lease =
    isReady && budget > 0 ? { owner: tools.newToken(), until: receivedAt + INLINE_BUDGET + LEASE_MARGIN } : undefined;
  const { leased, ...answer } = await acceptApplication(
    tools.table,
    {
      ...{ product: call.product, instanceId, eventId, deviceFingerprint, sentAt: call.sentAt },
      request: await tools.sealer.seal('personal', request),
      ...(lease === undefined ? {} : { lease }),
    },
    tools.clock(),
    { signal },
  );
  if (lease === undefined || !leased) return answer;
  const key = keys.application(call.product, eventId, deviceFingerprint);
  const item = await tools.issueInline(product, key, lease, budget, request);
  const issued = item === 'pending' ? 'again' : answerApplication(item);
  return issued === 'again' ? answer : issued;
};

function requestOf(message: LicenseMessageOf<'getLicenseAsync'>): LicenseRequest {
  const { effectiveAt, expiresAt, deviceFingerprint } = message;
  return {
    effectiveAt: new Date(effectiveAt),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
    ...(deviceFingerprint === '' ? {} : { deviceFingerprint }),
  };
}
