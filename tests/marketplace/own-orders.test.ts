import { mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOpenApis } from '../../lib/open-api/open-api.ts';
import { queryOrder } from '../../lib/open-api/query-order.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';

const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' };
const ordersFile = join(mkdtempSync(join(tmpdir(), 'koogate-orders-')), 'data', 'orders.json');

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ keys, ordersFile });
});
afterAll(() => standIn.stop());

const ask = (orderId: string) =>
  queryOrder(createOpenApis({ baseUrl: standIn.url, keys: async () => keys, clock: Date.now }), orderId);

async function desk(method: string, path: string, body?: unknown) {
  const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await fetch(`${standIn.url}/stand-in/orders${path}`, init);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

test('an order of its own says who bought what, and what a renewal or an upgrade changes', async () => {
  const buyer = { customerId: 'c-7', customerName: 'Acme Ltd' };
  const bought = { skuCode: 'sku-small', linearValue: 5, amount: '1200', amountAfterDiscount: '1100.50', buyer };
  expect((await desk('PUT', '/CS-BOUGHT', { ...bought, extendParams: { domain: 'acme' } })).status).toBe(201);
  await desk('PUT', '/CS-UP', { ...bought, orderType: 'CHANGE', skuCode: 'sku-large', linearValue: 50 });
  await desk('PUT', '/CS-RENEW', { ...bought, orderType: 'RENEW', expireTime: '20300101000000', periodType: 'month' });
  const order = await ask('CS-BOUGHT');
  expect(order).toMatchObject({
    buyer,
    line: { amount: '1200', amountAfterDiscount: '1100.50', products: [{ skuCode: 'sku-small', linearValue: 5 }] },
    extendParams: [{ name: 'domain', value: 'acme' }],
  });
  expect((await ask('CS-UP')).line.products).toMatchObject([{ skuCode: 'sku-large', linearValue: 50 }]);
  expect((await ask('CS-RENEW')).line).toMatchObject({
    expiresAt: new Date('2030-01-01T00:00:00Z'),
    periodType: 'month',
  });
});

test('a refund has no amount of its own and a negative deal amount', async () => {
  await desk('PUT', '/CS-REFUND', { orderType: 'UNSUBSCRIBE', amount: '1100.50' });
  const { line } = await ask('CS-REFUND');
  expect([line.amount, line.amountAfterDiscount]).toEqual([undefined, '-1100.50']);
});

test('tells how often an order was asked for', async () => {
  await desk('PUT', '/CS-ASKED', {});
  expect((await desk('GET', '/CS-ASKED')).body).toMatchObject({ asked: 0, orderInfo: { orderId: 'CS-ASKED' } });
  await ask('CS-ASKED');
  expect((await desk('GET', '/CS-ASKED')).body.asked).toBe(1);
  expect((await desk('GET', '')).body.orders).toContain('CS-ASKED');
});

test('keeps its orders in the file, and reads it again when a person has edited it', async () => {
  await desk('PUT', '/CS-KEPT', { linearValue: 3 });
  const orders = JSON.parse(readFileSync(ordersFile, 'utf8'));
  expect(orders['CS-KEPT']).toMatchObject({ linearValue: 3 });
  writeFileSync(ordersFile, JSON.stringify({ ...orders, 'CS-BY-HAND': { skuCode: 'sku-hand' } }));
  utimesSync(ordersFile, 1, 1);
  expect((await ask('CS-BY-HAND')).line.products).toMatchObject([{ skuCode: 'sku-hand' }]);
});

test.each([
  [{ linearValue: 'five' }, 'linearValue: expected number, found "five"'],
  [{ orderType: 'BUY' }, 'orderType: expected ("NEW" |'],
  [{ seats: 5 }, 'seats: expected never, found "seats"'],
  [{ expireTime: 'tomorrow' }, 'expireTime: expected'],
  [[], 'expected a JSON object'],
])('refuses %j and says why', async (traits, said) => {
  const { status, body } = await desk('PUT', '/CS-WRONG', traits);
  expect([status, body.message]).toEqual([400, expect.stringContaining(said)]);
});

test('has no other doors', async () => {
  expect((await fetch(`${standIn.url}/stand-in/orders/CS1`, { method: 'DELETE' })).status).toBe(404);
  expect((await fetch(`${standIn.url}/stand-in/orders`, { method: 'PUT' })).status).toBe(404);
});
