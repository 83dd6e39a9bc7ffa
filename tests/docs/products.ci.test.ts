import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { signRequest } from 'koogate/protocol';
import { checkHooks, createTestShop } from 'koogate/testing';
import { casesOf, PRODUCT_KINDS, type ProductKind } from '../../scripts/cli/certify/matrix.ts';
import { MOCK_ORDERS } from '../../scripts/marketplace/stand-in/orders.ts';
import { koogate } from '../cli/desk.ts';
import { parsePage } from '../readme/markdown.ts';
import { server as agents } from './products/agents.server.ts';
import { server as api } from './products/api.server.ts';
import joint from './products/joint.config.ts';
import licenseCode from './products/license-code.config.ts';
import licenseDevice from './products/license-device.config.ts';
import licenseFile from './products/license-file.config.ts';
import maas from './products/maas.config.ts';
import notices from './products/notices.config.ts';
import onDemand from './products/on-demand.config.ts';
import oneTime from './products/once.config.ts';
import packages from './products/package.config.ts';
import period from './products/period.config.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const secrets = {
  'license-key': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'model-key': 'a secret of the models',
};
const shopOf = ({ products }: typeof period) =>
  createTestShop({ products, secrets, now: new Date('2026-03-01T00:00:00Z') });

test.each<[ProductKind, typeof period]>([
  ['saas-period', period],
  ['saas-once', oneTime],
  ['saas-on-demand', onDemand],
  ['saas-on-demand', packages],
  ['joint', joint],
  ['license-2', licenseCode],
  ['license-online', licenseDevice],
  ['license-online', licenseFile],
  ['maas', maas],
  ['order-notify', notices],
])('%s: every debugging case that its page names can be saved', async (kind, config) => {
  const { marketplace, calls } = shopOf(config);
  for (const { activity, family } of casesOf(kind).filter(({ family }) => !family.startsWith('kit'))) {
    expect([activity, (await marketplace.debug(activity, family)).resultCode]).toEqual([activity, '000000']);
  }
  expect(calls).toEqual([]);
});

/** Pages, and the kinds whose cases they name. */
const NAMED: (readonly [page: string, kind: ProductKind])[] = [
  ['period', 'saas-period'],
  ['once', 'saas-once'],
  ['on-demand', 'saas-on-demand'],
  ['package', 'saas-on-demand'],
  ['joint', 'joint'],
  ['license-code', 'license-2'],
  ['license-device', 'license-online'],
  ['maas', 'maas'],
  ['notices', 'order-notify'],
];

test.each(NAMED)('docs/products/%s.md names every case of %s, in commands that there are', (page, kind) => {
  const { sections } = parsePage(`docs/products/${page}.md`);
  const text = sections.find(({ slug }) => slug === 'debugging-cases')?.text ?? '';
  const of = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
  const own = casesOf(kind).filter(({ family }) => page !== 'joint' || family.startsWith('kit'));
  expect(own.filter(({ activity }) => !text.includes(`\`${activity}\``))).toEqual([]);
  const activities = casesOf(kind).map(({ activity }) => activity);
  expect(of(/`koogate simulate (?!life)(\w+)/g).filter((activity) => !activities.includes(activity))).toEqual([]);
  expect(PRODUCT_KINDS).toEqual(expect.arrayContaining(of(/--product-kind ([\w-]+)/g)));
  expect(Object.keys(MOCK_ORDERS)).toEqual(expect.arrayContaining(of(/`koogate order (\w+)/g)));
});

