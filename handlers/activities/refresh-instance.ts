import { keys } from '../../lib/instances/keys.ts';
import { acceptRenewal } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Order } from '../../lib/seller/contract.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * Renewal, conversion of a trial, or withdrawal of a renewal: the expiry is set, never added to.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649429.html
 */
export const refreshInstance: Activity<RenewalMessage> = async (message, call, tools, { signal }) => {
  const { instanceId, orderId, orderLineId, scene, expiresAt, productId, unfreezes = false, told } = message;
  if (call.isTest) return SUCCESS;
  const { product, sentAt } = call;
  const renewal = {
    ...{ product, instanceId, orderId, orderLineId, scene, expiresAt, sentAt, unfreezes },
    ...(productId === undefined ? {} : { productId }),
    ...(told === undefined
      ? {}
      : { told: await tools.sealer.seal('personal', told, keys.instance(product, instanceId)) }),
  };
  return answerOf(await acceptRenewal(tools.table, renewal, tools.clock(), { signal }));
};

/** V1.0 and License 1.0 tell the order in the call, and their renewal may let in again who was shut out for expiry. */
type RenewalMessage = MessageOf<'refreshInstance'> & { readonly told?: Order; readonly unfreezes?: boolean };
