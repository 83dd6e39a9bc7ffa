import type { Order } from '../seller/contract.ts';
import type { Task } from './call-hook.ts';
import { openOrder } from './sealed-order.ts';
import { within } from './within.ts';

/** Milliseconds the order query may take, with its own repeats. */
export const ORDER_TIMEOUT_MS = 10_000;

/** The order of the change itself: as the call told it, or as the marketplace has it. */
export async function ordered({ deps, product, hold, given, signal }: Task): Promise<Order> {
  if (given?.order !== undefined) return given.order;
  if ('told' in hold.change && hold.change.told !== undefined)
    return openOrder(deps.sealer, hold.change.told, hold.item);
  const { orderId, orderLineId } = 'orderId' in hold.change ? hold.change : {};
  if (orderId === undefined) throw new Error('A change that should have an order has none.');
  return within(
    ORDER_TIMEOUT_MS,
    'the order query',
    (inner) => deps.queryOrder({ product: product.id, orderId, orderLineId }, inner),
    signal,
  );
}
