import type { Order } from '../seller/contract.ts';
import { type Fault, OrderQueryError } from './error.ts';
import type { OpenApi, OpenApis } from './open-api.ts';
import { readOrder } from './order.ts';

/** Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html */
const ORDER_QUERY: OpenApi = {
  title: 'order query',
  method: 'GET',
  path: '/api/mkp-openapi-public/global/v1/order/query',
  failure: OrderQueryError,
};

/** An order that is asked for, and the product whose site knows it. */
export interface AskedOrder {
  /** Id of the product. */
  readonly product: string;
  readonly orderId: string;
  /** Absent: the order's first line. */
  readonly orderLineId?: string | undefined;
}

/**
 * Reads one order. Without `orderLineId` the order's first line is taken.
 * @param warn told of members that could not be read and were left out, by their paths
 * @throws OrderQueryError
 */
export async function queryOrder(
  openApis: OpenApis,
  orderId: string,
  orderLineId?: string,
  signal?: AbortSignal,
  warn?: (dropped: readonly string[]) => void,
): Promise<Order> {
  const { orderInfo } = await openApis.call(ORDER_QUERY, { query: { orderId, orderLineId }, signal });
  const read = readOrder(orderInfo, orderId, orderLineId);
  if ('malformed' in read) throw malformed(read.malformed);
  if ('foreign' in read)
    throw refused('foreign-order', `has answered with another order than ${orderId} (foreign order)`);
  if ('missingLine' in read) {
    const missing = orderLineId === undefined ? 'order line' : `order line ${orderLineId}`;
    throw refused('missing-line', `shows no ${missing} in order ${orderId}`);
  }
  if (read.dropped.length > 0) warn?.(read.dropped);
  return read.order;
}

function malformed(path: string): OrderQueryError {
  const member = path === '' ? 'orderInfo' : `orderInfo.${path}`;
  const message = `The marketplace's order query gave a malformed answer: ${member} is missing or of another type; if it lasts, tell its support.`;
  return new OrderQueryError({ code: 'malformed', permanent: false, message });
}

function refused(code: Fault['code'], what: string): OrderQueryError {
  return new OrderQueryError({
    code,
    permanent: true,
    message: `The marketplace's order query ${what}; compare with the seller console.`,
  });
}
