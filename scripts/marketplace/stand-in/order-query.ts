import type { OpenApi } from './open-api.ts';
import type { OrderBook } from './orders.ts';

/**
 * Order query (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html). Numbers that begin with
 * FOREIGN belong to another seller. `asked` is told of each order given out.
 */
export function orderQuery(orders: OrderBook, asked: (orderId: string) => void): OpenApi {
  return {
    name: 'order query',
    method: 'GET',
    path: '/api/mkp-openapi-public/global/v1/order/query',
    answer: ({ query, now }) => {
      const orderId = query.get('orderId');
      if (!orderId) return { status: 400, body: { resultCode: 'MKT.0101', resultMsg: 'orderId is mandatory' } };
      if (orderId.startsWith('FOREIGN')) {
        return { status: 401, body: { resultCode: 'MKT.0150', resultMsg: 'operation not permitted' } };
      }
      asked(orderId);
      const orderInfo = orders.find(orderId, query.get('orderLineId') ?? undefined, now);
      return { status: 200, body: { resultCode: 'MKT.0000', resultMsg: 'success', orderInfo } };
    },
  };
}
