import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sweep } from '../../lib/fulfilment/fulfil-all.ts';
import { keys } from '../../lib/instances/keys.ts';
import type { LicenseItem } from '../../lib/instances/license-item.ts';
import { requeue } from '../../lib/instances/requeue.ts';
import { readItem } from '../../lib/instances/write.ts';
import { acceptCodeRelease, acceptCodeRenewal, acceptCodeStatus } from '../../lib/licenses/accept-code.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { world } from '../fulfilment/world.ts';
import { ENGINES, freshTable, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';

const NOW = 1_700_000_000_000;

describe.each(ENGINES)('licence codes on %s', (engine) => {
  let running: TestTable;
  let serial = 0;
  let code: { product: string; instanceId: string };
  /** What an engine without old images costs beyond the conditional write. */
  const look = engine === 'dynalite' ? ['GetItem'] : [];
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());
  beforeEach(() => {
    serial += 1;
    code = { product: 'demo', instanceId: `LIC-${serial}` };
  });

  const stored = async () => readItem<LicenseItem>(running.table, keys.license('demo', code.instanceId));
  const renewal = (orderId = 'R', sentAt = NOW) => ({
    ...code,
    orderId,
    orderLineId: `${orderId}-1`,
    scene: 'RENEWAL' as const,
    expiresAt: NOW + sentAt,
    sentAt,
  });

  test('one that nobody knows is recorded by whatever call comes first, and a repeat is one write', async () => {
    const { table, sent } = watched(running.table);
    expect(await acceptCodeRenewal(table, renewal(), NOW)).toMatchObject({ resultCode: '000000', accepted: true });
    expect(sent.map(({ name }) => name)).toEqual(['UpdateItem', 'GetItem', 'PutItem']); // no image of what is absent
    expect(await stored()).toMatchObject({ license: code.instanceId, wanted: 'ACTIVE', pending: [{ kind: 'renew' }] });
    sent.length = 0;
    expect(await acceptCodeRenewal(table, renewal('R', NOW + 5), NOW)).toMatchObject({ accepted: false });
    expect(sent.map(({ name }) => name)).toEqual(['UpdateItem', ...look]);
    sent.length = 0;
    expect(await acceptCodeStatus(table, { ...code, status: 'FREEZE', sentAt: NOW + 6 }, NOW)).toMatchObject({
      resultCode: '000000',
      accepted: true,
    });
    expect(sent.map(({ name }) => name)).toEqual(['UpdateItem']);
  });

  test('30 concurrent first calls record it once and lose none', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => acceptCodeRenewal(running.table, renewal(`R${index % 10}`), NOW)),
    );
    expect(outcomes.filter(({ resultCode }) => resultCode !== '000000')).toEqual([]);
    expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(10);
    expect((await stored())?.pending).toHaveLength(10);
  });

  test('once released it is unknown to all but a release', async () => {
    await acceptCodeRelease(running.table, { ...code, sentAt: NOW }, NOW);
    expect(await acceptCodeRelease(running.table, { ...code, sentAt: NOW + 1 }, NOW)).toMatchObject({
      resultCode: '000000',
      accepted: false,
    });
    expect((await acceptCodeRenewal(running.table, renewal(), NOW)).resultCode).toBe('000003');
    const status = { ...code, status: 'UNFREEZE' as const, sentAt: NOW + 9 };
    expect((await acceptCodeStatus(running.table, status, NOW)).resultCode).toBe('000003');
  });

  test('the seller is told in order, each once, also of an unfreeze that comes first', async () => {
    const table = await freshTable(running);
    const w = world(table);
    const told: string[] = [];
    const tell = (what: string) => async () => void told.push(what);
    const seller: Seller = {
      ...(w.deps.products.get('demo')?.seller as Seller),
      licenses: {
        renewed: tell('renewed'),
        frozen: tell('frozen'),
        unfrozen: tell('unfrozen'),
        released: tell('released'),
      },
    };
    const deps = { ...w.deps, sellerOf: () => seller };
    const status = (value: 'FREEZE' | 'UNFREEZE', sentAt: number) => ({ ...code, status: value, sentAt });
    await acceptCodeStatus(table, status('UNFREEZE', 1), NOW);
    await acceptCodeStatus(table, status('FREEZE', 2), NOW);
    await acceptCodeRenewal(table, renewal('R', 3), NOW);
    await sweep(deps, () => 1_000_000);
    await acceptCodeRelease(table, { ...code, sentAt: 4 }, NOW);
    await sweep(deps, () => 1_000_000);
    expect(told).toEqual(['unfrozen', 'frozen', 'renewed', 'frozen', 'released']);
    expect(await readItem<LicenseItem>(table, keys.license('demo', code.instanceId))).toMatchObject({
      state: 'RELEASED',
      pending: [],
    });
  });

  test('what the seller calls impossible is set aside and can be queued again', async () => {
    const table = await freshTable(running);
    const w = world(table);
    let answer: object | undefined = { failed: { reason: 'no such licence' } };
    const seller = { ...(w.deps.products.get('demo')?.seller as Seller), licenses: { frozen: async () => answer } };
    const deps = { ...w.deps, sellerOf: () => seller as Seller };
    await acceptCodeStatus(table, { ...code, status: 'FREEZE', sentAt: 1 }, NOW);
    await sweep(deps, () => 1_000_000);
    const key = keys.license('demo', code.instanceId);
    expect(await readItem<LicenseItem>(table, key)).toMatchObject({ state: 'ACTIVE', pending: [] });
    answer = undefined;
    expect(await requeue(table, key, NOW)).toHaveLength(1);
    await sweep(deps, () => 1_000_000);
    expect(await readItem<LicenseItem>(table, key)).toMatchObject({ state: 'FROZEN', failed: {} });
  });

  test('whatever the order of delivery: the newest signed status and date hold, each order counts once', async () => {
    const call = fc.oneof(
      fc.record({
        kind: fc.constant('status' as const),
        status: fc.constantFrom('FREEZE' as const, 'UNFREEZE' as const),
      }),
      fc.record({ kind: fc.constant('renewal' as const), order: fc.integer({ min: 0, max: 3 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 99 }), call), {
          selector: ([at]) => at,
          minLength: 1,
          maxLength: 8,
        }),
        async (calls) => {
          serial += 1;
          code = { product: 'demo', instanceId: `LIC-${serial}` };
          for (const [sentAt, one] of [...calls, ...calls.toReversed()]) {
            if (one.kind === 'status')
              await acceptCodeStatus(running.table, { ...code, status: one.status, sentAt }, NOW);
            else await acceptCodeRenewal(running.table, renewal(`R${one.order}`, sentAt), NOW);
          }
          const item = await stored();
          const newest = [...calls].sort(([a], [b]) => b - a).find(([, one]) => one.kind === 'status');
          if (newest?.[1].kind === 'status') {
            expect(item?.wanted).toBe(newest[1].status === 'FREEZE' ? 'FROZEN' : 'ACTIVE');
          }
          const orders = new Set(calls.flatMap(([, one]) => (one.kind === 'renewal' ? [one.order] : [])));
          expect(item?.pending.filter(({ kind }) => kind === 'renew')).toHaveLength(orders.size);
        },
      ),
      { numRuns: 25 },
    );
  });
});
