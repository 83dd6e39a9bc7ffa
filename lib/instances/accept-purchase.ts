import { deriveInstanceId, deriveUuid } from '../protocol/instance-id.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { InstanceItem } from './item.ts';
import { keys, shardOf } from './keys.ts';
import { answerPurchase, type Outcome, purchaseId } from './lifecycle.ts';
import { orderKeys } from './order-key.ts';
import { orderMark } from './order-mark.ts';
import { requeue } from './requeue.ts';
import { askAnew, wake } from './wake.ts';
import { putIf, updateIf, type WriteOptions } from './write.ts';

/** A hold on an item: a random token and the moment it ends, Unix milliseconds. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** newInstance. With a lease the caller carries the purchase out itself, and fulfilment leaves it alone until then. */
export interface PurchaseCall {
  readonly product: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly sentAt: number;
  readonly lease?: Lease;
  /** Derived from order and order line unless given: V1.0 has no lines. */
  readonly instanceId?: string;
  /** Sold on demand: which product of the order line is bought. */
  readonly productId?: string;
  /** The order, sealed as `personal`, if the call told it. */
  readonly told?: string;
  /** License 1.0: what is bought is a licence. */
  readonly buysLicense?: boolean;
  /** Milliseconds within which a purchase must be carried out; a repeat after them begins them anew. */
  readonly window?: number;
}

/** `leased`: the lease asked for is held. `item`: what stands at the key now. */
export type PurchaseOutcome = Outcome & { readonly leased: boolean; readonly item: InstanceItem };

/**
 * Puts the instance unless it is there. A repeat changes nothing, with two exceptions that cost a second write: one that
 * meets a purchase which has failed and waits for its next attempt makes that due at once, and one that comes after the
 * window asks anew for a purchase which nobody has ended.
 * Idempotent by orderId and orderLineId: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html
 */
export async function acceptPurchase(
  table: Table,
  call: PurchaseCall,
  now: number,
  options: WriteOptions = {},
): Promise<PurchaseOutcome> {
  const item = instanceOf(call, now);
  const { instanceId } = item;
  const rule = { condition: 'attribute_not_exists(#pk)', values: {} };
  const written = await putIf<InstanceItem>(table, item, rule, options);
  if (written.done) return { resultCode: '000004', instanceId, accepted: true, leased: call.lease !== undefined, item };
  if (written.item === undefined) throw new Error('The table refused a new instance and holds none.');
  if (call.productId !== undefined && call.instanceId === undefined) {
    const isOwn = await standsFor(table, written.item, call.productId, options);
    if (!isOwn) return acceptPurchase(table, { ...call, instanceId: ownIdOf(call, call.productId) }, now, options);
  }

  // Our own token in the old image: the SDK repeated a write whose answer was lost, so the hold is ours.
  const leased = call.lease !== undefined && written.item.leaseOwner === call.lease.owner;
  const answer = answerPurchase(written.item);
  if (answer !== 'again') {
    if (answer.resultCode === '000004') await remind(table, written.item, call, now, options);
    return { ...answer, leased, item: written.item };
  }
  await requeue(table, item, now, options);
  return {
    resultCode: '000004',
    instanceId: written.item.instanceId,
    accepted: true,
    leased: false,
    item: written.item,
  };
}

/** The id of a further product's instance; the first product of a line has the line's own. */
function ownIdOf({ product, orderId, orderLineId }: PurchaseCall, productId: string): string {
  return deriveUuid([product, orderId, orderLineId, productId]);
}

/**
 * Tells whether the line's own instance is that of the product. One that was given out before anybody kept the product is
 * that of the first product that asks.
 */
async function standsFor(table: Table, item: InstanceItem, productId: string, options: WriteOptions): Promise<boolean> {
  if (item.productId !== undefined) return item.productId === productId;
  const rule = { condition: 'attribute_exists(#pk) AND attribute_not_exists(#productId)', values: { productId } };
  const { item: now } = await updateIf<InstanceItem>(table, item, 'SET #productId = :productId', rule, options);
  return now?.productId === productId;
}

async function remind(
  table: Table,
  item: InstanceItem,
  { window = Number.POSITIVE_INFINITY }: PurchaseCall,
  now: number,
  options: WriteOptions,
): Promise<void> {
  const purchase = item.pending.find(({ kind }) => kind === 'provision');
  if (purchase === undefined) return;
  const isOver = now - (purchase.requeuedAt ?? purchase.acceptedAt) >= window;
  if (isOver) await askAnew(table, item, purchase, now, options);
  else await wake(table, item, now, options);
}

function instanceOf(call: PurchaseCall, now: number): NewItem<InstanceItem> {
  const { product, orderId, orderLineId, sentAt, lease, told } = call;
  const instanceId = call.instanceId ?? deriveInstanceId(product, orderId, orderLineId);
  const key = keys.instance(product, instanceId);
  const purchase = {
    id: purchaseId(product, instanceId, { orderId, orderLineId }),
    kind: 'provision',
    orderId,
    orderLineId,
    ...(told === undefined ? {} : { told }),
    acceptedAt: now,
    sentAt,
  } as const;
  return {
    ...key,
    type: ITEM_TYPE.instance,
    product,
    instanceId,
    orderId,
    orderLineId,
    ...orderKeys(orderId, orderLineId),
    ...(call.buysLicense === true ? { buysLicense: true } : {}),
    ...(call.productId === undefined ? {} : { productId: call.productId }),
    wanted: 'ACTIVE',
    state: 'PENDING',
    orders: new Set([orderMark(purchase)]),
    statusAt: 0,
    expireSetAt: 0,
    createdAt: now,
    pending: [purchase],
    failed: {},
    attempts: lease === undefined ? 0 : 1,
    dueShard: shardOf(key),
    dueAt: lease === undefined ? 0 : lease.until,
    ...(lease === undefined ? {} : { leaseOwner: lease.owner, leaseUntil: lease.until }),
  };
}
