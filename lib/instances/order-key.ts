import type { InstanceItem } from './item.ts';

/*
 * The index `order` finds instances by the order and the order line that bought them. Its keys are written with the item
 * and never again, so that the index costs one unit a purchase and no change costs more. One index holds an item once:
 * the buyer, who is known only when the order has been read, is found by an item of its own (see customer.ts), which one
 * query of the table reads and one deletion forgets.
 */

/** Stands for the order line where V1.0 knows none; a key of an index is never empty. */
const NO_LINE = '-';

/** The two keys of the index. */
export function orderKeys(orderId: string, orderLineId: string): Required<Pick<InstanceItem, 'orderKey' | 'lineKey'>> {
  return { orderKey: orderId, lineKey: orderLineId === '' ? NO_LINE : orderLineId };
}
