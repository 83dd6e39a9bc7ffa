import { beforeEach, describe, expect, test } from '@jest/globals';
import { lookAtTroubles } from '../../lib/alarms/from-table.ts';
import { createObservations, type Observation } from '../../lib/alarms/observations.ts';
import { Sightings } from '../../lib/alarms/rules.ts';
import { keepOpen } from '../../lib/alarms/state.ts';
import { defineProducts, type Products } from '../../lib/config/products.ts';
import { markTrouble } from '../../lib/instances/trouble.ts';
import { putIf } from '../../lib/instances/write.ts';
import { removableSince } from '../../lib/operations/calls-seen.ts';
import { readOverview } from '../../lib/operations/overview.ts';
import { readStatus } from '../../lib/operations/status.ts';
import type { Table } from '../../lib/table/table.ts';
import { usageKey, usageShardOf } from '../../lib/usage/keys.ts';
import { instance, NOW, waiting } from '../alarms/support.ts';
import { pagesOf } from '../instances/support.ts';
import { memoryTable } from '../support/memory-table.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const seller = { provision: async () => ({}) } as never;
const products: Products = defineProducts({ demo: { seller } });
let table: Table;
let now: number;

const count = async (observation: Omit<Observation, 'product'>) => {
  const counts = createObservations(table, () => now);
  counts.count({ product: 'demo', ...observation });
  await counts.flush();
};
const proven = (resultCode: string, more: object = {}) =>
  count({ proven: { isTest: false, resultCode, key: 'base_0_aaa', milliseconds: 20, ...more } });
const put = (item: object) => putIf(table, item as never, { condition: 'attribute_not_exists(#pk)', values: {} });
const lost = async (id: string, at: number, members: object = { state: 'FAILED' }) => {
  await put(instance(id, members));
  await markTrouble(table, of(id), { kind: 'set-aside', now: at, purchase: 'failed' });
};
const of = (id: string) => ({ pk: `INSTANCE#demo#${id}`, sk: 'INSTANCE' });
const read = async (from = table) => {
  const overview = await readOverview(from, products, now);
  const [product] = overview.products;
  if (product === undefined) throw new Error('There is no product.');
  return { overview, product };
};

beforeEach(() => {
  table = memoryTable();
  now = NOW;
});

test('of an idle installation, everything is there and nothing has happened', async () => {
  const { overview, product } = await read();
  expect(overview).toMatchObject({ at: NOW, failing: [], usage: { records: 0 }, alarms: [], isCut: false });
  expect(overview.unseen.map(({ text }) => Boolean(text.en && text.zh))).toEqual(Array(5).fill(true));
  expect(product).toMatchObject({ product: 'demo', waiting: 0, failing: 0, keys: [] });
  expect(product).not.toHaveProperty('lastDialTest');
  expect(product.calls).toHaveLength(24);
  expect(product.delisting).toMatchObject({ failedOrders: 0, mostFailedOrders: 5, failedDays: 0, mostFailedDays: 5 });
});

describe('the figures of delisting', () => {
  test('count the purchases that failed this month in Beijing, and no mark goes away', async () => {
    const month = Date.UTC(2026, 1, 28, 16); // 1 March in Beijing
    await lost('before', month - 1);
    await lost('first', month);
    await lost('mended', month + 1, { state: 'ACTIVE' });
    await lost('taken-back', NOW, { state: 'RELEASED' });
    await markTrouble(table, of('renewal'), { kind: 'set-aside', now: NOW });
    await markTrouble(table, of('gone'), { kind: 'set-aside', now: NOW, purchase: 'refused' });
    for (const from of [table, pagesOf(1, table), table]) {
      expect((await read(from)).product.delisting).toMatchObject({ month, failedOrders: 2 });
    }
  });

  test('count a purchase when it failed, whatever is set aside at its instance later', async () => {
    const month = Date.UTC(2026, 1, 28, 16); // 1 March in Beijing
    const failed = { state: 'FAILED', failed: { c: { id: 'c', kind: 'cleanUp', reason: 'down' } } };
    await lost('this-month', month, failed);
    await lost('the-month-before', month - 1, failed);
    for (const id of ['this-month', 'the-month-before']) {
      await markTrouble(table, of(id), { kind: 'set-aside', now: month + HOUR });
    }
    expect((await read()).product.delisting.failedOrders).toBe(1);
    const orders = await lookAtTroubles(table, NOW, new Sightings());
    expect(orders.get('demo')).toBe(1);
  });

  test('count days of refused tests and of wrong keys in a row; a good test is none', async () => {
    await proven('000000', { isTest: true });
    for (const seen of [
      () => proven('000002', { isTest: true }),
      () => count({ unproven: 'wrong-key' }),
      () => proven('000100', { isTest: true }),
    ]) {
      now += DAY;
      await seen();
    }
    const { days, failedDays } = (await read()).product.delisting;
    expect(failedDays).toBe(2); // today's next one may fail
    expect(days.map(({ day, tests, isFailed }) => `${day} ${tests} ${isFailed}`)).toEqual([
      '2026-03-17 0 false',
      '2026-03-18 1 false',
      '2026-03-19 1 true',
      '2026-03-20 0 true',
      '2026-03-21 1 false',
    ]);
    now += DAY;
    expect((await read()).product.delisting.failedDays).toBe(0);
  });
});

