import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { defineConfig } from 'koogate';
import { checkHooks, createTestShop, type Observe } from 'koogate/testing';

/** The program that serves the backend, and its arguments: `BACKEND="python3 backend/server.py" npm test`. */
const [program = '', ...args] = (process.env.BACKEND ?? `${process.execPath} backend/server.mjs`).split(' ');
const secret = `whsec_${randomBytes(32).toString('base64')}`;
const backend = spawn(program, args, {
  env: { ...process.env, KOOGATE_SELLER_SECRET: secret, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let address = '';

before(async () => {
  const [line] = await once(backend.stdout, 'data');
  address = /http:\S+/.exec(String(line))?.[0] ?? '';
});
after(() => backend.kill());

/** The shop with its product's changes posted to the backend of this test. */
function newShop() {
  const { products } = defineConfig({ service: '{{name}}', products: { '{{name}}': { backend: address } }, stages: {} });
  return createTestShop({ products, sellerSecret: secret });
}

/** The tenant of a customer, as the backend keeps it. */
const tenantOf: Observe = async (instanceId) => {
  const tenants = (await (await fetch(address)).json()) as Record<string, Record<string, unknown> | undefined>;
  const { done, ...tenant } = tenants[instanceId] ?? {};
  return tenant;
};

test('an instance goes through its whole life', async () => {
  const shop = newShop();
  const { marketplace } = shop;
  const tenant = (instanceId: string) => tenantOf(instanceId, { notes: shop.notes() });

  const { instanceId } = await marketplace.buy({ skuCode: 'team', seats: 10, expiresAt: new Date('2027-01-31T00:00:00Z') });
  await shop.settle();
  const bought = { seats: 10, open: true, endsAt: '2027-01-31T00:00:00.000Z' };
  assert.deepEqual(await tenant(instanceId), bought);
  const { access } = await marketplace.query(instanceId);
  assert.equal(access?.userName, 'owner');
  assert.ok(access?.password);

  await marketplace.renew(instanceId, { expiresAt: new Date('2028-01-31T00:00:00Z') });
  await shop.settle();
  const renewed = { ...bought, endsAt: '2028-01-31T00:00:00.000Z' };
  assert.deepEqual(await tenant(instanceId), renewed);

  await marketplace.upgrade(instanceId, { seats: 25 });
  await shop.settle();
  assert.deepEqual(await tenant(instanceId), { ...renewed, seats: 25 });

  await marketplace.freeze(instanceId);
  await shop.settle();
  assert.deepEqual(await tenant(instanceId), { ...renewed, seats: 25, open: false });

  await marketplace.unfreeze(instanceId);
  await shop.settle();
  assert.deepEqual(await tenant(instanceId), { ...renewed, seats: 25, open: true });

  await marketplace.release(instanceId);
  await shop.settle();
  assert.deepEqual(await tenant(instanceId), {});
});

test('a call without the right signature changes nothing', async () => {
  const body = JSON.stringify({ event: 'release', instance: { instanceId: 'i' } });
  const headers = { 'webhook-id': 'k', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,' };
  assert.equal((await fetch(address, { method: 'POST', headers, body })).status, 401);
});

test('the backend stands being called twice, late and out of order', async () => {
  await checkHooks(newShop(), { observe: tenantOf });
});
