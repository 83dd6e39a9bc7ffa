import { acceptOrderNotice } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * An order of the seller's was paid: the notice is kept once, and the seller's code is given the order.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000002091799153.html
 */
export const orderNotify: Activity<MessageOf<'orderNotify'>> = async (message, call, { table, clock }, { signal }) => {
  const { orderId, orderLineId } = message;
  if (call.isTest) return SUCCESS;
  const { product, sentAt } = call;
  return answerOf(await acceptOrderNotice(table, { product, orderId, orderLineId, sentAt }, clock(), { signal }));
};
