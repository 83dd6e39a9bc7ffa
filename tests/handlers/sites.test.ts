import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createProduce } from '../../handlers/create-produce.ts';
import { fulfilDependencies } from '../../handlers/fulfil.ts';
import { produceDependencies } from '../../handlers/produce.ts';
import { createRuntime } from '../../handlers/runtime.ts';
import { usageDependencies } from '../../handlers/usage-dependencies.ts';
import { defineConfig } from '../../lib/config/config.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { seededRandom, shuffled } from '../../scripts/cli/certify/shuffle.ts';
import { type StandInSites, startSites } from '../../scripts/marketplace/stand-in/sites.ts';
import { temporaryFolder } from '../support/command.ts';
import { memoryTable } from '../support/memory-table.ts';
import { bodySignHolds, lambdaContext, routeEvent } from '../support/route.ts';

const NAMES = ['china', 'international', 'europe'] as const;
type Name = (typeof NAMES)[number];

const HOUR = 3_600_000;
const folder = temporaryFolder();
const secretsFile = join(folder.path, 'secrets.json');
const seller = {} as Seller;
/** One product a site, and a second one on the installation's own. */
const SOLD: readonly (readonly [product: string, site: Name])[] = [
  ['crm', 'china'],
  ['crm-too', 'china'],
  ['crm-intl', 'international'],
  ['crm-eu', 'europe'],
];
const config = defineConfig({
  service: 'shop',
  products: {
    crm: { seller },
    'crm-too': { seller, site: 'china' },
    'crm-intl': { seller, site: 'international' },
    'crm-eu': { seller, site: 'europe' },
  },
  stages: {},
});

let market: StandInSites<Name>;

const account = (site: Name) => ({ accessKeyId: `AK-${site}`, secretAccessKey: `sk-of-${site}` });

beforeAll(async () => {
  const { china, international, europe } = Object.fromEntries(
    NAMES.map((site) => [
      site,
      { keys: account(site), accessKey: SOLD.filter(([, at]) => at === site).map(([product]) => `key-of-${product}`) },
    ]),
  ) as Record<Name, { keys: ReturnType<typeof account>; accessKey: string[] }>;
  market = await startSites({ china, international, europe });
  writeFileSync(
    secretsFile,
    JSON.stringify({
      products: Object.fromEntries(SOLD.map(([product]) => [product, { accessKeys: { base: [`key-of-${product}`] } }])),
      sealing: { credentials: [], personal: [] },
      marketplace: {
        ...account('china'),
        sites: { international: account('international'), europe: account('europe') },
      },
    }),
  );
});
afterAll(async () => {
  await market.stop();
  folder.remove();
});
beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

function start() {
  const { china, international, europe } = market.sites;
  const runtime = createRuntime(config, {
    KOOGATE_STAGE: 'local',
    KOOGATE_TABLE: 't',
    KOOGATE_SECRETS: secretsFile,
    KOOGATE_OPENAPI_URL: china.url,
    KOOGATE_OPENAPI_SITES: JSON.stringify({ international: international.url, europe: europe.url }),
  });
  return { runtime, fulfil: fulfilDependencies(runtime), usage: usageDependencies(runtime) };
}

test('three sites at once, with faults: no call, key or usage record crosses', async () => {
  const { fulfil, usage } = start();
  for (const site of NAMES) {
    const { faults } = market.sites[site];
    // Two at most: whichever calls meet them, each has a third try.
    faults.next('order query', { cut: true }, undefined, { status: 502 });
    faults.next('usage push', { cut: true, taken: true }, undefined, { cut: true });
    faults.next('upload', { status: 502 }, { cut: true });
  }
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const rounds = [1, 2, 3, 4, 5];
  await Promise.all(
    SOLD.flatMap(([product]) =>
      rounds.flatMap((round) => [
        fulfil.queryOrder({ product, orderId: `${product}-${round}` }),
        fulfil.deliverLicense?.({ product, eventId: `${product}-${round}`, license: `licence of ${product}` }),
        usage.pushUsage(product, [
          {
            instanceId: `${product}-instance`,
            meteringSn: `${product}-${round}`,
            recordTime: new Date(end),
            beginTime: new Date(end - round * HOUR),
            endTime: new Date(end - (round - 1) * HOUR),
            usageValue: '1',
          },
        ]),
      ]),
    ),
  );
  for (const site of NAMES) {
    const { asked, uploads, usage: ledger, refused } = market.sites[site];
    const own = SOLD.filter(([, at]) => at === site).flatMap(([product]) =>
      rounds.map((round) => `${product}-${round}`),
    );
    expect(refused).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(own));
    expect(new Set(uploads.map(({ eventId }) => eventId))).toEqual(new Set(own));
    expect(new Set(ledger.charged.keys())).toEqual(new Set(own));
  }
});

