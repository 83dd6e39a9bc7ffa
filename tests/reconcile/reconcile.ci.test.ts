import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createReconcile } from '../../handlers/create-reconcile.ts';
import { importInstance } from '../../lib/instances/import.ts';
import { acceptRenewal } from '../../lib/instances/store.ts';
import type { Drift } from '../../lib/reconcile/drift.ts';
import { type ReconcileDependencies, type ReconcileOptions, reconcile } from '../../lib/reconcile/reconcile.ts';
import type { Order } from '../../lib/seller/contract.ts';
import type { Table } from '../../lib/table/table.ts';
import { parseCondition, parseUpdate } from '../instances/expression-grammar.ts';
import { ENGINES, freshTable, newOrder, watched } from '../instances/support.ts';
import { recordingLog } from '../middleware/support.ts';
import { order } from '../support/installation.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { DAY, HOUR, instanceOf, NOW, opened } from '../usage/world.ts';

/** The order's end, as tests/support/installation.ts has it. */
const END = 1_731_500_000_000;

/** An error as the marketplace's client throws it. */
function refused(code: string, members: object): Error {
  return Object.assign(new Error(`The order query answered ${code}.`), { code, permanent: false, ...members });
}

/** A marketplace with orders, a clock, and a night to go through. */
function night(table: Table) {
  const time = { now: NOW };
  const asked: string[] = [];
  const pauses: number[] = [];
  const shown: { current: (orderId: string) => Promise<Order> | Order } = { current: (orderId) => order(orderId) };
  const deps: ReconcileDependencies = {
    table,
    queryOrder: async ({ orderId }) => {
      asked.push(orderId);
      return shown.current(orderId);
    },
    openOrder: async (sealed) => JSON.parse(sealed),
    clock: () => time.now,
    sleep: async (milliseconds) => {
      time.now += milliseconds;
      if (milliseconds >= 1_000) pauses.push(milliseconds);
    },
  };
  const run = async (options: Partial<ReconcileOptions> = {}) => {
    const drifts: (Drift & { repaired: boolean })[] = [];
    const found = (drift: Drift, repaired: boolean) => drifts.push({ ...drift, repaired });
    const all = { repair: false, every: 0, remaining: () => 1_000_000, found, ...options };
    return { ...(await reconcile(deps, all)), drifts, kinds: drifts.map(({ kind }) => kind) };
  };
  return { deps, time, asked, pauses, shown, run };
}

const bought = () => ({
  ...newOrder(),
  ...{ orders: new Set(['newInstance#x#y']), chargingMode: 'PERIOD', expiresAt: END },
  order: JSON.stringify(order('CS0')),
});

