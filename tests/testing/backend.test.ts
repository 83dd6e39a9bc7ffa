import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { checkHooks, createTestShop } from '../../scripts/testing/index.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const events: string[] = [];

/** A backend that verifies each call with its own clock, and handles no event of licences. */
const backend = createServer(async (request, response) => {
  const body = await text(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  new Webhook(SECRET).verify(body, headers);
  const { event } = JSON.parse(body);
  events.push(event);
  const access = { frontEndUrl: 'https://team.example.com', userName: 'owner', password: 'p' };
  response.statusCode = event === 'issueLicense' ? 501 : 200;
  response.end(JSON.stringify(event === 'provision' ? { access } : {}));
});
let address = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => backend.close(resolve)));

test('a product with a backend has its changes posted there, signed by the clock of the machine', async () => {
  const shop = createTestShop({ products: { team: { backend: address } }, sellerSecret: SECRET });
  const { instanceId } = await shop.marketplace.buy();
  await shop.settle();
  expect((await shop.marketplace.query(instanceId)).access).toMatchObject({ userName: 'owner' });
  expect(events).toEqual(['provision']);
});

test('the checks of hooks leave out what the families of the product never call', async () => {
  const shop = createTestShop({ products: { team: { backend: address } }, sellerSecret: SECRET });
  expect(await checkHooks(shop)).toMatchObject({ skipped: ['issueLicense'] });
  expect(events).not.toContain('issueLicense');
});

test('a backend without its secret is refused with a sentence', () => {
  expect(() => createTestShop({ products: { team: { backend: address } } })).toThrow(/sellerSecret/);
});
