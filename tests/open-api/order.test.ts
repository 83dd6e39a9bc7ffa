import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMarketplace, OrderQueryError } from '../../lib/open-api/client.ts';
import type { Order } from '../../lib/seller/contract.ts';
import { ANSWER, KEYS, ORDER } from './open-api-server.ts';

/** Reads an answer's text as if it had come over the wire. */
function read(answer: unknown, orderId = ORDER.orderId, orderLineId?: string): Promise<Order> {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const marketplace = createMarketplace({
    baseUrl: 'https://mkt.example.com',
    keys: async () => KEYS,
    clock: () => 0,
    fetch: async () => new Response(body),
  });
  return marketplace.queryOrder(orderId, orderLineId);
}

const withLine = (line: object, order: object = {}) => ({
  ...ANSWER,
  orderInfo: { ...ORDER, ...order, orderLine: [{ ...ORDER.orderLine[0], ...line }] },
});

describe('an order is read tolerantly', () => {
  test('null and empty members count as absent', async () => {
    const line = { expireTime: null, periodType: '', periodNumber: null, currency: '', currencyAfterDiscount: null };
    const order = { createTime: '', buyerInfo: null, extendParams: null };

    expect(await read(withLine({ ...line, productInfo: null }, order))).toEqual({
      orderId: ORDER.orderId,
      orderType: 'NEW',
      line: { orderLineId: 'CS2509010930EXAMP-000001', chargingMode: 'PERIOD', products: [] },
      extendParams: [],
    });
  });

  test('numbers may be texts and amounts may be numbers', async () => {
    const products = [{ productId: 'p', skuCode: 's', linearValue: '12.5' }];
    const line = { periodNumber: '2', currency: 1000.5, currencyAfterDiscount: -900, productInfo: products };

    expect((await read(withLine(line))).line).toMatchObject({
      periodNumber: 2,
      amount: '1000.5',
      amountAfterDiscount: '-900',
      products: [{ productId: 'p', skuCode: 's', linearValue: 12.5 }],
    });
  });

  test('a time that does not exist is left out', async () => {
    const { line } = await read(withLine({ expireTime: '20260230000000' }));
    expect(line).not.toHaveProperty('expiresAt');
  });

  test('unknown members and unknown order types pass, the first without a trace', async () => {
    const order = await read(withLine({ novelty: 1 }, { novelty: {}, orderType: 'GIFT' }));
    expect(order.orderType).toBe('GIFT');
    expect(JSON.stringify(order)).not.toContain('novelty');
  });

  test('parameters that a buyer left empty are empty texts, and numbers among them texts', async () => {
    const extendParams = [{ name: 'site', value: null }, { name: 'seats', value: 7 }, { name: 'remark' }];
    expect((await read(withLine({}, { extendParams }))).extendParams).toEqual([
      { name: 'site', value: '' },
      { name: 'seats', value: '7' },
      { name: 'remark', value: '' },
    ]);
  });

  test('a buyer without a name keeps the id', async () => {
    const order = await read(withLine({}, { buyerInfo: { customerId: 'c' } }));
    expect(order.buyer).toEqual({ customerId: 'c', customerName: '' });
  });
});

test('an order without a line is refused for good, whether or not one was asked for', async () => {
  const empty = { ...ANSWER, orderInfo: { ...ORDER, orderLine: [] } };
  for (const [orderLineId, message] of [
    [undefined, 'shows no order line in order'],
    ['L-1', 'shows no order line L-1 in order'],
  ] as const) {
    const refusal = await read(empty, ORDER.orderId, orderLineId).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'missing-line', permanent: true, message: expect.stringContaining(message) });
  }
});

test('whatever is answered, there is an order of that id or a typed error', async () => {
  const members = fc.constantFrom('orderId', 'orderType', 'orderLine', 'buyerInfo', 'extendParams', 'createTime');
  const spoilt = fc
    .dictionary(members, fc.jsonValue())
    .map((some) => JSON.stringify({ ...ANSWER, orderInfo: { ...ORDER, ...some } }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(spoilt, fc.json(), fc.string()), async (body) => {
      const outcome = await read(body).catch((error: unknown) => error);
      if (!(outcome instanceof OrderQueryError)) expect(outcome).toMatchObject({ orderId: ORDER.orderId });
    }),
    { numRuns: 300 },
  );
});
