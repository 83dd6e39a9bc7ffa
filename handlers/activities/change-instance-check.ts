import { toInstance } from '../../lib/fulfilment/instance.ts';
import { createNotes } from '../../lib/instances/notes.ts';
import { readInstances } from '../../lib/instances/store.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { RESULT_CODES } from '../../lib/protocol/result-codes.ts';
import type { Activity } from './activity.ts';
import { SUCCESS } from './answers.ts';

/**
 * May the instance change to this product at renewal? Asks the seller's code and changes nothing. No page names a code
 * for "no", so it is 000005 with the reason: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000002411753620.html
 */
export const changeInstanceCheck: Activity<MessageOf<'changeInstanceCheck'>> = async (
  message,
  call,
  tools,
  { product, signal },
) => {
  const { instanceId, target } = message;
  if (call.isTest) return SUCCESS;
  const item = (await readInstances(tools.table, call.product, [instanceId], { signal })).get(instanceId);
  if (item === undefined || item.wanted === 'RELEASED' || item.state === 'FAILED') {
    throw new Refusal('000003', RESULT_CODES['000003']);
  }
  if (item.state === 'PENDING') throw new Refusal('000004', 'the instance is still being provisioned');
  const seller = tools.sellerOf(product);
  if (seller.canChange === undefined) return SUCCESS;
  const { allowed, reason } = await seller.canChange(
    { instance: toInstance(item), target },
    {
      idempotencyKey: tools.newToken(),
      signal,
      attempt: 1,
      now: new Date(tools.clock()),
      notes: createNotes(tools.table, call.product),
      secret: tools.sellerSecret,
    },
  );
  if (allowed === true) return SUCCESS;
  throw new Refusal('000005', reason ?? 'the instance cannot be changed to this product');
};
