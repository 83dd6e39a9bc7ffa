import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createKooGate } from '../../handlers/create-koogate.ts';
import { createRuntime } from '../../handlers/runtime.ts';
import { type Config, defineConfig, type StageSettings } from '../../lib/config/config.ts';
import type { Product } from '../../lib/config/products.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { temporaryFolder } from '../support/command.ts';
import { memoryTable } from '../support/memory-table.ts';

const own = { provision: async () => ({}) } as unknown as Seller;
const demo = { demonstration: true } as Seller;
const folder = temporaryFolder();

function config(stage: StageSettings = {}, seller: Seller = own): Config {
  return defineConfig({ service: 'shop', products: { crm: { seller } }, stages: { prod: stage } });
}

function product({ products }: Config): Product {
  const [first] = products.values();
  if (first === undefined) throw new Error('There is no product.');
  return first;
}

const CLOUD = { KOOGATE_STAGE: 'prod', KOOGATE_TABLE: 'shop-prod', KOOGATE_PARAMETERS: '/shop/prod', AWS_REGION: 'x' };
const LOCAL = { KOOGATE_STAGE: 'local', KOOGATE_TABLE: 't', KOOGATE_SECRETS: join(folder.path, 'secrets.json') };

let lines: string[];
afterAll(folder.remove);
beforeEach(() => {
  lines = [];
  jest.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
  jest.spyOn(process.stdout, 'write').mockImplementation((line: unknown) => Boolean(lines.push(String(line))));
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('in a stage', () => {
  test('the settings of the stage count, and the variables of the local run are reported and ignored', () => {
    const settings = config({ site: 'europe', usageBatch: 50 });
    const runtime = createRuntime(settings, {
      ...CLOUD,
      KOOGATE_SELLER_URL: 'https://elsewhere.example.com',
      KOOGATE_OPENAPI_URL: 'https://elsewhere.example.com',
      KOOGATE_USAGE_BATCH: '7',
    });
    expect(runtime.siteOf('crm')).toEqual({ addresses: { baseUrl: 'https://mkt.myhuaweicloud.eu' } });
    expect(runtime.usageBatch).toBe(50);
    expect(runtime.sellerOf(product(settings))).toBe(own);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: expect.stringMatching(/^KOOGATE_OPENAPI_URL, KOOGATE_SELLER_URL, KOOGATE_USAGE_BATCH .* is ignored/),
      }),
    ]);
  });

  test('the log goes to standard output as it is, and in the local run through the console', () => {
    const raw = jest.mocked(process.stdout.write);
    createRuntime(config(), CLOUD).log.metric('InternalError', 1);
    expect(raw.mock.calls.at(-1)?.[0]).toMatch(/^\{"_aws":.*\}\n$/);
    expect(console.log).not.toHaveBeenCalled();
    raw.mockClear();
    createRuntime(config(), LOCAL).log.metric('InternalError', 1);
    expect(console.log).toHaveBeenCalledTimes(1);
    expect(raw).not.toHaveBeenCalled();
  });

  test('a product with a backend is served by the HTTP seller, the same one each time', () => {
    const settings = config({ backend: 'https://crm.example.com' });
    const { sellerOf } = createRuntime(settings, CLOUD);
    expect(sellerOf(product(settings))).not.toBe(own);
    expect(sellerOf(product(settings))).toBe(sellerOf(product(settings)));
  });

  test('a demo seller refuses to run unless the stage is a demonstration', () => {
    const selling = config({ purpose: 'test' }, demo);
    expect(() => createRuntime(selling, CLOUD).sellerOf(product(selling))).toThrow(/"crm" has a demo seller/);
    const showing = config({ purpose: 'demonstration' }, demo);
    expect(createRuntime(showing, CLOUD).sellerOf(product(showing))).toBe(demo);
  });

  test.each([
    ['no stage', { KOOGATE_STAGE: undefined }, /KOOGATE_STAGE is not set/],
    ['an unknown stage', { KOOGATE_STAGE: 'beta' }, /no stage "beta"/],
    ['no table', { KOOGATE_TABLE: undefined }, /KOOGATE_TABLE is not set/],
    ['no secrets', { KOOGATE_PARAMETERS: undefined }, /Neither KOOGATE_SECRETS/],
  ])('%s is refused with a sentence', (_, change, sentence) => {
    expect(() => createRuntime(config(), { ...CLOUD, ...change })).toThrow(sentence);
  });
});

describe('in the local run', () => {
  test('the environment counts', () => {
    const settings = config({}, demo);
    const runtime = createRuntime(settings, {
      ...LOCAL,
      KOOGATE_OPENAPI_URL: 'http://127.0.0.1:1',
      KOOGATE_SELLER_URL: 'http://127.0.0.1:2',
      KOOGATE_USAGE_BATCH: '7',
    });
    expect(runtime.siteOf('crm')).toEqual({ addresses: { baseUrl: 'http://127.0.0.1:1' } });
    expect(runtime.usageBatch).toBe(7);
    expect(runtime.sellerOf(product(settings))).not.toBe(demo);
    expect(lines).toEqual([]);
  });

  test('a demo seller runs, and the site in China is asked unless told', () => {
    const settings = config({}, demo);
    const runtime = createRuntime(settings, LOCAL);
    expect(runtime.sellerOf(product(settings))).toBe(demo);
    expect(runtime.siteOf('crm').addresses.baseUrl).toBe('https://mkt.myhuaweicloud.com');
    expect(runtime.usageBatch).toBe(1000);
  });

  test.each(['0', '1001', 'many', '1.5'])('a batch of %s is refused', (KOOGATE_USAGE_BATCH) => {
    expect(() => createRuntime(config(), { ...LOCAL, KOOGATE_USAGE_BATCH })).toThrow(/KOOGATE_USAGE_BATCH is "/);
  });
});

test('createKooGate tells of alarms as the stage says, and what it cannot tell by e-mail', async () => {
  const settings = defineConfig({
    ...{ service: 'shop', products: { crm: { seller: demo } } },
    stages: { prod: { purpose: 'demonstration', receivers: ['ops'] } },
  });
  const table = memoryTable();
  const parts = { table: () => table, write: (line: string) => lines.push(line) };
  lines.length = 0;
  const { fulfil } = createKooGate(settings, { ...LOCAL, KOOGATE_STAGE: 'prod' }, parts);
  expect(lines.join()).toContain('This host brings nothing that sends e-mail');
  await fulfil({ source: 'timer' }, { getRemainingTimeInMillis: () => 60_000 });
  expect(await readItem(table, { pk: 'LEASE#alarms', sk: 'LEASE' })).toHaveProperty('until');
});

test('createKooGate composes all functions', () => {
  expect(Object.keys(createKooGate(config(), LOCAL)).toSorted()).toEqual([
    'fulfil',
    'login',
    'meter',
    'produce',
    'reconcile',
  ]);
});
