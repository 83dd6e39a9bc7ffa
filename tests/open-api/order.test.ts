import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OrderQueryError } from '../../lib/open-api/error.ts';
import { createOpenApis } from '../../lib/open-api/open-api.ts';
import { queryOrder } from '../../lib/open-api/query-order.ts';
import type { Order } from '../../lib/seller/contract.ts';
import { ANSWER, KEYS, ORDER } from './open-api-server.ts';

/** Reads an answer's text as if it had come over the wire. */
function read(answer: unknown, orderId = ORDER.orderId, orderLineId?: string): Promise<Order> {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const openApis = createOpenApis({
    baseUrl: 'https://mkt.example.com',
    keys: async () => KEYS,
    clock: () => 0,
    fetch: async () => new Response(body),
  });
  return queryOrder(openApis, orderId, orderLineId);
}

/** Reads an answer as the server does, told of what was left out. */
function readOf(answer: object, orderLineId: string | undefined, warn: (paths: readonly string[]) => void) {
  const call = async () => answer as Readonly<Record<string, unknown>>;
  return queryOrder({ call }, ORDER.orderId, orderLineId, undefined, warn);
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

describe('an order loses no sale for members that the sale does not need', () => {
  const own = ORDER.orderLine[0];
  const shown = async (orderInfo: object, orderLineId?: string) => {
    const dropped: string[] = [];
    const order = await readOf({ ...ANSWER, orderInfo }, orderLineId, (paths) => dropped.push(...paths));
    return { order, dropped };
  };

  test.each<[string, object, object, readonly string[]]>([
    [
      'a buyer without an id',
      { buyerInfo: { customerName: 'n' } },
      { buyer: { customerId: '', customerName: 'n' } },
      ['buyerInfo.customerId'],
    ],
    [
      'a buyer whose name is a number',
      { buyerInfo: { customerId: 'c', customerName: 5 } },
      { buyer: { customerId: 'c', customerName: '5' } },
      [],
    ],
    ['a buyer that is a text', { buyerInfo: 'somebody' }, {}, ['buyerInfo']],
    [
      'a parameter with a list',
      {
        extendParams: [
          { name: 'a', value: ['x'] },
          { name: 'b', value: 'y' },
        ],
      },
      { extendParams: [{ name: 'b', value: 'y' }] },
      ['extendParams[0].value'],
    ],
    [
      'a parameter without a name',
      { extendParams: [{ name: '', value: 'x' }] },
      { extendParams: [] },
      ['extendParams[0]'],
    ],
    ['parameters that are no list', { extendParams: 'x' }, { extendParams: [] }, ['extendParams']],
    ['no type', { orderType: undefined }, { orderType: 'UNKNOWN' }, []],
    [
      'a product without a specification',
      { orderLine: [{ ...own, productInfo: [{ productId: 'p' }] }] },
      { line: { products: [{ productId: 'p', skuCode: '' }] } },
      [],
    ],
    [
      'a product without an id',
      { orderLine: [{ ...own, productInfo: [{ skuCode: 's' }] }] },
      { line: { products: [] } },
      ['orderLine[0].productInfo[0].productId'],
    ],
    [
      'an amount with its unit',
      { orderLine: [{ ...own, productInfo: [{ productId: 'p', skuCode: 's', linearValue: '10 seats' }] }] },
      { line: { products: [{ productId: 'p', skuCode: 's' }] } },
      ['orderLine[0].productInfo[0].linearValue'],
    ],
    [
      'a period that is no number',
      { orderLine: [{ ...own, periodNumber: false }] },
      { line: { chargingMode: 'PERIOD' } },
      ['orderLine[0].periodNumber'],
    ],
    [
      'an end that does not exist',
      { orderLine: [{ ...own, expireTime: '20260230000000' }] },
      { line: { chargingMode: 'PERIOD' } },
      ['orderLine[0].expireTime'],
    ],
  ])('%s', async (_, members, expected, paths) => {
    const { order, dropped } = await shown({ ...ORDER, ...members });
    expect(order).toMatchObject(expected);
    expect(dropped).toEqual(paths);
  });

  test('another line may be as it likes; the own line’s id may be a number', async () => {
    const orderLine = [{ orderLineId: 'o-2' }, 'line', { ...own, orderLineId: 17 }];
    const { order, dropped } = await shown({ ...ORDER, orderLine }, '17');
    expect(order.line).toMatchObject({ orderLineId: '17', chargingMode: 'PERIOD' });
    expect(dropped).toEqual([]);
  });

  test.each<[object, string]>([
    [{ orderId: undefined }, 'orderInfo.orderId'],
    [{ orderLine: [{ orderLineId: 'o-1' }] }, 'orderInfo.orderLine[0].chargingMode'],
    [{ orderLine: [{ ...own, orderLineId: [] }] }, 'orderInfo.orderLine[0].orderLineId'],
  ])('but what the sale needs must be there: %j', async (members, path) => {
    await expect(shown({ ...ORDER, ...members })).rejects.toMatchObject({
      ...{ code: 'malformed', permanent: false, message: expect.stringContaining(path) },
    });
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
