import type { ApiAnswer } from './open-api.ts';
import { readJson } from './open-api.ts';
import { readTraits } from './order-traits.ts';
import type { OrderBook } from './orders.ts';

/** Path of the stand-in's own orders, which is no part of the marketplace. */
export const ORDER_DESK = '/stand-in/orders';

/**
 * Answers about the stand-in's own orders: `PUT <path>/<number>` makes one of the traits in the body, `GET <path>/<number>`
 * shows an order and how often it was asked for, `GET <path>` lists the numbers. It asks for no signature: it is on loopback,
 * and pages of other origins may not PUT. Undefined for other paths.
 */
export function answerOrderDesk(
  { method, pathname, body, now }: { method: string; pathname: string; body: Buffer; now: number },
  orders: OrderBook,
  asked: readonly string[],
): ApiAnswer | undefined {
  if (pathname === ORDER_DESK && method === 'GET') return { status: 200, body: { orders: orders.own() } };
  if (!pathname.startsWith(`${ORDER_DESK}/`)) return undefined;
  const orderId = decodeURIComponent(pathname.slice(ORDER_DESK.length + 1));
  if (method === 'GET') {
    const times = asked.filter((one) => one === orderId).length;
    return { status: 200, body: { asked: times, orderInfo: orders.find(orderId, undefined, now) } };
  }
  if (method !== 'PUT') return undefined;
  const members = readJson(body);
  if (members === undefined)
    return { status: 400, body: { message: 'expected a JSON object with the traits of an order' } };
  try {
    orders.register(orderId, readTraits(members));
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } };
  }
  return { status: 201, body: { orderInfo: orders.find(orderId, undefined, now) } };
}