test('one order sold on every site, called with every key at every address: each product has its own instance, and no other', async () => {
  const now = Date.UTC(2026, 0, 1);
  const env = { KOOGATE_STAGE: 'local', KOOGATE_TABLE: 't', KOOGATE_SECRETS: secretsFile };
  const runtime = createRuntime(config, env, { clock: () => now, table: memoryTable });
  const produce = createProduce(produceDependencies(runtime));
  const send = async (product: string, signedFor: string, message: object) => {
    const key = `key-of-${signedFor}`;
    const answer = Object(await produce(routeEvent(key, message, { product, now }), lambdaContext));
    return { ...JSON.parse(answer.body), isOurs: bodySignHolds(key, answer) };
  };
  const purchase = { activity: 'newInstance', orderId: 'CS1', orderLineId: 'CS1-000001', testFlag: '0' };
  const names = SOLD.map(([product]) => product);
  const rounds = names.flatMap((product) => names.flatMap((key) => [1, 2].map((round) => ({ product, key, round }))));
  const sold = await Promise.all(
    shuffled(rounds, seededRandom(12)).map(async ({ product, key, round }) => {
      const answer = await send(product, key, { ...purchase, businessId: `${product}-${key}-${round}` });
      return { product, key, answer };
    }),
  );
  const ids = new Map<string, string>();
  for (const { product, key, answer } of sold) {
    expect([answer.resultCode, answer.isOurs]).toEqual(product === key ? ['000004', true] : ['000001', false]);
    if (product === key) ids.set(`${product} ${answer.instanceId}`, product);
  }
  expect([...ids.values()].toSorted()).toEqual(names.toSorted()); // one a product, repeats and all
  expect(new Set([...ids.keys()].map((id) => id.split(' ')[1])).size).toBe(names.length);
  for (const [id, product] of ids) {
    const instanceId = id.split(' ')[1];
    for (const other of names) {
      const { resultCode } = await send(other, other, { activity: 'releaseInstance', instanceId, testFlag: '0' });
      expect(resultCode).toBe(other === product ? '000000' : '000003');
    }
  }
});

test('a call with the key of another site is refused there', async () => {
  const { runtime } = start();
  const { international } = market.sites;
  const wrong = createRuntime(config, {
    KOOGATE_STAGE: 'local',
    KOOGATE_TABLE: 't',
    KOOGATE_SECRETS: secretsFile,
    KOOGATE_OPENAPI_URL: international.url,
  });
  await expect(wrong.queryOrder({ product: 'crm', orderId: 'CS1' })).rejects.toMatchObject({ code: 'APIG.0301' });
  expect(await runtime.queryOrder({ product: 'crm-intl', orderId: 'CS1' })).toMatchObject({ orderId: 'CS1' });
});

test('a site without an account of its own is not called with another', async () => {
  const text = JSON.stringify({
    products: {},
    sealing: { credentials: [], personal: [] },
    marketplace: account('china'),
  });
  const other = join(folder.path, 'china-only.json');
  writeFileSync(other, text);
  const { china, europe } = market.sites;
  const before = [china, europe].map(({ asked, refused }) => asked.length + refused.length);
  const runtime = createRuntime(config, {
    KOOGATE_STAGE: 'local',
    KOOGATE_TABLE: 't',
    KOOGATE_SECRETS: other,
    KOOGATE_OPENAPI_URL: china.url,
    KOOGATE_OPENAPI_SITES: JSON.stringify({ europe: europe.url }),
  });
  await expect(runtime.queryOrder({ product: 'crm-eu', orderId: 'CS1' })).rejects.toThrow(
    'has no marketplace.sites entry for europe',
  );
  expect([china, europe].map(({ asked, refused }) => asked.length + refused.length)).toEqual(before);
});

test('an order of a product that is sold no more is asked for at no site, where several are sold on', async () => {
  const { runtime } = start();
  const before = NAMES.map((site) => market.sites[site].asked.length);
  await expect(runtime.queryOrder({ product: 'gone', orderId: 'CS1' })).rejects.toMatchObject({
    code: 'unknown-product',
    permanent: true,
  });
  expect(NAMES.map((site) => market.sites[site].asked.length)).toEqual(before);
});
