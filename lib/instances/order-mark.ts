import type { PendingChange } from './item.ts';
import { joined } from './keys.ts';

/** A change that carries an order into the instance. */
export type OrderedChange = PendingChange & { readonly kind: 'provision' | 'renew' | 'upgrade' };

/** Checks whether the order of the change is kept in `orders`; a status or a release is not identified by an order. */
export function isOrdered(change: PendingChange): change is OrderedChange {
  return change.kind === 'provision' || change.kind === 'renew' || change.kind === 'upgrade';
}

/** The member of an instance's `orders` that says "this order has been carried into the instance". */
export function orderMark(change: OrderedChange): string {
  const activity = { provision: 'newInstance', renew: 'refreshInstance', upgrade: 'upgradeInstance' }[change.kind];
  const what = change.kind === 'renew' ? `${activity}/${change.scene}` : activity;
  // V1.0 knows no order lines; a key part is never empty.
  return joined(change.orderLineId === '' ? [what, change.orderId] : [what, change.orderId, change.orderLineId]);
}