describe('what happens to an instance', () => {
  test('of a period', async () => {
    const shop = shopOf(period);
    const { marketplace } = shop;
    const { instanceId } = await marketplace.buy({ seats: 10 });
    await shop.settle();
    expect((await marketplace.query(instanceId)).access).toMatchObject({ userName: 'owner' });
    expect((await marketplace.canChange(instanceId, { linearValue: 4 })).allowed).toBe(false);
    await marketplace.renew(instanceId);
    await marketplace.upgrade(instanceId, { seats: 20 });
    await marketplace.freeze(instanceId);
    await shop.settle();
    expect(await shop.notes().get(instanceId)).toMatchObject({
      seats: 20,
      open: false,
      until: '2028-03-01T00:00:00.000Z',
    });
    await marketplace.unfreeze(instanceId);
    await marketplace.release(instanceId);
    await shop.settle();
    expect(await shop.notes().get(instanceId)).toBeUndefined();
  });

  test('that is bought once', async () => {
    const shop = shopOf(oneTime);
    const { marketplace } = shop;
    const { instanceId, resultCode } = await marketplace.buy({ skuCode: 'annual' });
    expect(resultCode).toBe('000000'); // inline: made while the marketplace waits
    expect(await shop.notes().get(instanceId)).toEqual({ report: 'annual' });
    await marketplace.release(instanceId);
    await shop.settle();
    expect(shop.calls.map(({ hook }) => hook)).toEqual(['provision', 'release']);
  });

  test('that is charged on demand', async () => {
    const shop = shopOf(onDemand);
    const { marketplace } = shop;
    const { instanceId } = await marketplace.buy({ chargingMode: 'ON_DEMAND' });
    await shop.settle();
    await shop.notes().put(instanceId, { open: true, used: 12.5, keys: [] });
    const { usageInfo } = await marketplace.query(instanceId);
    expect(usageInfo).toMatchObject([
      { usageValue: 12.5, dashboardUrl: `https://sms.acme.example.com/usage/${instanceId}` },
    ]);
    await marketplace.freeze(instanceId);
    await shop.settle();
    expect(await shop.notes().get(instanceId)).toMatchObject({ open: false });
  });

  test('of a package, which shows the instance that uses it', async () => {
    const shop = shopOf(packages);
    const { marketplace } = shop;
    const buyer = { customerId: 'customer-1', customerName: 'demo' };
    const meter = await marketplace.buy({ chargingMode: 'ON_DEMAND', buyer });
    const bought = await marketplace.buy({ chargingMode: 'ON_DEMAND_PKG', buyer });
    await shop.settle();
    const { usageInfo } = await marketplace.query(bought.instanceId);
    expect(usageInfo).toMatchObject([{ usageValue: 0, relatedInstanceId: meter.instanceId }]);
  });

  test('of joint operation, and to the people of its tenant', async () => {
    const shop = shopOf(joint);
    const { marketplace } = shop;
    const { instanceId } = await marketplace.buy();
    const user = { userName: 'jdoe', name: 'J. Doe', orgCode: '1', role: 'admin', enable: 'true' };
    await marketplace.send('authSync', { instanceId, tenantId: 't-1', flag: 1, userList: [user] }, 'kit-v2');
    await shop.settle();
    expect(await shop.notes().get('t-1/jdoe')).toEqual({ isAdmin: true, enabled: true });
  });
});

test.each([
  ['period', period],
  ['once', oneTime],
  ['on-demand', onDemand],
  ['package', packages],
  ['joint', joint],
  ['license-device', licenseDevice],
])('the hooks of docs/products/%s.md stand being called late, twice and out of order', async (_, { products }) => {
  const [product] = products.values();
  if (product === undefined) throw new Error('There is no product.');
  await checkHooks(product.seller, {
    secrets,
    observe: async (instanceId, { notes }) => ({ ...Object(await notes.get(instanceId)), keys: undefined }),
  });
});

