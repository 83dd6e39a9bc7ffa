import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createWake } from '../../lib/fulfilment/wake.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase } from '../../lib/instances/store.ts';
import { freshTable, newOrder, stored } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type World, world } from './world.ts';

const PATIENCE = { usualMs: 60, afterSlowMs: 20, rememberedMs: 600_000 };
const remaining = () => 300_000;

let running: TestTable;
let w: World;
beforeAll(async () => {
  running = await startTable();
});
afterAll(() => running.stop());
beforeEach(async () => {
  w = world(await freshTable(running));
});

const buy = async () =>
  (await acceptPurchase(w.deps.table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now)).instanceId;
const keyOf = (id: string) => keys.instance('demo', id);

/** Makes the hooks of these instances wait until they are aborted. */
function hang(...ids: readonly string[]) {
  w.behaviour.current = ({ change, signal }) => {
    const { instanceId } = (change as { instance: { instanceId: string } }).instance;
    if (!ids.includes(instanceId)) return undefined;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
}

describe('a batch of the stream', () => {
  test('gives back what hangs, due ten seconds later and without a fault, and carries out the others', async () => {
    const [stuck, other] = [await buy(), await buy()];
    hang(stuck);
    expect(await createWake(w.deps, PATIENCE)([keyOf(stuck), keyOf(other)], remaining)).toEqual([]);
    expect((await stored(w.deps.table, other)).state).toBe('ACTIVE');
    const item = await stored(w.deps.table, stuck);
    expect(item).toMatchObject({ state: 'PENDING', dueAt: w.time.now + 10_000 });
    expect(item.leaseOwner).toBeUndefined();
    expect(item.lastError).toBeUndefined();
    expect(w.metrics('FailedAttempt')).toBe(0);
  });

  test('waits less for a product that was slow, and carries out those of its instances that are not', async () => {
    const wake = createWake(w.deps, PATIENCE);
    const stuck = [await buy(), await buy()];
    hang(...stuck);
    await wake([keyOf(stuck[0] ?? '')], remaining);
    const other = await buy();
    await wake([keyOf(stuck[1] ?? ''), keyOf(other)], remaining);
    expect((await stored(w.deps.table, other)).state).toBe('ACTIVE');
    const waited = w.log.entries.flatMap(({ fields }) => (fields as { waited?: number } | undefined)?.waited ?? []);
    expect(waited).toEqual([60, 20]);
  });

  test('waits as usual again after a while', async () => {
    const wake = createWake(w.deps, PATIENCE);
    const stuck = [await buy(), await buy()];
    hang(...stuck);
    await wake([keyOf(stuck[0] ?? '')], remaining);
    w.time.now += PATIENCE.rememberedMs;
    await wake([keyOf(stuck[1] ?? '')], remaining);
    const waited = w.log.entries.flatMap(({ fields }) => (fields as { waited?: number } | undefined)?.waited ?? []);
    expect(waited).toEqual([60, 60]);
  });

  test('leaves what it gave back to the sweep, whose attempt has the whole time under the same key', async () => {
    const stuck = await buy();
    hang(stuck);
    await createWake(w.deps, PATIENCE)([keyOf(stuck)], remaining);
    w.behaviour.current = () => undefined;
    w.time.now += 10_000;
    await w.settle();
    expect((await stored(w.deps.table, stuck)).state).toBe('ACTIVE');
    expect(new Set(w.calls.map(({ key }) => key)).size).toBe(1);
  });
});
