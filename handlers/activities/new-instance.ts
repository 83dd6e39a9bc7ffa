import { acceptPurchase } from '../../lib/instances/store.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/** Milliseconds after the gateway took the call by which an inline purchase must be done. */
const INLINE_BUDGET = 3_500;
/** How much longer the item stays leased: the time to write the outcome. */
const LEASE_MARGIN = 2_000;

/**
 * Somebody bought. The order line determines the instance id, so however often and however concurrently the call
 * comes, there is one instance: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html
 */
export const newInstance: Activity<MessageOf<'newInstance'>> = async (
  message,
  call,
  tools,
  { product, receivedAt, signal },
) => {
  const { orderId, orderLineId } = message;
  if (call.isTest) return { ...SUCCESS, instanceId: deriveInstanceId(call.product, orderId, orderLineId) };

  const budget = receivedAt + INLINE_BUDGET - tools.clock();
  const inline = product.fulfilment === 'inline' && budget > 0;
  const lease = inline ? { owner: tools.newToken(), until: receivedAt + INLINE_BUDGET + LEASE_MARGIN } : undefined;
  const outcome = await acceptPurchase(
    tools.table,
    { product: call.product, orderId, orderLineId, sentAt: call.sentAt, ...(lease === undefined ? {} : { lease }) },
    tools.clock(),
    { signal },
  );
  const { instanceId } = outcome;
  if (lease !== undefined && outcome.leased) {
    const done = await tools.fulfilInline(product, instanceId, lease, budget);
    if (done !== 'pending') return { ...done, instanceId };
  }
  return { ...answerOf(outcome), instanceId };
};
