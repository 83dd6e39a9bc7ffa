import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { keys } from '../../lib/instances/keys.ts';
import {
  acceptOrderNotice,
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
  requeue,
} from '../../lib/instances/store.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import type { Table } from '../../lib/table/table.ts';
import { newOrder, stored, watched } from '../instances/support.ts';
import { carriedOut, DAY, order, type World, world } from './world.ts';

const MINUTE = 60_000;

let table: Table;
let w: World;
let id: { readonly product: string; readonly instanceId: string };
/** The backend's door: a renewal opens it, which the contract forbids. */
let door: 'open' | 'shut';
let failing: (hook: string) => unknown;

beforeEach(async () => {
  table = { name: 'memory', client: new MemoryEngine() };
  w = world(table);
  failing = () => undefined;
  w.behaviour.current = ({ hook }) => {
    const fault = failing(hook);
    if (fault !== undefined) return fault;
    door = hook === 'freeze' || hook === 'release' ? 'shut' : 'open';
    return undefined;
  };
  const { instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now);
  id = { product: 'demo', instanceId };
  await once();
  w.calls.length = 0;
});

const key = () => keys.instance('demo', id.instanceId);
const once = () => fulfilItem(w.deps, key(), () => 1_000_000);
const item = () => stored(table, id.instanceId);
const kinds = async () => (await item()).pending.map(({ kind }) => kind);
const status = (name: 'FREEZE' | 'UNFREEZE') => {
  w.time.now += 1;
  return acceptStatus(table, { ...id, status: name, sentAt: w.time.now }, w.time.now);
};
const renew = (more: object = {}) =>
  acceptRenewal(
    table,
    { ...id, ...newOrder(), scene: 'RENEWAL', expiresAt: w.time.now + DAY, sentAt: w.time.now, ...more },
    w.time.now,
  );
const upgrade = () => acceptUpgrade(table, { ...id, ...newOrder(), sentAt: w.time.now }, w.time.now);
const broken = (...hooks: string[]) => {
  failing = (hook) => (hooks.includes(hook) ? Promise.reject(new Error('no such contract')) : undefined);
};
/** Attempts as the sweep makes them, minute by minute. */
const minutes = async (count: number) => {
  for (let minute = 0; minute < count; minute += 1, w.time.now += MINUTE) await once();
};

describe('what can never succeed', () => {
  const never = Object.assign(new Error('shows no order line UP-1'), { permanent: true });

  test('is set aside at once and rings: an upgrade whose order is never shown does not hold up a freeze', async () => {
    w.orders.query = () => Promise.reject(never);
    await upgrade();
    await status('FREEZE');
    await once();
    expect(carriedOut(w.calls)).toEqual(['freeze']);
    expect(await item()).toMatchObject({ state: 'FROZEN', pending: [] });
    expect(Object.values((await item()).failed)).toMatchObject([{ kind: 'upgrade', reason: never.message }]);
    expect(w.metrics('FailedChange')).toBe(1);
  });

  test('is set aside also for an order notification, which would be queried without end', async () => {
    w.orders.query = () => Promise.reject(never);
    const line = newOrder();
    await acceptOrderNotice(table, { product: 'demo', ...line, sentAt: 1 }, w.time.now);
    await w.settleItem(keys.orderLine('demo', line.orderId, line.orderLineId));
    expect(w.metrics('FailedChange')).toBe(1);
    expect(w.calls).toEqual([]);
  });
});

