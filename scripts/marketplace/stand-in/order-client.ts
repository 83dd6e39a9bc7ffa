import { ORDER_DESK } from './order-desk.ts';
import type { OrderDraft } from './order-traits.ts';

/** The orders of a stand-in that runs in another process. */
export interface OrderClient {
  /** Makes an order, or changes it. @throws Error that says what is wrong with the traits */
  make(orderId: string, draft: OrderDraft): Promise<void>;
  /** Counts how often an order was asked for. */
  asked(orderId: string): Promise<number>;
}

/** Reaches the orders of the stand-in at an address; undefined if something else answers there, or nothing. */
export async function reachOrders(address: string): Promise<OrderClient | undefined> {
  const at = (orderId = '') => `${address}${ORDER_DESK}${orderId && `/${encodeURIComponent(orderId)}`}`;
  const listed = await fetch(at()).then(
    (response) => response.ok,
    () => false,
  );
  if (!listed) return undefined;
  return {
    make: async (orderId, draft) => {
      const response = await fetch(at(orderId), { method: 'PUT', body: JSON.stringify(draft) });
      if (!response.ok) throw new Error(String(Object(await response.json()).message));
    },
    asked: async (orderId) => Number(Object(await (await fetch(at(orderId))).json()).asked),
  };
}
