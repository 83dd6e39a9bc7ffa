import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { keys } from '../../lib/instances/keys.ts';
import {
  acceptOrderNotice,
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  requeue,
} from '../../lib/instances/store.ts';
import type { Table } from '../../lib/table/table.ts';
import { carriedOut, DAY, type World, world } from '../fulfilment/world.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ENGINES, freshTable, newOrder, stored } from './support.ts';

describe.each(ENGINES)('queueing failed changes again on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  let w: World;
  let failing: string[];
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    table = await freshTable(running);
    w = world(table);
    failing = [];
    w.behaviour.current = ({ hook }) => (failing.includes(hook) ? { failed: { reason: 'for good' } } : undefined);
  });

  const active = async () => {
    const line = newOrder();
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...line, sentAt: 1 }, w.time.now);
    return { id: { product: 'demo', instanceId }, key: keys.instance('demo', instanceId), line, instanceId };
  };
  const renewal = (more: object = {}) => ({
    ...newOrder(),
    scene: 'RENEWAL' as const,
    expiresAt: w.time.now + DAY,
    sentAt: w.time.now,
    ...more,
  });

  test('queues nothing where nothing failed, and knows when there is no such item', async () => {
    const { key } = await active();
    expect(await requeue(table, key, w.time.now)).toEqual([]);
    expect(await requeue(table, keys.instance('demo', 'nobody'), w.time.now)).toBeUndefined();
  });

  test('carries all of them out, in order, with their keys', async () => {
    const { id, key, instanceId } = await active();
    failing = ['renew', 'freeze'];
    const order = renewal();
    await acceptRenewal(table, { ...id, ...order }, w.time.now);
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 5 }, w.time.now + 1);
    await w.settle();
    const before = w.calls.map((call) => call.key);
    failing = [];
    const queued = await requeue(table, key, w.time.now);
    expect(queued?.map(({ kind }) => kind)).toEqual(['renew', 'freeze']);
    expect(await acceptRenewal(table, { ...id, ...order }, w.time.now)).toMatchObject({ accepted: false });
    await w.settle();
    expect(carriedOut(w.calls)).toEqual(['provision', 'renew', 'freeze', 'renew', 'freeze']);
    expect(w.calls.slice(3).map((call) => call.key)).toEqual(before.slice(1));
    expect(await stored(table, instanceId)).toMatchObject({ state: 'FROZEN', pending: [], failed: {} });
  });

  test('brings a failed purchase back before what was behind it, and its window begins anew', async () => {
    const { id, key, instanceId } = await active();
    await acceptRenewal(table, { ...id, ...renewal() }, w.time.now);
    failing = ['provision'];
    await w.settle();
    expect(await stored(table, instanceId)).toMatchObject({ state: 'FAILED' });
    w.time.now += DAY;
    w.behaviour.current = ({ hook, attempt }) =>
      hook === 'provision' && attempt < 2 ? Promise.reject(new Error('not yet')) : undefined;
    expect((await requeue(table, key, w.time.now))?.map(({ kind }) => kind)).toEqual(['provision', 'renew']);
    expect(await stored(table, instanceId)).not.toHaveProperty('failure');
    await w.settle();
    expect(await stored(table, instanceId)).toMatchObject({ state: 'ACTIVE', pending: [], failed: {} });
  });

  test('does not freeze again what was unfrozen since', async () => {
    const { id, key, instanceId } = await active();
    failing = ['freeze'];
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 5 }, w.time.now);
    await w.settle();
    failing = [];
    await acceptStatus(table, { ...id, status: 'UNFREEZE', sentAt: 6 }, w.time.now);
    expect(await requeue(table, key, w.time.now)).toEqual([]);
    await w.settle();
    expect(await stored(table, instanceId)).toMatchObject({ state: 'ACTIVE' });
    // The failed freeze may have had half its effect, so the unfreeze was not skipped.
    expect(carriedOut(w.calls)).toEqual(['provision', 'freeze', 'unfreeze']);
  });

  test('does not unfreeze again what was frozen since', async () => {
    const { id, key } = await active();
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 5 }, w.time.now);
    failing = ['unfreeze'];
    await acceptStatus(table, { ...id, status: 'UNFREEZE', sentAt: 6 }, w.time.now);
    await w.settle();
    failing = [];
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 7 }, w.time.now);
    expect(await requeue(table, key, w.time.now)).toEqual([]);
  });

  test('brings a renewal back with its date, which no newer status takes from it', async () => {
    const { id, key } = await active();
    failing = ['renew'];
    await acceptRenewal(table, { ...id, ...renewal({ expiresAt: 111, sentAt: 5 }) }, w.time.now);
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 6 }, w.time.now);
    await w.settle();
    expect(await requeue(table, key, w.time.now)).toMatchObject([{ kind: 'renew', expiresAt: 111 }]);
  });

  test('does not revive a failed purchase that was released, though its release failed too', async () => {
    const { id, key, instanceId } = await active();
    failing = ['provision', 'release'];
    await w.settle();
    await acceptRelease(table, { ...id, sentAt: 9 }, w.time.now);
    await w.settle();
    expect(await requeue(table, key, w.time.now)).toMatchObject([{ kind: 'release' }]);
    expect(await stored(table, instanceId)).toMatchObject({ state: 'FAILED', failure: {} });
  });

  test.each<
    [string, (id: { product: string; instanceId: string }) => Promise<unknown>, readonly (readonly unknown[])[]]
  >([
    ['a release', (id) => acceptRelease(table, { ...id, sentAt: 9 }, w.time.now), []],
    [
      'a newer status',
      (id) => acceptStatus(table, { ...id, status: 'UNFREEZE', sentAt: 9 }, w.time.now),
      [['renew', 111]],
    ],
    [
      'a newer renewal',
      (id) => acceptRenewal(table, { ...id, ...renewal({ sentAt: 9 }) }, w.time.now),
      [['renew', undefined], ['freeze']],
    ],
  ])('heeds %s that is accepted while it looks', async (_, accept, queued) => {
    const { id, key, instanceId } = await active();
    failing = ['renew', 'freeze'];
    await acceptRenewal(table, { ...id, ...renewal({ expiresAt: 111, sentAt: 5 }) }, w.time.now);
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 6 }, w.time.now + 1);
    await w.settle();
    let reads = 0;
    const send: Table['client']['send'] = async (...args: unknown[]) => {
      const answer = await Reflect.apply(table.client.send, table.client, args);
      if (args[0] instanceof GetItemCommand && ++reads === 1) await accept(id);
      return answer as never;
    };
    const changes = await requeue({ name: table.name, client: { send } }, key, w.time.now);
    const shown = changes?.map((change) => (change.kind === 'renew' ? ['renew', change.expiresAt] : [change.kind]));
    expect(shown).toEqual(queued);
    expect((await stored(table, instanceId)).pending).toHaveLength(queued.length === 0 ? 1 : queued.length + 1);
  });

  test('takes the date of a newer renewal for an older one', async () => {
    const { id, key } = await active();
    failing = ['renew'];
    await acceptRenewal(table, { ...id, ...renewal({ expiresAt: 111 }) }, w.time.now);
    await w.settle();
    failing = [];
    await acceptRenewal(table, { ...id, ...renewal({ expiresAt: 222 }) }, w.time.now);
    await w.settle();
    await requeue(table, key, w.time.now);
    await w.settle();
    const dates = w.calls.filter(({ hook }) => hook === 'renew').map(({ change }) => change as { expiresAt: Date });
    expect(dates.map(({ expiresAt }) => expiresAt.getTime())).toEqual([111, 222, 222]);
  });

  test('queues only the release of a released instance; a repeated release does the same', async () => {
    const { id, key, instanceId } = await active();
    failing = ['renew', 'release'];
    await acceptRenewal(table, { ...id, ...renewal() }, w.time.now);
    await w.settle();
    await acceptRelease(table, { ...id, sentAt: 9 }, w.time.now);
    await w.settle();
    expect((await requeue(table, key, w.time.now))?.map(({ kind }) => kind)).toEqual(['release']);
    await w.settle();
    failing = [];
    expect(await acceptRelease(table, { ...id, sentAt: 9 }, w.time.now)).toMatchObject({
      resultCode: '000000',
      accepted: true,
    });
    await w.settle();
    expect(await stored(table, instanceId)).toMatchObject({ state: 'RELEASED', failed: {} });
  });

  test('brings a failed order notice back, also by its repeat', async () => {
    const line = newOrder();
    failing = ['orderNotified'];
    await acceptOrderNotice(table, { product: 'demo', ...line, sentAt: 1 }, w.time.now);
    await w.settle();
    const key = keys.orderLine('demo', line.orderId, line.orderLineId);
    expect(await requeue(table, key, w.time.now)).toMatchObject([{ kind: 'orderNotified' }]);
    await w.settle();
    failing = [];
    expect(await acceptOrderNotice(table, { product: 'demo', ...line, sentAt: 2 }, w.time.now)).toMatchObject({
      accepted: true,
    });
    await w.settle();
    expect(w.calls).toHaveLength(3);
    expect(new Set(w.calls.map((call) => call.key)).size).toBe(1);
    expect(await requeue(table, key, w.time.now)).toEqual([]);
  });

  test('by many operators at once queues each change once', async () => {
    const { id, key, instanceId } = await active();
    failing = ['renew'];
    await acceptRenewal(table, { ...id, ...renewal() }, w.time.now);
    await w.settle();
    const queued = await Promise.all(Array.from({ length: 5 }, () => requeue(table, key, w.time.now)));
    expect(queued.flat()).toHaveLength(1);
    expect((await stored(table, instanceId)).pending).toHaveLength(1);
  });
});