describe('a renewal that fails', () => {
  test('lets a freeze pass after three attempts, within minutes, and goes on with its attempts and its pause', async () => {
    broken('renew');
    await renew();
    await status('FREEZE');
    await minutes(3);
    expect(carriedOut(w.calls)).toEqual(['renew', 'freeze']);
    expect(await item()).toMatchObject({ state: 'FROZEN', attempts: 3, lastError: 'Error: no such contract' });
    expect((await item()).dueAt).toBeGreaterThan(w.time.now - MINUTE);
    await minutes(5);
    expect(w.calls.at(-1)).toMatchObject({ hook: 'renew' });
    expect(w.calls.at(-1)?.attempt).toBeGreaterThan(3);
  });

  test('lets it pass after ten minutes, however few attempts there were', async () => {
    broken('renew');
    await renew();
    await status('FREEZE');
    w.time.now += 10 * MINUTE;
    await once();
    expect(carriedOut(w.calls)).toEqual(['renew', 'freeze']);
  });

  test('is passed without another attempt by a freeze that comes while it pauses', async () => {
    broken('renew');
    await renew();
    await minutes(20);
    const attempts = w.calls.length;
    await status('FREEZE');
    await once();
    expect(w.calls.slice(attempts).map(({ hook }) => hook)).toEqual(['freeze']);
    expect(w.log.entries.filter(({ message }) => message.includes('status changes pass it'))).toHaveLength(1);
    expect((await item()).attempts).toBe(attempts);
  });

  test('lets no other order pass, and no status pass another', async () => {
    broken('renew');
    await renew();
    await status('FREEZE');
    await upgrade();
    await status('UNFREEZE');
    await upgrade();
    w.time.now += 10 * MINUTE;
    await once();
    expect(carriedOut(w.calls)).toEqual(['renew', 'freeze', 'unfreeze']);
    expect(await kinds()).toEqual(['renew', 'upgrade', 'upgrade']);
    expect((await item()).pending.map(({ overtaken }) => overtaken !== undefined)).toEqual([true, true, false]);
  });

  test('heeds a freeze that is accepted while it is attempted', async () => {
    await renew();
    w.time.now += 10 * MINUTE;
    failing = async (hook) => {
      if (hook !== 'renew') return undefined;
      await status('FREEZE');
      throw new Error('down');
    };
    await once();
    expect(carriedOut(w.calls)).toEqual(['renew', 'freeze']);
  });

  test('records nothing when a release was accepted meanwhile', async () => {
    await renew();
    await status('FREEZE');
    w.time.now += 10 * MINUTE;
    failing = async (hook) => {
      if (hook !== 'renew') return undefined;
      await acceptRelease(table, { ...id, sentAt: w.time.now }, w.time.now);
      throw new Error('down');
    };
    await once();
    expect(carriedOut(w.calls)).toEqual(['renew', 'release']);
    expect(await item()).toMatchObject({ state: 'RELEASED', pending: [] });
  });

  test('steps back in one write, which also gives the item back', async () => {
    broken('renew');
    await renew();
    await status('FREEZE');
    w.time.now += 10 * MINUTE;
    const { table: counted, sent } = watched(table);
    await fulfilItem({ ...w.deps, table: counted }, key(), () => 1_000_000);
    const of = (name: string) => sent.filter((one) => one.name === name).length;
    expect([of('UpdateItem'), of('PutItem')]).toEqual([4, 2]); // claim, step back, claim, mark of an early freeze, audit and complete
  });
});

describe('the door is as the newest status says, though renewals open it,', () => {
  test.each<[string, () => Promise<unknown>, 'open' | 'shut']>([
    ['when a freeze has overtaken one', () => status('FREEZE'), 'shut'],
    [
      'when a freeze and an unfreeze have',
      async () => {
        await status('FREEZE');
        await status('UNFREEZE');
      },
      'open',
    ],
    [
      'when an unfreeze and a freeze have',
      async () => {
        await status('UNFREEZE');
        await status('FREEZE');
      },
      'shut',
    ],
  ])('%s', async (_, statuses, expected) => {
    broken('renew');
    await renew();
    await statuses();
    await minutes(15);
    failing = () => undefined;
    await w.settleItem(key());
    expect(door).toBe(expected);
    expect(await item()).toMatchObject({ state: expected === 'shut' ? 'FROZEN' : 'ACTIVE', pending: [], attempts: 0 });
    const again = w.calls.at(-1);
    expect(again?.hook).toBe(expected === 'shut' ? 'freeze' : 'unfreeze');
    expect(w.calls.filter((call) => call.key === again?.key)).toHaveLength(1);
  });

  test('when one comes for a frozen instance', async () => {
    await status('FREEZE');
    await renew();
    await once();
    expect(carriedOut(w.calls)).toEqual(['freeze', 'renew', 'freeze']);
    expect(door).toBe('shut');
  });

  test('and nothing is called twice where another status waits', async () => {
    await status('FREEZE');
    await renew();
    await status('UNFREEZE');
    await once();
    expect(carriedOut(w.calls)).toEqual(['freeze', 'renew', 'unfreeze']);
  });

  test('when a renewal that was set aside comes back after a newer status', async () => {
    failing = (hook) => (hook === 'renew' ? { failed: { reason: 'no' } } : undefined);
    await renew();
    await status('FREEZE');
    await status('UNFREEZE');
    await once();
    failing = () => undefined;
    await requeue(table, key(), w.time.now);
    await once();
    expect(carriedOut(w.calls)).toEqual(['renew', 'freeze', 'unfreeze', 'renew', 'unfreeze']);
  });

  test('but not while nobody knows how far a status came', async () => {
    failing = (hook) => (hook === 'freeze' ? { failed: { reason: 'half' } } : undefined);
    await renew();
    w.time.now += 10 * MINUTE;
    failing = (hook) =>
      hook === 'renew' && w.calls.length < 2
        ? Promise.reject(new Error('down'))
        : hook === 'freeze'
          ? { failed: { reason: 'half' } }
          : undefined;
    await status('FREEZE');
    await w.settleItem(key());
    expect(carriedOut(w.calls)).toEqual(['renew', 'freeze', 'renew']);
  });
});

