import type { LicenseRequest } from '../../lib/fulfilment/verdict.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { readInstances } from '../../lib/instances/store.ts';
import { acceptApplication, answerApplication } from '../../lib/licenses/accept-application.ts';
import { type LicenseMessageOf, parseLicenseMessage } from '../../lib/protocol/license/messages.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { RESULT_CODES } from '../../lib/protocol/result-codes.ts';
import type { ActivityTools, CallHandler } from './activity.ts';
import { SUCCESS } from './answers.ts';
import { INLINE_BUDGET_MS, LEASE_MARGIN } from './new-instance.ts';

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
  if (message.expiresAt === undefined && (await isPeriodic(instance, tools, signal))) {
    throw new Refusal('000902', RESULT_CODES['000902']);
  }
  const request = requestOf(message);
  const budget = receivedAt + INLINE_BUDGET_MS - tools.clock();
  const isReady = instance.state === 'ACTIVE' || instance.state === 'FROZEN';
  const lease =
    isReady && budget > 0
      ? { owner: tools.newToken(), until: receivedAt + INLINE_BUDGET_MS + LEASE_MARGIN }
      : undefined;
  const key = keys.application(call.product, eventId, deviceFingerprint);
  const { leased, ...answer } = await acceptApplication(
    tools.table,
    {
      ...{ product: call.product, instanceId, eventId, deviceFingerprint, sentAt: call.sentAt },
      request: await tools.sealer.seal('personal', request, key),
      ...(lease === undefined ? {} : { lease }),
    },
    tools.clock(),
    { signal },
  );
  if (lease === undefined || !leased) return answer;
  const item = await tools.issueInline(product, key, lease, budget, request);
  if (item === 'pending') return answer;
  const issued = answerApplication(item);
  // Failed for good while the device waits: it is told so, and its repeat queues the application again.
  if (issued === 'again') throw new Refusal('000005', RESULT_CODES['000005']);
  return issued;
};

/**
 * Tells whether the instance is paid by period. Until its order has been read, the order says so: the answer to one
 * application must not depend on how far provisioning has come.
 */
async function isPeriodic(
  { product, orderId, orderLineId, chargingMode }: InstanceItem,
  { queryOrder, log }: ActivityTools,
  signal: AbortSignal,
): Promise<boolean> {
  if (chargingMode !== undefined) return chargingMode === 'PERIOD';
  try {
    const order = await queryOrder({ product, orderId, orderLineId: orderLineId || undefined }, signal);
    return order.line.chargingMode === 'PERIOD';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn('The order of an application without expireTime cannot be read.', { product, orderId, reason });
    throw new Refusal('000005', RESULT_CODES['000005']);
  }
}

function requestOf(message: LicenseMessageOf<'getLicenseAsync'>): LicenseRequest {
  const { effectiveAt, expiresAt, deviceFingerprint } = message;
  return {
    effectiveAt: new Date(effectiveAt),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
    ...(deviceFingerprint === '' ? {} : { deviceFingerprint }),
  };
}
