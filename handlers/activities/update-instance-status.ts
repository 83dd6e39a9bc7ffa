import { acceptStatus } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { FreezeReason } from '../../lib/protocol/v1/messages.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * Freeze on expiry or violation, unfreeze after renewal or clearance; the newest signed time wins.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649430.html
 */
export const updateInstanceStatus: Activity<
  MessageOf<'updateInstanceStatus'> & { readonly reason?: FreezeReason }
> = async (message, call, { table, clock }, { signal }) => {
  const { instanceId, status, reason = 'status' } = message;
  if (call.isTest) return SUCCESS;
  const { product, sentAt } = call;
  return answerOf(await acceptStatus(table, { product, instanceId, status, reason, sentAt }, clock(), { signal }));
};
