import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { type Key, keys } from '../../lib/instances/keys.ts';
import { claim } from '../../lib/instances/outbox.ts';
import { acceptPurchase, acceptRelease, acceptStatus, requeue } from '../../lib/instances/store.ts';
import { wakeAt } from '../../lib/instances/wake.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import type { Table } from '../../lib/table/table.ts';
import { newOrder, stored, watched } from '../instances/support.ts';
import { carriedOut, HOUR, type World, world } from './world.ts';

const MINUTE = 60_000;
const WINDOW = HOUR / 2;

let table: Table;
let w: World;
beforeEach(() => {
  table = { name: 'memory', client: new MemoryEngine() };
  w = world(table, { provisionWindow: WINDOW });
});

const down = () => Promise.reject(new Error('down'));
const plenty = () => 1_000_000;

async function buy() {
  const call = { product: 'demo', ...newOrder(), sentAt: w.time.now, window: WINDOW };
  const { instanceId } = await acceptPurchase(table, call, w.time.now);
  return { call, instanceId, key: keys.instance('demo', instanceId) };
}
const repeat = ({ call }: Awaited<ReturnType<typeof buy>>, on = table) =>
  acceptPurchase(on, { ...call, sentAt: w.time.now }, w.time.now);
const once = (key: Key) => fulfilItem(w.deps, key, plenty);

describe('a purchase whose backend is down', () => {
  test('is tried at least every two minutes until its window closes', async () => {
    const { key } = await buy();
    w.deps = { ...w.deps, random: () => 0.999 };
    const starts: number[] = [];
    w.behaviour.current = ({ hook }) => {
      if (hook !== 'provision') return undefined;
      starts.push(w.time.now);
      return down();
    };
    const begun = w.time.now;
    for (; w.time.now - begun <= WINDOW; w.time.now += MINUTE) await once(key);
    const gaps = [...starts.slice(1), begun + WINDOW].map((start, index) => start - (starts[index] ?? 0));
    expect(starts.length).toBeGreaterThan(14);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * MINUTE);
  });

  test('is made due at once by a repeat, with one more write', async () => {
    const bought = await buy();
    w.behaviour.current = down;
    for (let minute = 0; minute < 10; minute += 1) {
      w.time.now += MINUTE;
      await once(bought.key);
    }
    w.time.now += 1;
    expect((await stored(table, bought.instanceId)).dueAt).toBeGreaterThan(w.time.now);
    const { table: counted, sent } = watched(table);
    expect(await repeat(bought, counted)).toMatchObject({ resultCode: '000004', accepted: false });
    expect(sent.map(({ name }) => name)).toEqual(['PutItem', 'UpdateItem']);
    w.behaviour.current = () => undefined;
    await once(bought.key);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE' });
  });

  test('is made due at once by an operator; what waits for nothing is left alone', async () => {
    const { key, instanceId } = await buy();
    expect(await wakeAt(table, key, w.time.now)).toBeUndefined();
    w.behaviour.current = down;
    await once(key);
    expect(await wakeAt(table, key, w.time.now)).toMatchObject({ kind: 'provision' });
    expect(await stored(table, instanceId)).toMatchObject({ dueAt: 0, attempts: 1 });
    expect(await wakeAt(table, keys.instance('demo', 'nobody'), w.time.now)).toBeUndefined();
  });

  test('that is woken while a worker takes it stays that worker’s', async () => {
    const { key, instanceId } = await buy();
    w.behaviour.current = down;
    await once(key);
    const before = await stored(table, instanceId);
    w.time.now += MINUTE;
    await claim(table, key, { owner: 'worker', until: w.time.now + 1_000, now: w.time.now });
    const stale: Table = {
      name: table.name,
      client: {
        send: async (...args: unknown[]) => {
          const [command] = args as [object];
          if (command.constructor.name === 'GetItemCommand') return { Item: marshall(before) } as never;
          return Reflect.apply(table.client.send, table.client, args) as never;
        },
      },
    };
    w.time.now -= MINUTE;
    expect(await wakeAt(stale, key, w.time.now)).toBeUndefined();
    expect(await stored(table, instanceId)).toMatchObject({ leaseOwner: 'worker' });
  });
});

