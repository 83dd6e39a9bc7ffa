import { acceptRenewal } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * Renewal, conversion of a trial, or withdrawal of a renewal: the expiry is set, never added to.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649429.html
 */
export const refreshInstance: Activity<MessageOf<'refreshInstance'>> = async (
  message,
  call,
  { table, clock },
  { signal },
) => {
  const { instanceId, orderId, orderLineId, scene, expiresAt, productId } = message;
  if (call.isTest) return SUCCESS;
  const { product, sentAt } = call;
  const renewal = { product, instanceId, orderId, orderLineId, scene, expiresAt, sentAt };
  return answerOf(
    await acceptRenewal(table, productId === undefined ? renewal : { ...renewal, productId }, clock(), { signal }),
  );
};
