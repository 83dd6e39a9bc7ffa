import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createWake, PATIENCE } from '../../lib/fulfilment/wake.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase } from '../../lib/instances/store.ts';
import { freshTable, newOrder, stored } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type World, world } from './world.ts';

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

const instanceOf = (change: unknown) => (change as { instance: { instanceId: string } }).instance.instanceId;

/** Makes the hooks of these instances wait until they are aborted. */
function hang(...ids: readonly string[]) {
  w.behaviour.current = ({ change, signal }) => {
    if (!ids.includes(instanceOf(change))) return undefined;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
}

/** A batch's patience, which ends when the test says so. */
function patient() {
  const waits: number[] = [];
  let timers: AbortController[] = [];
  const wake = createWake(w.deps, PATIENCE, (ms) => {
    const timer = new AbortController();
    waits.push(ms);
    timers.push(timer);
    return timer.signal;
  });
  /** Runs a batch until the hooks that hang are all that is left of it. */
  const run = async (hanging: readonly string[], others: readonly string[] = []) => {
    const batch = wake([...hanging, ...others].map(keyOf), remaining);
    const isDone = async (id: string) => (await stored(w.deps.table, id)).state === 'ACTIVE';
    const called = () => hanging.every((id) => w.calls.some(({ change }) => instanceOf(change) === id));
    while (!called() || !(await Promise.all(others.map(isDone))).every(Boolean)) await new Promise(setImmediate);
    for (const timer of timers) timer.abort();
    timers = [];
    return batch;
  };
  return { run, waits };
}

describe('a batch of the stream', () => {
  test('gives back what hangs, due ten seconds later and without a fault, and carries out the others', async () => {
    const [stuck, other] = [await buy(), await buy()];
    hang(stuck);
    expect(await patient().run([stuck], [other])).toEqual([]);
    const item = await stored(w.deps.table, stuck);
    expect(item).toMatchObject({ state: 'PENDING', dueAt: w.time.now + 10_000 });
    expect(item.leaseOwner).toBeUndefined();
    expect(item.lastError).toBeUndefined();
    expect(w.metrics('FailedAttempt')).toBe(0);
  });

  test('waits less for a product that was slow, and carries out those of its instances that are not', async () => {
    const { run, waits } = patient();
    const [first, second, other] = [await buy(), await buy(), await buy()];
    hang(first, second);
    await run([first]);
    await run([second], [other]);
    expect(waits).toEqual([PATIENCE.usualMs, PATIENCE.afterSlowMs]);
  });

  test('waits as usual again after a while', async () => {
    const { run, waits } = patient();
    const [first, second] = [await buy(), await buy()];
    hang(first, second);
    await run([first]);
    w.time.now += PATIENCE.rememberedMs;
    await run([second]);
    expect(waits).toEqual([PATIENCE.usualMs, PATIENCE.usualMs]);
  });

  test('leaves what it gave back to the sweep, whose attempt has the whole time under the same key', async () => {
    const stuck = await buy();
    hang(stuck);
    await patient().run([stuck]);
    w.behaviour.current = () => undefined;
    w.time.now += 10_000;
    await w.settle();
    expect((await stored(w.deps.table, stuck)).state).toBe('ACTIVE');
    expect(new Set(w.calls.map(({ key }) => key)).size).toBe(1);
  });
});