describe('a licence', () => {
  const expiresAt = new Date('2027-03-01T00:00:00Z');

  test('by code follows what the marketplace tells of it', async () => {
    const shop = shopOf(licenseCode);
    await shop.marketplace.send('updateLicenseCodeStatus', { license: 'LIC-1', status: 'FREEZE' });
    await shop.settle();
    expect(await shop.notes().get('LIC-1')).toEqual({ closed: true });
  });

  test('for a device is signed, and delivered as a text', async () => {
    const shop = shopOf(licenseDevice);
    const { instanceId } = await shop.marketplace.buy();
    await shop.settle();
    await shop.marketplace.applyForLicense(instanceId, { deviceFingerprint: 'MAC|DISK', expiresAt });
    await shop.settle();
    const [grant = '', signature = ''] = String(shop.delivered[0]?.license).split('.');
    const text = Buffer.from(grant, 'base64url');
    expect(JSON.parse(String(text))).toMatchObject({ instance: instanceId, device: 'MAC|DISK' });
    expect(verify(null, text, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test('that is a file is delivered under its name', async () => {
    const shop = shopOf(licenseFile);
    const { instanceId } = await shop.marketplace.buy();
    await shop.settle();
    await shop.marketplace.applyForLicense(instanceId, { expiresAt });
    await shop.settle();
    expect(shop.delivered[0]?.file?.name).toBe('acme.lic');
  });
});

test('a customer of models gets one key', async () => {
  const { marketplace } = shopOf(maas);
  const customer = { customerId: 'c-1' };
  const { apikey } = await marketplace.subscribe(customer);
  expect(apikey).toMatch(/^sk-Yy0x-/);
  expect((await marketplace.subscribe(customer)).apikey).toBe(apikey);
});

test('a paid order opens one ticket', async () => {
  const shop = shopOf(notices);
  const { order } = await shop.marketplace.notify({ skuCode: 'two-days' });
  await shop.settle();
  expect(await shop.notes().get(`ticket-${order.line.orderLineId}`)).toEqual({ orderType: 'NEW', sku: 'two-days' });
});

describe('behind a gateway', () => {
  const addresses = new Map<Server, string>();
  beforeAll(async () => {
    const keys = {
      SIGN_KEY: 'sign-key-1',
      SIGN_SECRET: 'a-signature-secret',
      APP_KEY: 'app-1',
      APP_SECRET: 's'.repeat(32),
    };
    Object.assign(process.env, keys);
    jest.spyOn(console, 'error').mockReturnValue(); // notes of the calls that fail
    for (const server of [api, agents]) {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      addresses.set(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    }
  });
  afterAll(() => {
    for (const server of addresses.keys()) server.close();
  });
  const post = (server: Server, body: string, headers: Record<string, string>) =>
    fetch(addresses.get(server) ?? '', { method: 'POST', body, headers: { connection: 'close', ...headers } });

  test('API Gateway is known by its signature, and a failure is not billed', async () => {
    const call = (body: string) => {
      const url = new URL(addresses.get(api) ?? '');
      const keys = { accessKeyId: 'sign-key-1', secretAccessKey: 'a-signature-secret' };
      return post(api, body, signRequest({ method: 'POST', url, headers: {}, body }, keys, Date.now()));
    };
    const answer = await call('{"text":"one two"}');
    expect([answer.status, await answer.json()]).toEqual([200, { words: 2 }]);
    expect((await call('{}')).status).toBe(400);
    expect((await post(api, '{}', {})).status).toBe(401);
  });

  test('the Agents gateway is known by its token, and finds what is billed', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256', sign_type: 'SIGN' })}.${part({ api_key: 'app-1', timestamp: Date.now() })}`;
    const token = `${signed}.${createHmac('sha256', 's'.repeat(32)).update(signed).digest('base64url')}`;
    const answer = await post(agents, '{"prompt":"hello"}', { authorization: token });
    expect(await answer.json()).toEqual({
      text: 'HELLO',
      usage: { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 },
    });
    expect((await post(agents, '{}', {})).status).toBe(401);
  });

  test.each([
    ['api', api, 'sign-key-1=a-signature-secret', '{"text":"one two"}'],
    ['agents', agents, `app-1=${'s'.repeat(32)}`, '{"prompt":"hello"}'],
  ])('the server of docs/products/%s.md is ready', async (kind, server, key, body) => {
    const at = addresses.get(server) ?? '';
    const { code, out } = await koogate(['certify', '--product-kind', kind, '--at', at, '--key', key, '--body', body]);
    expect([code, out]).toEqual([0, expect.stringContaining('nothing found')]);
  });
});