test('the seller is told what the marketplace wants, whatever has been done', async () => {
  await upgrade();
  await status('FREEZE');
  await once();
  expect(w.calls.map(({ change }) => (change as { wanted: string }).wanted)).toEqual(['FROZEN', 'FROZEN']);
});

describe('what is set aside', () => {
  test('does not grow with every status, and can be queued again and released', async () => {
    failing = (hook) => (hook === 'provision' ? undefined : { failed: { reason: 'There is no such tenant.' } });
    for (let turn = 0; turn < 12; turn += 1) {
      await status(turn % 2 === 0 ? 'FREEZE' : 'UNFREEZE');
      await once();
    }
    expect(Object.values((await item()).failed)).toMatchObject([{ kind: 'unfreeze' }]);
    await acceptRelease(table, { ...id, sentAt: w.time.now }, w.time.now);
    await once();
    expect((await requeue(table, key(), w.time.now))?.map(({ kind }) => kind)).toEqual(['release']);
  });

  const renewals = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...newOrder(),
      id: `renewal-${index}`,
      kind: 'renew' as const,
      scene: 'RENEWAL' as const,
      expiresAt: w.time.now + DAY,
      acceptedAt: w.time.now + index,
      sentAt: w.time.now + index,
    }));
  /** Puts so many changes into the item, as calls and attempts one by one would. */
  const put = async (more: object) => {
    const whole = { ...(await item()), ...more };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(whole) }));
  };

  test('is queued again in writes whose expressions stay below 4 KB, in order', async () => {
    const failed = renewals(130).map((change) => [change.id, { ...change, reason: 'no', failedAt: w.time.now }]);
    await put({ failed: Object.fromEntries(failed.toReversed()) });
    const { table: counted, sent } = watched(table);
    const queued = await requeue(counted, key(), w.time.now);
    expect(queued?.map((change) => change.id)).toEqual(failed.map(([name]) => name));
    expect(await item()).toMatchObject({ failed: {}, pending: { length: 130 } });
    expectShort(sent);
  });

  test('with a purchase is all that waits behind it, in writes whose expressions stay below 4 KB', async () => {
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now);
    id = { product: 'demo', instanceId };
    await put({ pending: [...(await item()).pending, ...renewals(130)] });
    failing = (hook) => (hook === 'provision' ? { failed: { reason: 'no' } } : undefined);
    const { table: counted, sent } = watched(table);
    await fulfilItem({ ...w.deps, table: counted }, key(), () => 1_000_000);
    expect(await item()).toMatchObject({ state: 'FAILED', pending: [] });
    expect(Object.keys((await item()).failed)).toHaveLength(131);
    expect(carriedOut(w.calls)).toEqual(['provision', 'release']);
    expectShort(sent);
    expect(await requeue(table, key(), w.time.now)).toHaveLength(131);
    expect((await item()).pending[0]).toMatchObject({ kind: 'provision', round: 1 });
  });
});

function expectShort(sent: ReturnType<typeof watched>['sent']): void {
  for (const { input } of sent) {
    for (const name of ['UpdateExpression', 'ConditionExpression']) {
      expect(String(input[name] ?? '').length).toBeLessThan(4_096);
    }
  }
}

test('the order of a purchase that is never shown is asked for until its window ends: it may only be late', async () => {
  const line = newOrder();
  const { instanceId } = await acceptPurchase(table, { product: 'demo', ...line, sentAt: w.time.now }, w.time.now);
  id = { product: 'demo', instanceId };
  w.orders.query = () => Promise.reject(Object.assign(new Error('no such order'), { permanent: true }));
  await once();
  expect(await item()).toMatchObject({ state: 'PENDING', attempts: 1 });
  w.orders.query = async () => order(line.orderId);
  await w.settleItem(key());
  expect(await item()).toMatchObject({ state: 'ACTIVE' });
});
