import type { InstanceItem } from '../instances/item.ts';
import type { Table } from '../table/table.ts';
import { isInstance } from './order-index.ts';
import { everyItem } from './scan.ts';

/** Differences between a list of orders and a table. */
export interface OrderDifferences {
  /** Orders of the list that nothing in the table is about. */
  readonly unknown: readonly string[];
  /** Instances whose own order the list lacks. */
  readonly unlisted: readonly Pick<InstanceItem, 'product' | 'instanceId' | 'orderId' | 'state'>[];
}

/**
 * Compares a list of orders with everything in the table, renewals, upgrades, licence codes and notices included; reads the
 * whole table. @param products ids of those whose instances are looked at @param progress told how many items have been read
 */
export async function compareOrders(
  table: Table,
  products: readonly string[],
  orders: ReadonlySet<string>,
  progress?: (items: number) => void,
): Promise<OrderDifferences> {
  const known = new Set<unknown>();
  const unlisted: OrderDifferences['unlisted'][number][] = [];
  for await (const item of everyItem(table, progress)) {
    known.add(item.orderId);
    if (item.orders instanceof Set) for (const mark of item.orders) known.add(orderOf(String(mark)));
    if (!isInstance(item) || !products.includes(item.product) || orders.has(item.orderId)) continue;
    const { product, instanceId, orderId, state } = item;
    unlisted.push({ product, instanceId, orderId, state });
  }
  return { unknown: [...orders].filter((order) => !known.has(order)), unlisted };
}

/** The order that a mark names: see lib/instances/order-mark.ts. */
function orderOf(mark: string): string {
  return decodeURIComponent(mark.split('#')[1] ?? '');
}