describe('a repeat costs one request', () => {
  const counted = async (bought: Awaited<ReturnType<typeof buy>>) => {
    const { table: on, sent } = watched(table);
    await repeat(bought, on);
    return sent.map(({ name }) => name);
  };

  test('before the first attempt, while one runs, when one is due, and when all is done', async () => {
    const bought = await buy();
    expect(await counted(bought)).toEqual(['PutItem']);
    w.behaviour.current = async () => {
      expect(await counted(bought)).toEqual(['PutItem']);
      throw new Error('down');
    };
    await once(bought.key);
    w.time.now += 2 * MINUTE;
    expect(await counted(bought)).toEqual(['PutItem']);
    w.behaviour.current = () => undefined;
    await once(bought.key);
    expect(await counted(bought)).toEqual(['PutItem']);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE' });
  });
});

describe('after the window', () => {
  test('no first attempt is made', async () => {
    const { key, instanceId } = await buy();
    w.time.now += 48 * HOUR; // nothing ran for two days
    await once(key);
    expect(w.calls).toEqual([]);
    expect(await stored(table, instanceId)).toMatchObject({ state: 'FAILED', pending: [] });
  });

  test('one is made if the marketplace asks again, whether or not somebody has ended the purchase', async () => {
    for (const isEnded of [false, true]) {
      const bought = await buy();
      w.time.now += 48 * HOUR;
      if (isEnded) await once(bought.key);
      expect(await repeat(bought)).toMatchObject({ resultCode: '000004' });
      w.calls.length = 0;
      await once(bought.key);
      expect(carriedOut(w.calls)).toEqual(['provision']);
      expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE', pending: [], failed: {} });
    }
  });

  test('what was accepted behind it meanwhile stays behind it', async () => {
    const bought = await buy();
    const { instanceId } = bought;
    await acceptStatus(table, { product: 'demo', instanceId, status: 'FREEZE', sentAt: w.time.now }, w.time.now);
    w.time.now += 48 * HOUR;
    await repeat(bought);
    await w.settleItem(bought.key);
    expect(carriedOut(w.calls)).toEqual(['provision', 'freeze']);
  });
});

/** A backend that remembers what it answered to each key, as the contract advises. */
function rememberingBackend() {
  const answers = new Map<string, unknown>();
  const tenants = new Set<string>();
  let serial = 0;
  const state = { isSlow: false, tenants, answers };
  w.behaviour.current = ({ hook, key }) => {
    if (!answers.has(key)) {
      if (hook === 'provision') {
        serial += 1;
        tenants.add(`tenant-${serial}`);
      }
      if (hook === 'release') tenants.clear();
      answers.set(key, undefined);
    }
    if (state.isSlow && hook === 'provision') throw new Error('took longer than 30000 ms');
    return answers.get(key);
  };
  return state;
}

