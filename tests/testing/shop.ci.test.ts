import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { defineProducts } from '../../lib/config/products.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { demoLicenseSeller } from '../../scripts/dev/samples/demo-licenses.ts';
import { createTestShop } from '../../scripts/testing/index.ts';

const DAY = 86_400_000;
const plain = { demo: { seller: demoSeller } };

describe('without a network', () => {
  const refuse = () => {
    throw new Error('The network was used.');
  };
  const spies = [
    jest.spyOn(globalThis, 'fetch').mockImplementation(refuse),
    jest.spyOn(net, 'connect').mockImplementation(refuse),
    jest.spyOn(net.Socket.prototype, 'connect').mockImplementation(refuse),
    jest.spyOn(net.Server.prototype, 'listen').mockImplementation(refuse),
    jest.spyOn(http, 'request').mockImplementation(refuse),
  ];
  beforeAll(() => {
    expect(() => net.connect(1)).toThrow('network');
    for (const spy of spies) spy.mockClear();
  });
  afterAll(() => {
    for (const spy of spies) spy.mockRestore();
  });

  test('plays a whole life against a seller', async () => {
    const shop = createTestShop({ products: plain, now: new Date('2026-03-01T00:00:00Z') });
    const { marketplace } = shop;
    const bought = await marketplace.buy({ skuCode: 'team', seats: 10, extendParams: { site: 'north' } });
    expect(bought).toMatchObject({ resultCode: '000004', order: { line: { products: [{ skuCode: 'team' }] } } });
    const { instanceId } = bought;
    expect(await marketplace.query(instanceId)).toMatchObject({ resultCode: '000004' });

    expect(await shop.settle()).toMatchObject([{ hook: 'provision', instanceId, attempt: 1, outcome: 'done' }]);
    const { access } = await marketplace.query(instanceId);
    expect(access).toMatchObject({ userName: 'owner', password: expect.stringMatching(/^[\w-]{20}$/) });

    expect(await marketplace.renew(instanceId)).toMatchObject({
      resultCode: '000000',
      order: {
        orderType: 'RENEW',
        line: { expiresAt: new Date('2028-03-01T00:00:00Z'), products: [{ linearValue: 10 }] },
      },
    });
    expect(await marketplace.upgrade(instanceId, { skuCode: 'company', seats: 50 })).toMatchObject({
      resultCode: '000000',
    });
    await shop.settle();
    expect(await shop.notes().get(instanceId)).toMatchObject({
      plan: 'company',
      seats: 50,
      expiresAt: '2028-03-01T00:00:00.000Z',
    });
    expect(await marketplace.canChange(instanceId, { skuCode: 'team', linearValue: 2 })).toMatchObject({
      allowed: false,
      resultMsg: expect.stringContaining('seats'),
    });
    for (const what of ['freeze', 'unfreeze', 'release'] as const) {
      expect(await marketplace[what](instanceId)).toMatchObject({ resultCode: '000000' });
      await shop.settle();
    }
    expect(shop.calls.map(({ hook }) => hook)).toEqual([
      'provision',
      'renew',
      'upgrade',
      'canChange',
      'freeze',
      'unfreeze',
      'release',
    ]);
    expect(await shop.notes().get(instanceId)).toBeUndefined();
    expect(await marketplace.query(instanceId)).toMatchObject({ resultCode: '000003' });
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});

test('delivers the same order again without a second effect, and a debugging call without any', async () => {
  const shop = createTestShop({ products: plain });
  const first = await shop.marketplace.buy();
  const again = await shop.marketplace.buy({ orderId: first.order.orderId });
  expect(again.instanceId).toBe(first.instanceId);
  expect(await shop.marketplace.debug('newInstance')).toMatchObject({ resultCode: '000000' });
  expect(await shop.marketplace.debug('upgradeInstance')).toMatchObject({ resultCode: '000000' });
  expect(await shop.settle()).toHaveLength(1);
});

test('calls a hook again with the same key after it threw or its answer was lost, and moves the clock on', async () => {
  let attempts = 0;
  const seller: Seller = {
    ...demoSeller,
    provision: async (change, context) => {
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
      return demoSeller.provision(change, context);
    },
  };
  const shop = createTestShop({ products: { demo: { seller } } });
  shop.loseAnswer('provision');
  shop.loseAnswer('renew');
  const start = shop.now.getTime();
  const { instanceId } = await shop.marketplace.buy();
  await shop.marketplace.renew(instanceId);
  const calls = await shop.settle();
  expect(calls.map(({ hook, attempt, outcome }) => [hook, attempt, outcome])).toEqual([
    ['provision', 1, 'threw'],
    ['provision', 2, 'done'],
    ['renew', 1, 'lost'],
    ['renew', 2, 'done'],
  ]);
  expect(new Set(calls.map(({ key }) => key)).size).toBe(2);
  expect(shop.now.getTime()).toBeGreaterThan(start + 1_000);
  const now = shop.now.getTime();
  shop.advance(DAY);
  expect(shop.now.getTime()).toBe(now + DAY);
});

test('says which hook fails for ever, and why', async () => {
  const seller: Seller = { ...demoSeller, freeze: () => Promise.reject(new Error('no way to freeze')) };
  const shop = createTestShop({ products: { demo: { seller } } });
  const { instanceId } = await shop.marketplace.buy();
  await shop.marketplace.freeze(instanceId);
  await expect(shop.settle()).rejects.toThrow(
    new RegExp(`freeze of ${instanceId} has failed 20 times.*no way to freeze`),
  );
});

test('gives secrets, and says how to give one that is missing', async () => {
  const found: string[] = [];
  const seller: Seller = {
    ...demoSeller,
    provision: async (change, context) => {
      found.push(await context.secret('api-key'));
      await context.secret('other').catch((error: Error) => found.push(error.message));
      return demoSeller.provision(change, context);
    },
  };
  const shop = createTestShop({ products: { demo: { seller } }, secrets: { 'api-key': 's3cret' } });
  await shop.marketplace.buy();
  await shop.settle();
  expect(found).toEqual(['s3cret', expect.stringContaining("secrets: { 'other': '…' }")]);
});

test('keeps the `this` of a seller that is an object of a class', async () => {
  class Shop {
    #tenants = new Set<string>();
    async provision({ instance }: { instance: { instanceId: string } }) {
      this.#tenants.add(instance.instanceId);
      return { access: { frontEndUrl: `https://example.com/${this.#tenants.size}` } };
    }
  }
  const shop = createTestShop({ products: { demo: { seller: new Shop() as unknown as Seller } } });
  const { instanceId } = await shop.marketplace.buy();
  await shop.settle();
  expect(await shop.marketplace.query(instanceId)).toMatchObject({ access: { frontEndUrl: 'https://example.com/1' } });
});

test('withholds a hidden order, as of a withdrawn renewal', async () => {
  const shop = createTestShop({ products: plain });
  const { instanceId } = await shop.marketplace.buy();
  const expiresAt = new Date('2026-06-01T00:00:00Z');
  const renewal = { scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', expiresAt, isHidden: true } as const;
  await shop.marketplace.renew(instanceId, renewal);
  const [, renewed] = await shop.settle();
  expect(renewed?.change).toMatchObject({ scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', expiresAt });
  expect(renewed?.change).not.toHaveProperty('renewalOrder');
});

test.each(['sha256', 'sha1'] as const)(
  'opens credentials that were encrypted for the marketplace (%s)',
  async (mgf1Hash) => {
    const credentials = { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash } as const;
    const shop = createTestShop({ products: { demo: { seller: demoSeller, credentials } } });
    const { instanceId } = await shop.marketplace.buy();
    await shop.settle();
    expect(await shop.marketplace.query(instanceId)).toMatchObject({ access: { userName: 'owner' } });
  },
);

describe('the other interfaces', () => {
  const products = defineProducts({
    legacy: { seller: demoSeller, families: ['saas-v1', 'kit-v1'] },
    short: { seller: demoSeller, families: ['saas-v1'], credentials: { scheme: 'aes-128' } },
    license: { seller: demoLicenseSeller, families: ['license-2', 'license-1'] },
    online: { seller: demoLicenseSeller, families: ['license-online', 'order-notify'] },
    kit: { seller: demoSeller, families: ['saas-v2', 'kit-v2'] },
  });
  const licenseKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----`; // the example of RFC 8037, appendix A

  test.each(['legacy', 'short'])('V1.0: a life of "%s", credentials in the answer itself', async (product) => {
    const shop = createTestShop({ products, product });
    const { marketplace } = shop;
    const bought = await marketplace.buy({ skuCode: 'team', seats: 10, extendParams: { site: 'north' } });
    expect(bought).toMatchObject({ resultCode: '000000', access: { userName: 'owner', password: expect.any(String) } });
    const { instanceId } = bought;
    await marketplace.renew(instanceId);
    await marketplace.upgrade(instanceId, { skuCode: 'company', seats: 20 });
    await shop.settle();
    expect(await shop.notes().get(instanceId)).toMatchObject({ plan: 'company', seats: 20 });
    expect(shop.calls[0]?.change).toMatchObject({
      order: { buyer: { email: 'buyer@example.com' }, extendParams: [{ name: 'site', value: 'north' }] },
    });
    await marketplace.freeze(instanceId);
    await marketplace.unfreeze(instanceId);
    await marketplace.release(instanceId);
    await shop.settle();
    expect(await shop.notes().get(instanceId)).toBeUndefined();
  });

  test('License 1.0, and codes of License 2.0', async () => {
    const shop = createTestShop({ products, product: 'license', secrets: { 'license-key': licenseKey } });
    const bought = await shop.marketplace.buy();
    expect(bought).toMatchObject({ resultCode: '000000', license: expect.stringMatching(/^ey.*\..*\./) });
    const code = { license: 'LIC-1' };
    expect(await shop.marketplace.send('refreshLicenseCode', code)).toMatchObject({ resultCode: '000000' });
    expect(await shop.marketplace.send('updateLicenseCodeStatus', code)).toMatchObject({ resultCode: '000000' });
    const calls = await shop.settle();
    expect(calls.map(({ hook }) => hook)).toEqual(expect.arrayContaining(['licenses.renewed', 'licenses.frozen']));
  });

  test('the online License, and order notifications', async () => {
    const shop = createTestShop({ products, product: 'online', secrets: { 'license-key': licenseKey } });
    const { instanceId } = await shop.marketplace.buy();
    await shop.settle();
    const application = {
      deviceFingerprint: 'disk-1',
      expiresAt: new Date('2026-12-01T00:00:00Z'),
      eventId: 'event-1',
    };
    expect(await shop.marketplace.applyForLicense(instanceId, application)).toMatchObject({ resultCode: '000000' });
    await shop.settle();
    expect(shop.delivered).toEqual([{ eventId: 'event-1', license: expect.stringMatching(/^ey/) }]);
    expect(await shop.marketplace.notify()).toMatchObject({ resultCode: '000000' });
  });

  test('usage in real time, as the seller’s hook tells it', async () => {
    const seller: Seller = {
      ...demoSeller,
      usage: async ({ instances }) => ({
        usage: instances.map(({ instance: { instanceId } }) => ({ instanceId, value: '42.5' })),
      }),
    };
    const shop = createTestShop({ products: { metered: { seller } } });
    const { instanceId } = await shop.marketplace.buy({ chargingMode: 'ON_DEMAND' });
    await shop.settle();
    expect((await shop.marketplace.query(instanceId)).usageInfo).toEqual([
      { usageValue: 42.5, statisticalTime: expect.stringMatching(/^\d{17}$/) },
    ]);
    expect(shop.calls.map(({ hook, outcome }) => [hook, outcome])).toEqual([
      ['provision', 'done'],
      ['usage', 'done'],
    ]);
  });

  test('the Kit, with a client secret encrypted for the seller', async () => {
    const shop = createTestShop({ products, product: 'kit' });
    expect(await shop.marketplace.send('tenantSync')).toMatchObject({ resultCode: '000000' });
    expect(await shop.marketplace.send('applicationSync')).toMatchObject({ resultCode: '000000' });
    expect((await shop.settle()).map(({ hook }) => hook)).toEqual([
      'tenants.tenantChanged',
      'tenants.applicationChanged',
    ]);
  });

  test('a product says which families it has when it is asked for another', async () => {
    const { marketplaceOf } = createTestShop({ products });
    await expect(marketplaceOf('license').query('x')).rejects.toThrow('cannot be asked to query');
    await expect(marketplaceOf('kit').send('getLicense')).rejects.toThrow('its families are saas-v2, kit-v2');
    expect(() => marketplaceOf('none')).toThrow('there are legacy, short, license, online, kit');
  });
});

test('gives each customer of a model one key', async () => {
  const seller: Seller = { ...demoSeller, applyApikey: async ({ customerId }) => ({ apikey: `key-of-${customerId}` }) };
  const { marketplace, calls } = createTestShop({ products: { model: { seller, families: ['maas'] } } });
  const customer = { customerId: 'c-1', customerName: 'Acme' };
  expect(await marketplace.subscribe(customer)).toMatchObject({ resultCode: '000000', apikey: 'key-of-c-1' });
  expect(await marketplace.subscribe(customer)).toMatchObject({ apikey: 'key-of-c-1' });
  expect((await marketplace.subscribe()).apikey).not.toBe('key-of-c-1');
  expect(await marketplace.subscribe({ customerId: 'x'.repeat(300) })).not.toHaveProperty('apikey');
  expect(calls).toHaveLength(2);
});
