import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHooks, createTestShop, type Observe } from 'koogate/testing';
import { seller } from '../handlers/seller.ts';
import config from '../koogate.config.ts';

/** The tenant of a customer, as this shop keeps it. */
const tenantOf: Observe = async (instanceId, { notes }) => {
  const { passwordHash, done, ...tenant } = Object((await notes.get(instanceId)) ?? {});
  return tenant;
};

test('an instance goes through its whole life', async () => {
  const shop = createTestShop({ products: config.products });
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

test('an order that is delivered twice makes one tenant', async () => {
  const shop = createTestShop({ products: config.products });
  const first = await shop.marketplace.buy({ orderId: 'CS00000001' });
  const second = await shop.marketplace.buy({ orderId: 'CS00000001' });
  await shop.settle();
  assert.equal(second.instanceId, first.instanceId);
  assert.equal(shop.calls.filter(({ hook }) => hook === 'provision').length, 1);
});

test('the hooks stand being called twice, late and out of order', async () => {
  await checkHooks(seller, { observe: tenantOf });
});