describe('a purchase that failed for good', () => {
  test('is cleaned up, made anew when it is asked for again, and released: one live tenant, then none', async () => {
    const backend = rememberingBackend();
    const bought = await buy();
    backend.isSlow = true;
    await w.settleItem(bought.key);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'FAILED', wanted: 'ACTIVE', pending: [] });
    expect(backend.tenants.size).toBe(0);

    backend.isSlow = false;
    expect(await repeat(bought)).toMatchObject({ resultCode: '000004', instanceId: bought.instanceId });
    await w.settleItem(bought.key);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE', pending: [], failed: {} });
    expect(backend.tenants.size).toBe(1);

    await acceptRelease(table, { product: 'demo', instanceId: bought.instanceId, sentAt: w.time.now }, w.time.now);
    await w.settleItem(bought.key);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'RELEASED', pending: [] });
    expect(backend.tenants.size).toBe(0);
    expect(carriedOut(w.calls)).toEqual(['provision', 'release', 'provision', 'release']);
    const keysOf = new Map(
      w.calls.map(({ key, hook, change }) => [key, [hook, (change as { wanted: string }).wanted]]),
    );
    expect([...keysOf.values()]).toEqual([
      ['provision', 'ACTIVE'],
      ['release', 'ACTIVE'],
      ['provision', 'ACTIVE'],
      ['release', 'RELEASED'],
    ]);
  });

  test('counts its rounds: each has keys of its own', async () => {
    const backend = rememberingBackend();
    backend.isSlow = true;
    const bought = await buy();
    for (let round = 0; round < 3; round += 1) {
      await w.settleItem(bought.key);
      await repeat(bought);
    }
    expect(backend.answers.size).toBe(6);
    expect((await stored(table, bought.instanceId)).pending).toMatchObject([{ kind: 'provision', round: 3 }]);
  });

  test('runs behind its clean-up when it is asked for again meanwhile', async () => {
    const bought = await buy();
    w.behaviour.current = down;
    for (let minute = 0; minute <= 30; minute += 1, w.time.now += MINUTE) await once(bought.key);
    expect((await stored(table, bought.instanceId)).pending).toMatchObject([{ kind: 'cleanUp', round: 1 }]);
    await repeat(bought);
    expect((await stored(table, bought.instanceId)).pending).toMatchObject([
      { kind: 'cleanUp' },
      { kind: 'provision' },
    ]);
    w.behaviour.current = () => undefined;
    w.calls.length = 0;
    await w.settleItem(bought.key);
    expect(carriedOut(w.calls)).toEqual(['release', 'provision']);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE', pending: [] });
  });

  test.each<[string, object, readonly string[]]>([
    ['refused at once is not cleaned up', { refused: { resultCode: '000106' } }, ['provision']],
    ['failed by the seller’s own word is', { failed: { reason: 'no' } }, ['provision', 'release']],
  ])('%s', async (_, answer, hooks) => {
    const { key } = await buy();
    w.behaviour.current = ({ hook }) => (hook === 'provision' ? answer : undefined);
    await w.settleItem(key);
    expect(carriedOut(w.calls)).toEqual(hooks);
  });

  test('refused after an attempt that threw is cleaned up', async () => {
    const { key } = await buy();
    w.behaviour.current = ({ hook, attempt }) => {
      if (hook !== 'provision') return undefined;
      if (attempt === 1) throw new Error('timed out');
      return { refused: { resultCode: '000106' } };
    };
    await w.settleItem(key);
    expect(carriedOut(w.calls)).toEqual(['provision', 'release']);
  });

  test('rings when its clean-up fails for good, and both come back with the operator', async () => {
    const { key, instanceId } = await buy();
    w.behaviour.current = () => ({ failed: { reason: 'no' } });
    await w.settleItem(key);
    expect(w.metrics('FailedChange')).toBe(1);
    expect(
      Object.values((await stored(table, instanceId)).failed)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['cleanUp', 'provision']);
    w.behaviour.current = () => undefined;
    expect((await requeue(table, key, w.time.now))?.map(({ kind }) => kind)).toEqual(['cleanUp', 'provision']);
    await w.settleItem(key);
    expect(await stored(table, instanceId)).toMatchObject({ state: 'ACTIVE', pending: [], failed: {} });
  });

  test('is released under the one key of its release, also while its clean-up waits', async () => {
    const bought = await buy();
    w.behaviour.current = down;
    for (let minute = 0; minute <= 30; minute += 1, w.time.now += MINUTE) await once(bought.key);
    const { instanceId } = bought;
    await acceptRelease(table, { product: 'demo', instanceId, sentAt: w.time.now }, w.time.now);
    w.behaviour.current = () => undefined;
    w.calls.length = 0;
    await w.settleItem(bought.key);
    expect(w.calls).toMatchObject([{ hook: 'release', change: { wanted: 'RELEASED' } }]);
    expect(await stored(table, instanceId)).toMatchObject({ state: 'RELEASED', pending: [] });
  });
});

describe('no claim is refused after a change has ended', () => {
  test.each(['ends', 'fails'])('when it %s', async (how) => {
    const { key } = await buy();
    if (how === 'fails') w.behaviour.current = down;
    const { table: counted, sent } = watched(table);
    await fulfilItem({ ...w.deps, table: counted }, key, plenty);
    expect(sent.map(({ name }) => name)).toEqual(
      how === 'ends' ? ['UpdateItem', 'PutItem', 'UpdateItem'] : ['UpdateItem', 'UpdateItem'],
    );
  });
});
