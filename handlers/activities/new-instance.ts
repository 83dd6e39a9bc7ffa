import type { CarriedOut } from '../../lib/fulfilment/inline.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase, readInstances } from '../../lib/instances/store.ts';
import type { Answer } from '../../lib/middleware/route.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import type { MessageOf } from '../../lib/protocol/messages.ts';
import type { Sealer } from '../../lib/sealing/sealer.ts';
import type { Access, Order } from '../../lib/seller/contract.ts';
import type { Activity, ActivityTools } from './activity.ts';
import { answerOf, SUCCESS } from './answers.ts';
import { SAMPLE_ACCESS } from './sample-access.ts';

/** Milliseconds after the gateway took the call by which an inline purchase must be done. */
export const INLINE_BUDGET_MS = 3_500;
/** Milliseconds for which the item stays leased after the attempt's budget: the time to write the outcome. */
export const LEASE_MARGIN = 2_000;

/** Additional content of a purchase in V1.0 and License 1.0: the whole order in the call, access data in its answer. */
export interface ToldPurchase {
  readonly order: Order;
  readonly instanceId: string;
  /** License 1.0: what is bought is a licence. */
  readonly buysLicense: boolean;
}

/**
 * Somebody bought. The order line (V1.0: the order) determines the instance id, so however often and however concurrently
 * the call comes, there is one instance: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html
 */
export const newInstance: Activity<MessageOf<'newInstance'> & { readonly told?: ToldPurchase }> = async (
  message,
  call,
  tools,
  { product, receivedAt, signal },
) => {
  const { orderId, orderLineId, told, productId } = message;
  if (call.isTest) {
    const instanceId = told?.instanceId ?? deriveInstanceId(call.product, orderId, orderLineId);
    return { ...SUCCESS, instanceId, ...sample(told) };
  }

  const sealed =
    told === undefined
      ? undefined
      : await tools.sealer.seal('personal', told.order, keys.instance(call.product, told.instanceId));
  const budget = receivedAt + INLINE_BUDGET_MS - tools.clock();
  const inline = (product.fulfilment === 'inline' || told !== undefined) && budget > 0;
  const lease = inline ? { owner: tools.newToken(), until: receivedAt + INLINE_BUDGET_MS + LEASE_MARGIN } : undefined;
  const ids = {
    ...{ product: call.product, orderId, orderLineId },
    ...(told === undefined ? {} : { instanceId: told.instanceId }),
    ...(product.onDemand && told === undefined && productId !== undefined ? { productId } : {}),
  };
  const purchase = { ...ids, sentAt: call.sentAt, window: product.provisionWindow };
  const outcome = await acceptPurchase(
    tools.table,
    {
      ...purchase,
      ...(lease === undefined ? {} : { lease }),
      ...(sealed === undefined ? {} : { told: sealed }),
      ...(told?.buysLicense === true ? { buysLicense: true } : {}),
    },
    tools.clock(),
    { signal },
  );
  const { instanceId } = outcome;
  const answer = { ...answerOf(outcome), instanceId };
  if (lease !== undefined && outcome.leased) {
    const done = await tools.fulfilInline(product, instanceId, lease, budget, told?.order);
    if (done !== 'pending') return carriedOut(done, instanceId, told, tools.sealer);
  }
  if (told === undefined || answer.resultCode !== '000000') return answer;
  return { ...answer, ...(await instanceInfo(await imported(outcome.item, tools, signal), tools.sealer)) };
};

async function carriedOut(
  { resultCode, resultMsg, item }: CarriedOut,
  instanceId: string,
  told: ToldPurchase | undefined,
  sealer: Sealer,
): Promise<Answer> {
  const answer = { resultCode, resultMsg, instanceId };
  return told === undefined || resultCode !== '000000' ? answer : { ...answer, ...(await instanceInfo(item, sealer)) };
}

/** The instance that an alias stands for; any other is its own. */
async function imported(
  item: InstanceItem,
  { table }: ActivityTools,
  signal: AbortSignal,
): Promise<InstanceItem | undefined> {
  if (item.aliasOf === undefined) return item;
  return (await readInstances(table, item.product, [item.aliasOf], { signal })).get(item.aliasOf);
}

/** Gives the access data, or the license that was bought; nothing of an instance that has ended. */
async function instanceInfo(
  item: InstanceItem | undefined,
  sealer: Sealer,
): Promise<Pick<Answer, 'appInfo' | 'license'>> {
  if (item === undefined || item.wanted === 'RELEASED') return {};
  const { access, licence } = item;
  return {
    ...(access === undefined ? {} : { appInfo: (await sealer.open('credentials', access, item)) as Access }),
    ...(licence === undefined ? {} : { license: (await sealer.open('credentials', licence, item)) as string }),
  };
}

function sample(told: ToldPurchase | undefined): Pick<Answer, 'appInfo' | 'license'> {
  if (told === undefined) return {};
  return told.buysLicense ? { license: 'debugging answer: no licence' } : { appInfo: SAMPLE_ACCESS };
}
