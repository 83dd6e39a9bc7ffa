import { acceptRelease } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Activity } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';

/**
 * The instance has ended; overtakes everything that has not been started.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649431.html
 */
export const releaseInstance: Activity<MessageOf<'releaseInstance'>> = async (
  message,
  call,
  { table, clock },
  { signal },
) => {
  const { activity: _, testFlag: __, ...release } = message;
  if (call.isTest) return SUCCESS;
  const { product, sentAt } = call;
  return answerOf(await acceptRelease(table, { ...release, product, sentAt }, clock(), { signal }));
};