test('the last dial test is the newest, with its answer', async () => {
  await proven('000005', { isTest: true });
  now += 12 * HOUR;
  await proven('000000', { isTest: true });
  await proven('000000');
  expect((await read()).product.lastDialTest).toEqual({ at: now, resultCode: '000000' });
});

test('calls are told by hour, with codes, unverified ones and latency', async () => {
  await proven('000000', { milliseconds: 501 });
  await proven('000003', { isTest: true, milliseconds: 3_001 });
  for (const unproven of ['other', 'wrong-key', 'keys-gone'] as const) await count({ unproven });
  now += HOUR;
  await proven('000000');
  const { calls } = (await read()).product;
  expect(calls.slice(0, -2).every(({ verified, unverified }) => verified + unverified === 0)).toBe(true);
  expect(calls.slice(-2)).toEqual([
    {
      ...{ from: NOW, verified: 2, unverified: 3, codes: { real: { '000000': 1 }, test: { '000003': 1 } } },
      latency: [{ upToMs: 500, count: 0 }, { upToMs: 1_000, count: 1 }, { upToMs: 3_000, count: 0 }, { count: 1 }],
    },
    {
      ...{ from: NOW + HOUR, verified: 1, unverified: 0, codes: { real: { '000000': 1 }, test: {} } },
      latency: [{ upToMs: 500, count: 1 }, { upToMs: 1_000, count: 0 }, { upToMs: 3_000, count: 0 }, { count: 0 }],
    },
  ]);
});

describe('keys', () => {
  const keys = async () => (await read()).product.keys;

  test('an older key may go once the newest has verified alone for a day', async () => {
    await proven('000000'); // alone in the list, and so its first
    now += HOUR;
    await proven('000000', { key: 'base_0_bbb' });
    now += 1_000;
    await proven('000000', { key: 'base_1_aaa' });
    const older = { keyClass: 'base', fingerprint: 'aaa', isNewest: false, firstAt: NOW, lastAt: now };
    const newest = { keyClass: 'base', fingerprint: 'bbb', isNewest: true, firstAt: NOW + HOUR };
    expect(await keys()).toEqual([{ ...newest, lastAt: now - 1_000 }, older]);
    now += DAY - 1;
    await proven('000000', { key: 'base_0_bbb' });
    expect((await keys())[1]).toEqual(older);
    now += 1;
    await proven('000000', { key: 'base_0_bbb' });
    expect(await keys()).toEqual([
      { ...newest, lastAt: now },
      { ...older, removableSince: now },
    ]);
  });

  test('those of other classes are apart; older ones that never stood first come by when they were seen', async () => {
    await proven('000000', { key: 'kit_2_c3' });
    await proven('000000', { key: 'base_1_b1' });
    now += 1;
    await proven('000000', { key: 'kit_1_c2' });
    await count({ proven: { isTest: false, resultCode: '000000', key: 'kit_0', milliseconds: 1 } }); // of a version before
    expect((await keys()).map(({ fingerprint, isNewest }) => [fingerprint, isNewest])).toEqual([
      ['b1', true],
      ['c2', true],
      ['c3', false],
    ]);
  });

  test('one that has not been seen for five days may go a day after the newest came', () => {
    expect(removableSince({ firstAt: NOW, lastAt: NOW + DAY }, 0)).toBe(NOW + DAY);
    expect(removableSince({ firstAt: NOW, lastAt: NOW + DAY - 1 }, 0)).toBeUndefined();
  });
});

test('what is about to fail and the alarms that are open are in it', async () => {
  await put(instance('i-1', { ...waiting('provision', NOW), lastError: 'down' }));
  await keepOpen(table, { rule: 'drift', group: '', openedAt: NOW, told: {} });
  const { overview, product } = await read();
  const closesAt = NOW + (products.get('demo')?.provisionWindow ?? 0);
  expect(overview.failing).toMatchObject([{ id: 'i-1', reason: 'down', closesAt }]);
  expect(overview.alarms).toMatchObject([{ rule: 'drift', openedAt: NOW }]);
  expect(product).toMatchObject({ waiting: 1, failing: 1 });
});

test('no more is read than was asked for, and it says so', async () => {
  for (const id of ['i-1', 'i-2']) await put(instance(id, waiting('provision', NOW)));
  expect(await readStatus(table, products, 2)).not.toHaveProperty('isCut');
  expect(await readStatus(table, products, 1)).toMatchObject({ isCut: true, products: [{ waiting: 1 }] });
  table = memoryTable();
  for (const id of ['i-1', 'i-2', 'i-3']) {
    const key = usageKey('demo', id, { begin: NOW, end: NOW + HOUR });
    await put({ ...key, dueShard: usageShardOf(key), dueAt: 0, product: 'demo' });
  }
  expect((await readStatus(pagesOf(1, table), products, 1)).isCut).toBe(true);
  expect(await readStatus(table, products, 3)).toMatchObject({ usage: { records: 3 } });
});
