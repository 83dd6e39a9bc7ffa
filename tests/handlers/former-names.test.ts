import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

/** Idempotency keys that the seller's code was called with. */
const hooks: string[] = [];
let installation: Installation;

beforeAll(async () => {
  installation = await startInstallation({
    'erp-next': {
      formerNames: ['erp', 'erp-beta'],
      seller: {
        ...demoSeller,
        provision: (purchase, context) => {
          hooks.push(context.idempotencyKey);
          return demoSeller.provision(purchase, context);
        },
      },
    },
  });
});
afterAll(() => installation.stop());

const purchase = { activity: 'newInstance', businessId: 'b', orderId: 'CS1', orderLineId: 'CS1-000001' };
const ADDRESSES = ['erp', 'erp-next', 'erp-beta'];

test('an order that comes by the old address and again by the new one has one id, one hook and one key', async () => {
  const ids = new Set<unknown>();
  for (const product of ADDRESSES) {
    installation.time.now += 1_000;
    ids.add((await installation.call({ ...purchase, businessId: randomUUID() }, { product })).json.instanceId);
    await installation.sweep();
  }
  expect(ids.size).toBe(1);
  expect(hooks).toEqual([expect.any(String)]);
  const [instanceId] = ids;
  for (const product of ADDRESSES) {
    installation.time.now += 1_000;
    const { json } = await installation.call({ activity: 'queryInstance', instanceId }, { product });
    expect([product, json.resultCode]).toEqual([product, '000000']);
  }
});

test('a nonce used on one address is refused on the others', async () => {
  const { instanceId } = (await installation.call(purchase, { product: 'erp' })).json;
  const query = { activity: 'queryInstance', instanceId };
  const nonce = randomUUID();
  const codes: unknown[] = [];
  for (const product of ADDRESSES) codes.push((await installation.call(query, { product, nonce })).json.resultCode);
  expect(codes).toEqual(['000000', '000001', '000001']);
});

test('an address that no product has had is not found', async () => {
  expect((await installation.call(purchase, { product: 'erp-old' })).status).toBe(404);
});
