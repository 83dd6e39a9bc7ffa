import { acceptUpgrade } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * Another specification for the same instance; the new order says which.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649432.html
 */
export const upgradeInstance: Activity<MessageOf<'upgradeInstance'>> = async (
  message,
  call,
  { table, clock },
  { signal },
) => {
  const { instanceId, orderId, orderLineId } = message;
  if (call.isTest) return SUCCESS;
  const { product, sentAt } = call;
  return answerOf(
    await acceptUpgrade(table, { product, instanceId, orderId, orderLineId, sentAt }, clock(), { signal }),
  );
};
