import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { type Key, keys } from '../../lib/instances/keys.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
} from '../../lib/instances/store.ts';
import { readHistory, verifyHistory } from '../../lib/operations/verify-audit.ts';
import type { Table } from '../../lib/table/table.ts';
import { ENGINES, type Fault, freshTable, newOrder, stored, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { carriedOut, HOUR, type HookCall, world as unchained, type World } from './world.ts';

const HMAC = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };

/** A world whose histories form chains. */
function world(table: Table): World {
  const w = unchained(table);
  Object.assign(w.deps, { hmacKeys: async () => HMAC });
  return w;
}

const IN_ORDER = ['provision', 'renew', 'freeze', 'unfreeze', 'upgrade'];
const plenty = () => 1_000_000;

/** A seller's system: an effect happens once per idempotency key, however often the hook is called. */
function effects(calls: readonly HookCall[]): string[] {
  return [...new Map(calls.map(({ key, hook }) => [key, hook])).values()];
}

describe.each(ENGINES)('on %s, with a purchase and four changes accepted', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  async function accepted(table: Table, now: number) {
    const line = newOrder();
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...line, sentAt: 1 }, now);
    const id = { product: 'demo', instanceId };
    await acceptRenewal(table, { ...id, ...newOrder(), scene: 'RENEWAL', expiresAt: now, sentAt: 2 }, now);
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 3 }, now);
    await acceptStatus(table, { ...id, status: 'UNFREEZE', sentAt: 4 }, now);
    await acceptUpgrade(table, { ...id, ...newOrder(), sentAt: 5 }, now);
    return { ...id, key: keys.instance('demo', instanceId) };
  }

  async function expectEverythingDone(w: World, instanceId: string): Promise<void> {
    expect(carriedOut(w.calls)).toEqual(IN_ORDER);
    expect(effects(w.calls)).toEqual(IN_ORDER);
    const item = await stored(w.deps.table, instanceId);
    expect(item).toMatchObject({ state: 'ACTIVE', pending: [], failed: {} });
    expect(item).not.toHaveProperty('dueAt');
    expect(item).not.toHaveProperty('leaseOwner');
    expect(w.metrics('FailedChange') + w.metrics('FailedPurchase')).toBe(0);
    const history = await readHistory(w.deps.table, item);
    const { counted, findings } = verifyHistory(HMAC.audit, item, history);
    expect(findings).toEqual([]);
    expect(counted.map((entry) => 'kind' in entry && entry.kind)).toEqual(IN_ORDER);
  }

  /** Once the hold has ended, and before what died counts as stuck. */
  async function carryOn(w: World, key: Key): Promise<void> {
    w.time.now += HOUR / 12;
    await fulfilItem(w.deps, key, plenty);
    await w.settle();
  }

  test.each<Fault>(['dies before', 'dies after'])(
    'a worker that %s its n-th request, for every n, leaves nothing undone',
    async (kind) => {
      const table = await freshTable(running);
      let died = true;
      for (let at = 1; died; at += 1) {
        const w = world(table);
        const { instanceId, key } = await accepted(table, w.time.now);
        const doomed = watched(table, { kind, at });
        await fulfilItem({ ...w.deps, table: doomed.table }, key, plenty).catch(() => undefined);
        died = doomed.process.isDead;
        await carryOn(w, key);
        await expectEverythingDone(w, instanceId);
        if (!died) expect(at).toBeGreaterThan(15);
      }
    },
  );

  test.each(['before', 'after'])(
    'a worker that dies %s the effect of any hook leaves nothing undone',
    async (moment) => {
      const table = await freshTable(running);
      for (const doomedHook of IN_ORDER) {
        const w = world(table);
        const { instanceId, key } = await accepted(table, w.time.now);
        const doomed = watched(table);
        w.behaviour.current = ({ hook, attempt }) => {
          if (hook !== doomedHook || attempt > 1) return undefined;
          if (moment === 'before') w.calls.pop();
          doomed.process.isDead = true;
          throw new Error('The process died in the hook.');
        };
        await fulfilItem({ ...w.deps, table: doomed.table }, key, plenty).catch(() => undefined);
        expect(doomed.process.isDead).toBe(true);
        await carryOn(w, key);
        await expectEverythingDone(w, instanceId);
      }
    },
  );

  test('a worker whose n-th answer is lost, for every n, does nothing twice', async () => {
    const table = await freshTable(running);
    let total = 1;
    for (let at = 1; at <= total; at += 1) {
      const w = world(table);
      const { instanceId, key } = await accepted(table, w.time.now);
      const lossy = watched(table, { kind: 'answer lost', at });
      await fulfilItem({ ...w.deps, table: lossy.table }, key, plenty);
      total = lossy.sent.length;
      await w.settle();
      await expectEverythingDone(w, instanceId);
      expect(w.calls).toHaveLength(IN_ORDER.length);
    }
    expect(total).toBe(16); // three requests for each change, and one for the buyer of a purchase
  });

  test('a call whose answer is lost is accepted once and answered with success', async () => {
    const table = await freshTable(running);
    const w = world(table);
    const lossy = () => watched(table, { kind: 'answer lost', at: 1 }).table;
    const now = w.time.now;
    const line = newOrder();
    const purchase = { product: 'demo', ...line, sentAt: 1, lease: { owner: 'me', until: now + 5_000 } };
    const { instanceId, resultCode, leased } = await acceptPurchase(lossy(), purchase, now);
    expect({ resultCode, leased }).toEqual({ resultCode: '000004', leased: true });
    const id = { product: 'demo', instanceId };
    const renewal = { ...id, ...newOrder(), scene: 'RENEWAL' as const, expiresAt: now, sentAt: 2 };
    for (const outcome of [
      await acceptRenewal(lossy(), renewal, now),
      await acceptStatus(lossy(), { ...id, status: 'FREEZE', sentAt: 3 }, now),
      await acceptUpgrade(lossy(), { ...id, ...newOrder(), sentAt: 4 }, now),
    ]) {
      expect(outcome.resultCode).toBe('000000');
    }
    expect((await stored(table, instanceId)).pending).toHaveLength(4);
    expect((await acceptRelease(lossy(), { ...id, sentAt: 5 }, now)).resultCode).toBe('000000');
    w.time.now += 60_000;
    await w.settle();
    expect(carriedOut(w.calls)).toEqual(['release']);
  });
});
