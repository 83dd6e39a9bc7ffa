import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createFulfil } from '../../handlers/create-fulfil.ts';
import { type Key, keys } from '../../lib/instances/keys.ts';
import { acceptPurchase } from '../../lib/instances/store.ts';
import { freshTable, newOrder, stored } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type World, world } from './world.ts';

/*
 * The functions in the account's places, as Lambda gives them out: ten for all, a batch of the stream at a time per shard
 * and lane, a sweep every minute however many run. A minute lasts 1.2 s here, and everything else is shorter by as much.
 */
const PLACES = 10;
const SHARDS = 4;
const BATCH = 10;
const MINUTE_MS = 1_200;
const HOOK_MS = 1_000; // 50 s
const PATIENCE = { usualMs: 100, afterSlowMs: 16, rememberedMs: 600_000 };
const WITHOUT = { usualMs: 60_000, afterSlowMs: 60_000, rememberedMs: 1 };
const PURCHASES = 80;

let running: TestTable;
beforeAll(async () => {
  running = await startTable();
});
afterAll(() => running.stop());

/** Plays purchases one after the other while every hook of all but the last instance hangs. */
async function play(lanes: number, patience: typeof PATIENCE) {
  const w: World = world(await freshTable(running), { hookTimeout: HOOK_MS });
  const { clock: _, ...rest } = w.deps;
  const fulfil = createFulfil({ ...rest, clock: () => Date.now() }, patience);
  let healthy: string | undefined;
  w.behaviour.current = ({ change, signal }) => {
    const { instanceId } = (change as { instance: { instanceId: string } }).instance;
    if (instanceId === healthy) return undefined;
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const began = performance.now();
  let taken = 0;
  /** Runs a function if there is a place for it. */
  const inPlace = async (run: () => Promise<unknown>): Promise<boolean> => {
    if (taken === PLACES) return false;
    taken += 1;
    await run().finally(() => {
      taken -= 1;
    });
    return true;
  };
  const ended = new AbortController();
  const remaining = { getRemainingTimeInMillis: () => 300_000 - (performance.now() - began) * (60_000 / MINUTE_MS) };
  const queues = Array.from({ length: SHARDS * lanes }, () => [] as Key[]);
  const record = ({ pk, sk }: Key) => ({
    dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, NewImage: { dueShard: { N: '1' } } },
  });
  const lane = async (queue: Key[]) => {
    while (!ended.signal.aborted) {
      const batch = queue.slice(0, BATCH);
      const plenty = { getRemainingTimeInMillis: () => 300_000 };
      const ran = batch.length > 0 && (await inPlace(() => fulfil({ Records: batch.map(record) }, plenty)));
      if (ran) queue.splice(0, batch.length);
      else await pause(5);
    }
  };
  const sweeps = async () => {
    while (!ended.signal.aborted) {
      void inPlace(() => fulfil({ source: 'aws.events' }, remaining));
      await pause(MINUTE_MS);
    }
  };
  const all = [...queues.map(lane), sweeps()];
  let refused = 0;
  const buy = async (): Promise<string> => {
    let id = '';
    const answered = await inPlace(async () => {
      id = (await acceptPurchase(w.deps.table, { product: 'demo', ...newOrder(), sentAt: 1 }, Date.now())).instanceId;
      await pause(10);
    });
    if (!answered) refused += 1;
    else queues[w.calls.length % queues.length]?.push(keys.instance('demo', id));
    return id;
  };
  for (let purchase = 0; purchase < PURCHASES; purchase += 1) {
    await buy();
    await pause(20);
  }
  const last = await buy();
  healthy = last;
  while (last !== '' && (await stored(w.deps.table, last)).state !== 'ACTIVE' && performance.now() - began < 20_000) {
    await pause(20);
  }
  ended.abort();
  const state = last === '' ? 'refused' : (await stored(w.deps.table, last)).state;
  await Promise.all(all);
  return { refused, state };
}

test('with ten places and a backend that hangs, every purchase is answered, and one that works is carried out', async () => {
  const { refused, state } = await play(1, PATIENCE);
  expect({ refused, state }).toEqual({ refused: 0, state: 'ACTIVE' });
}, 60_000);

test('four lanes a shard that wait for every hook would have refused purchases', async () => {
  expect((await play(4, WITHOUT)).refused).toBeGreaterThan(0);
}, 60_000);
