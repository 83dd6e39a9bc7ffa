import { keys } from '../../lib/instances/keys.ts';
import { acceptUpgrade } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Order } from '../../lib/seller/contract.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * Another specification for the same instance; the new order says which; V1.0 tells it in the call.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649432.html
 */
export const upgradeInstance: Activity<MessageOf<'upgradeInstance'> & { readonly told?: Order }> = async (
  message,
  call,
  { table, sealer, clock },
  { signal },
) => {
  const { instanceId, orderId, orderLineId, told } = message;
  if (call.isTest) return SUCCESS;
  const { product, sentAt } = call;
  const sealed =
    told === undefined ? {} : { told: await sealer.seal('personal', told, keys.instance(product, instanceId)) };
  const upgrade = { product, instanceId, orderId, orderLineId, sentAt, ...sealed };
  return answerOf(await acceptUpgrade(table, upgrade, clock(), { signal }));
};