describe.each(ENGINES)('a round over the instances on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());
  const fresh = async () => {
    table = await freshTable(running);
    return night(table);
  };
  /** Before the instance's end, so that nothing is overdue. */
  const early = (n: ReturnType<typeof night>) => {
    n.time.now = END - DAY;
    return n;
  };

  test('finds nothing where nothing differs, asks for each standing instance once, and changes nothing', async () => {
    const n = early(await fresh());
    for (let made = 0; made < 5; made += 1) await opened(table, bought());
    await opened(table, { ...bought(), wanted: 'RELEASED', state: 'RELEASED' });
    await opened(table, { ...bought(), state: 'FAILED' });
    await opened(table, { ...bought(), aliasOf: 'x', state: 'PENDING' });
    const { sent, ...noted } = watched(table);
    const { end, round, kinds } = await early(night(noted.table)).run();
    expect({ end, checked: round.checked, kinds }).toEqual({ end: 'finished', checked: 8, kinds: [] });
    await n.run();
    expect(n.asked).toHaveLength(5);
    expect(new Set(sent.map(({ name }) => name))).toEqual(new Set(['GetItem', 'Scan', 'UpdateItem']));
    expect(sent.filter(({ name }) => name === 'UpdateItem')).toHaveLength(1); // how far it has come
  });

  test('finds an unknown expiry and charging mode, and repairs them only when asked to', async () => {
    const n = early(await fresh());
    const { expiresAt: _, ...unknown } = bought();
    const instanceId = await opened(table, { ...unknown, chargingMode: undefined });
    expect(await n.run()).toMatchObject({ kinds: ['expiry-unknown', 'charging-unknown'] });
    expect(await instanceOf(table, instanceId)).not.toHaveProperty('expiresAt');
    const repaired = await n.run({ repair: true });
    expect(repaired.drifts.map((drift) => drift.repaired)).toEqual([true, true]);
    expect(await instanceOf(table, instanceId)).toMatchObject({ expiresAt: END, chargingMode: 'PERIOD' });
    expect(await n.run()).toMatchObject({ kinds: [] });
  });

  test('finds an expiry that is not that of the order, unless a renewal has set it', async () => {
    const n = early(await fresh());
    const instanceId = await opened(table, { ...bought(), expiresAt: END - 9 * DAY });
    await opened(table, { ...bought(), expiresAt: END + HOUR });
    await opened(table, { ...bought(), expiresAt: END + 400 * DAY, expireSetAt: 5 });
    expect(await n.run({ repair: true })).toMatchObject({ kinds: ['expiry-differs'] });
    expect(await instanceOf(table, instanceId)).toMatchObject({ expiresAt: END });
  });

  test('sets no end back unless it is told twice: that would take paid time from a customer', async () => {
    const n = early(await fresh());
    const instanceId = await opened(table, { ...bought(), expiresAt: END + 365 * DAY });
    for (const options of [{ repair: true }, { repair: false, force: true }]) {
      const { drifts } = await n.run(options);
      expect(drifts).toMatchObject([{ kind: 'expiry-differs', repaired: false }]);
      expect(drifts[0]?.advice).toContain('--force');
    }
    expect(await instanceOf(table, instanceId)).toMatchObject({ expiresAt: END + 365 * DAY });
    expect((await n.run({ repair: true, force: true })).drifts).toMatchObject([{ repaired: true }]);
    expect(await instanceOf(table, instanceId)).toMatchObject({ expiresAt: END });
  });

  test('leaves the end of an imported instance alone: only the seller knew of its renewals', async () => {
    const n = await fresh();
    const given = { product: 'demo', orderId: 'CS1', orderLineId: '', derivedIds: [] };
    await importInstance(table, { ...given, instanceId: 'renewed', expiresAt: END + 700 * DAY }, 1);
    await importInstance(table, { ...given, instanceId: 'endless' }, 1);
    // As versions before imported: without a mark.
    await opened(table, { orderId: 'CS2', chargingMode: 'PERIOD', expiresAt: END + 700 * DAY });
    const { drifts } = await n.run({ repair: true, force: true });
    expect(drifts.filter(({ kind }) => kind.startsWith('expiry'))).toEqual([]);
    expect(await instanceOf(table, 'renewed')).toMatchObject({ expiresAt: END + 700 * DAY });
    expect(await instanceOf(table, 'endless')).not.toHaveProperty('expiresAt');
  });

  test('names an order that no key opens, compares without it, and goes on', async () => {
    const n = early(await fresh());
    await opened(table, { ...bought(), order: 'sealed under a key that is gone', expiresAt: END - 9 * DAY });
    await opened(table, bought());
    expect(await n.run()).toMatchObject({ end: 'finished', kinds: ['order-not-opened', 'expiry-differs'] });
  });

  test('names an order that cannot be had, and goes on; after five in a row it ends, to be gone on with', async () => {
    const n = early(await fresh());
    for (let made = 0; made < 8; made += 1) await opened(table, bought());
    n.shown.current = (orderId) => {
      if (n.asked.length === 3) throw refused('malformed', { action: 'retry' });
      if (n.asked.length === 4) throw new TypeError('a defect');
      return order(orderId);
    };
    const { drifts, end } = await n.run({ every: HOUR });
    expect(end).toBe('finished');
    expect(drifts.map(({ kind, marketplace }) => [kind, marketplace])).toEqual([
      ['order-not-read', 'malformed'],
      ['order-not-read', 'TypeError'],
    ]);
    n.time.now += 2 * HOUR;
    n.shown.current = () => {
      throw refused('MKT.0999', { action: 'retry' });
    };
    const before = n.asked.length;
    await expect(n.run({ every: HOUR })).rejects.toThrow('MKT.0999');
    expect(n.asked.length - before).toBe(5);
  });

  test('does not repair what a call has changed meanwhile', async () => {
    const n = early(await fresh());
    const instanceId = await opened(table, { ...bought(), expiresAt: END - 9 * DAY });
    n.shown.current = async (orderId) => {
      const renewal = { product: 'demo', instanceId, ...newOrder(), scene: 'RENEWAL' as const, sentAt: 9 };
      await acceptRenewal(table, { ...renewal, expiresAt: END + 365 * DAY }, NOW);
      return order(orderId);
    };
    const { drifts } = await n.run({ repair: true });
    expect(drifts).toMatchObject([{ kind: 'expiry-differs', repaired: false }]);
    expect(await instanceOf(table, instanceId)).toMatchObject({ expiresAt: END + 365 * DAY });
  });

  test('finds another product than was provisioned, if no change was told', async () => {
    const n = early(await fresh());
    const line = newOrder();
    const small = order(line.orderId, line.orderLineId);
    await opened(table, { ...bought(), ...line, order: JSON.stringify(small) });
    await opened(table, {
      ...{ ...bought(), order: JSON.stringify(small) },
      orders: new Set(['newInstance#x#y', 'upgradeInstance#x#z']),
    });
    n.shown.current = (orderId) => {
      const shown = order(orderId);
      const products = [{ productId: 'p-year', skuCode: 'sku-large', linearValue: 20 }];
      return { ...shown, line: { ...shown.line, products } };
    };
    const { drifts } = await n.run({ repair: true });
    expect(drifts).toMatchObject([
      { kind: 'product-differs', stored: 'p-year/sku-small/10', marketplace: 'p-year/sku-large/20', repaired: false },
    ]);
  });

  test('asks for the order alone where an instance knows no line of it, and compares no products', async () => {
    const n = early(await fresh());
    const { orderId } = newOrder();
    const products = [{ productId: 'as the call told it', skuCode: 'basic' }];
    const told = order(orderId);
    const kept = JSON.stringify({ ...told, line: { ...told.line, products } });
    await opened(table, { ...bought(), orderId, orderLineId: '', order: kept });
    const lines: unknown[] = [];
    const queryOrder: ReconcileDependencies['queryOrder'] = async ({ orderId, orderLineId }) => {
      lines.push([orderId, orderLineId]);
      return order(orderId);
    };
    const found: Drift[] = [];
    const options = { repair: false, every: 0, remaining: () => 1_000_000, found: (drift: Drift) => found.push(drift) };
    await reconcile({ ...n.deps, queryOrder }, options);
    expect([lines, found]).toEqual([[[orderId, undefined]], []]);
  });

  test('ends when a later round has begun meanwhile, and leaves it its place', async () => {
    const n = early(await fresh());
    await opened(table, bought());
    const later = night(table);
    const startedAt = n.time.now + HOUR;
    later.time.now = startedAt;
    n.shown.current = async (orderId) => {
      await later.run();
      return order(orderId);
    };
    expect(await n.run()).toMatchObject({ end: 'overtaken' });
    expect(await later.run({ every: DAY })).toMatchObject({ end: 'not-due', round: { startedAt, checked: 1 } });
  });

  test('finds what was never carried out, what was set aside, and what should have been released', async () => {
    const n = await fresh();
    const aside = { id: 'c', kind: 'upgrade', orderId: 'o', orderLineId: 'l', acceptedAt: 1, sentAt: 1, failedAt: 1 };
    await opened(table, { ...bought(), wanted: 'FROZEN', expiresAt: NOW - DAY, expireSetAt: 1 });
    await opened(table, {
      ...bought(),
      failed: { c: { ...aside, kind: 'upgrade', reason: 'no room' } },
      expiresAt: NOW + DAY,
      expireSetAt: 1,
    });
    await opened(table, bought());
    const { drifts } = await n.run();
    expect(drifts.map(({ kind, stored }) => `${kind}: ${stored}`).sort()).toEqual([
      'not-carried-out: ACTIVE',
      'overdue-end: ACTIVE, ended 2024-11-13',
      'set-aside: upgrade: no room',
    ]);
    for (const { advice } of drifts) expect(advice).toMatch(/\w{4}/);
  });

  test('says which orders the marketplace does not show, and goes on', async () => {
    const n = early(await fresh());
    for (let made = 0; made < 3; made += 1) await opened(table, bought());
    n.shown.current = (orderId) => {
      if (n.asked.length === 2) throw refused('MKT.0150', { permanent: true });
      return order(orderId);
    };
    expect(await n.run()).toMatchObject({
      end: 'finished',
      drifts: [{ kind: 'order-not-shown', marketplace: 'MKT.0150' }],
    });
  });

  test('waits when it is asked to slow down, ends if that does not help, and is gone on with', async () => {
    const n = early(await fresh());
    for (let made = 0; made < 3; made += 1) await opened(table, bought());
    let busy = 2;
    n.shown.current = (orderId) => {
      busy -= 1;
      if (busy >= 0) throw refused('MKT.0250', { action: 'slow-down' });
      return order(orderId);
    };
    expect(await n.run({ every: HOUR })).toMatchObject({ end: 'finished', round: { checked: 3 } });
    expect(n.pauses).toEqual([5_000, 15_000]);
    n.time.now += 2 * HOUR;
    busy = Number.POSITIVE_INFINITY;
    expect(await n.run({ every: HOUR })).toMatchObject({ end: 'slowed-down' });
    busy = 0;
    expect(await n.run({ every: HOUR })).toMatchObject({ end: 'finished', round: { checked: 3 } });
    expect(await n.run({ every: HOUR })).toMatchObject({ end: 'not-due' });
  });

  test('that ends for want of time is gone on with from where it was, over more than a page', async () => {
    const n = early(await fresh());
    for (let made = 0; made < 230; made += 1) await opened(table, bought());
    const stretch = async () => {
      let left = 150;
      const remaining = () => {
        left -= 1;
        return left < 0 ? 0 : 1_000_000;
      };
      return n.run({ every: HOUR, remaining });
    };
    const first = await stretch();
    expect(first).toMatchObject({ end: 'out-of-time', round: { checked: 100 } });
    const second = await stretch();
    expect(second).toMatchObject({ end: 'finished', round: { checked: 230, startedAt: first.round.startedAt } });
    expect(n.asked).toHaveLength(150 + 130);
    expect(new Set(n.asked).size).toBe(230);
  });

  test('sends expressions of the portable subset alone', async () => {
    await fresh();
    const { expiresAt: _, ...unknown } = bought();
    await opened(table, { ...unknown, chargingMode: undefined });
    await opened(table, { ...bought(), expiresAt: END - 9 * DAY });
    const noted = watched(table);
    await early(night(noted.table)).run({ repair: true });
    const conditions = noted.sent.flatMap(({ input }) => (input.ConditionExpression as string | undefined) ?? []);
    const updates = noted.sent.flatMap(({ input }) => (input.UpdateExpression as string | undefined) ?? []);
    expect(conditions).toHaveLength(4);
    for (const text of conditions) parseCondition(text);
    for (const text of updates) parseUpdate(text);
    for (const { input } of noted.sent) expect(input).not.toHaveProperty('FilterExpression');
  });
});

describe('the function of the night', () => {
  test('reports what differs, in its log and as a metric, and repairs nothing', async () => {
    const running = await startTable();
    const log = recordingLog();
    const n = night(running.table);
    const { expiresAt: _, ...unknown } = bought();
    const instanceId = await opened(running.table, unknown);
    const handler = createReconcile({ ...n.deps, log });
    expect(await handler({}, { getRemainingTimeInMillis: () => 900_000 })).toMatchObject({
      ...{ end: 'finished', checked: 1, found: 1, repaired: 0 },
    });
    expect(await handler({}, { getRemainingTimeInMillis: () => 900_000 })).toMatchObject({ end: 'not-due' });
    expect(log.entries.filter(({ message }) => message === 'Drift')).toHaveLength(1);
    expect(log.entries.find(({ level }) => level === 'warn')?.fields).toMatchObject({ instanceId, repairable: true });
    expect(await instanceOf(running.table, instanceId)).not.toHaveProperty('expiresAt');
    await running.stop();
  });
});
