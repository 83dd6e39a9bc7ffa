import type { InstanceItem } from '../instances/item.ts';
import { ofProduct } from '../instances/of-product.ts';
import type { Order, OrderedProduct } from '../seller/contract.ts';

/** In what the stored instance and the marketplace's order differ, or what does not fit together. */
export type DriftKind =
  | 'expiry-unknown'
  | 'expiry-differs'
  | 'charging-unknown'
  | 'product-differs'
  | 'not-carried-out'
  | 'set-aside'
  | 'overdue-end'
  | 'order-not-shown'
  | 'order-not-read'
  | 'order-not-opened';

/** One difference. `repair` is there if one write puts it right without asking anybody. */
export interface Drift {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId: string;
  readonly kind: DriftKind;
  /** Stored value, and the marketplace's; texts for people. */
  readonly stored: string;
  readonly marketplace: string;
  /** Action to take if it is not repaired. */
  readonly advice: string;
  readonly repair?: Repair;
}

/** A write that is safe: its condition is that the instance is still what it was when it was compared. */
export type Repair =
  | { readonly set: 'expiresAt'; readonly to: number; readonly from?: number; readonly isBackwards?: boolean }
  | { readonly set: 'chargingMode'; readonly to: string };

const DAY = 86_400_000;
/** Expiry in an order is computed from order time and period, hence approximate. */
const TOLERANCE = DAY;
/** The marketplace keeps an expired instance frozen for at most fifteen days before it releases it. */
const RETENTION = 16 * DAY;

/** Finds the drift that can be seen without asking anybody. */
export function lookAt(item: InstanceItem, now: number): readonly Drift[] {
  const drift = of(item);
  const found: Drift[] = [];
  const isFailed = item.state === 'FAILED';
  // A failed purchase is over: the marketplace has cancelled its order.
  const aside = Object.values(item.failed).filter(({ kind }) => kind !== 'provision' && !isFailed);
  const kinds = aside.map(({ kind, reason }) => `${kind}: ${reason}`);
  if (kinds.length > 0) {
    const advice = `mend the cause, then: npx koogate retry ${item.instanceId}`;
    found.push(drift('set-aside', kinds.join('; ').slice(0, 200), 'confirmed', advice));
  }
  if (item.pending.length === 0 && kinds.length === 0 && !isFailed && item.state !== item.wanted) {
    const advice = "nothing waits that would change this; restart the call in the console's service interface messages";
    found.push(drift('not-carried-out', item.state, `wants ${item.wanted}`, advice));
  }
  if (!isFailed && item.wanted !== 'RELEASED' && item.expiresAt !== undefined && item.expiresAt < now - RETENTION) {
    const advice = "no release came; look into the console's service interface messages, or whether it was renewed";
    found.push(drift('overdue-end', `${item.wanted}, ended ${day(item.expiresAt)}`, 'released by now', advice));
  }
  return found;
}

/** Finds differences from the order that bought the instance. @param bought the order as it was then, if it was kept */
export function compare(item: InstanceItem, order: Order, bought: Order | undefined, now: number): readonly Drift[] {
  const drift = of(item);
  const { expiresAt, chargingMode, products } = ofProduct(order, item.productId).line;
  const found: Drift[] = [...compareEnds(item, expiresAt?.getTime(), now)];
  if (item.chargingMode === undefined) {
    const repair = { set: 'chargingMode', to: chargingMode } as const;
    found.push({ ...drift('charging-unknown', 'unknown', chargingMode, 'repair'), repair });
  }
  const [then, today] = [describe(bought?.line.products ?? []), describe(products)];
  // V1.0 has no order lines; its calls tell the order in other words than the query does.
  const isComparable = bought !== undefined && item.orderLineId !== '';
  if (isComparable && then !== today && !hasChanged(item)) {
    const advice = 'the order shows another product than was provisioned, and no upgrade was told; ask the marketplace';
    found.push(drift('product-differs', then, today, advice));
  }
  return found;
}

/**
 * Compares the stored end with that of the purchase's order. The end of an imported instance is what the seller's file
 * has said: it may have been renewed since it was bought, and its order shows the first period for ever.
 */
function compareEnds(item: InstanceItem, to: number | undefined, now: number): readonly Drift[] {
  const from = item.expiresAt;
  const drift = of(item);
  if (to === undefined) return [];
  if (from === undefined) {
    if (isImported(item) && to < now) return [];
    return [{ ...drift('expiry-unknown', 'unknown', day(to), 'repair'), repair: { set: 'expiresAt', to } }];
  }
  const isOrders = item.expireSetAt === 0 && !isImported(item); // no renewal has been accepted
  if (!isOrders || Math.abs(to - from) <= TOLERANCE) return [];
  if (to > from) {
    return [{ ...drift('expiry-differs', day(from), day(to), 'repair'), repair: { set: 'expiresAt', to, from } }];
  }
  const advice = 'the stored end is later; if the customer has not paid for that: koogate reconcile --repair --force';
  const repair = { set: 'expiresAt', to, from, isBackwards: true } as const;
  return [{ ...drift('expiry-differs', day(from), day(to), advice), repair }];
}

/** Older versions left no mark on what they imported; they kept no order with it, as every purchase does. */
function isImported({ imported, order }: InstanceItem): boolean {
  return imported === true || order === undefined;
}

/** The marketplace's answer for the order could not be had or read; later rounds ask again. */
export function notRead(item: InstanceItem, code: string): Drift {
  const advice = 'asked again with the next round; if it lasts, compare koogate order with the seller console';
  return of(item)('order-not-read', 'known', code, advice);
}

/** The order that is kept with the instance cannot be opened: the instance is compared without it. */
export function notOpened(item: InstanceItem): Drift {
  const advice = 'put the sealing key back that it was sealed with; its kid stands in the log of fulfil';
  return of(item)('order-not-opened', 'sealed', 'known', advice);
}

/** The marketplace refuses the order for good. */
export function notShown(item: InstanceItem, code: string): Drift {
  const advice = "check that the account's keys are those of the product's seller";
  return of(item)('order-not-shown', 'known', code, advice);
}

function of({ product, instanceId, orderId }: InstanceItem) {
  return (kind: DriftKind, stored: string, marketplace: string, advice: string): Drift => {
    return { product, instanceId, orderId, kind, stored, marketplace, advice };
  };
}

/** Checks whether an order that may bring another product has been carried into the instance. */
function hasChanged({ orders }: InstanceItem): boolean {
  return [...orders].some((mark) => !mark.startsWith('newInstance'));
}

function describe(products: readonly OrderedProduct[]): string {
  return products
    .map(({ productId, skuCode, linearValue }) => [productId, skuCode, linearValue].filter(Boolean).join('/'))
    .sort()
    .join(', ');
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
