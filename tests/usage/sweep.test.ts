import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reportUsage } from '../../lib/usage/store.ts';
import { sweepUsage } from '../../lib/usage/sweep.ts';
import { freshTable } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { PushError } from './billing.ts';
import { mortal } from './mortal.ts';
import {
  DAY,
  HOUR,
  instanceOf,
  NOW,
  opened,
  plenty,
  putAll,
  recordOf,
  recordsOf,
  report,
  storedRecord,
  usageWorld,
} from './world.ts';

let running: TestTable;
beforeAll(async () => {
  running = await startTable();
});
afterAll(() => running.stop());

/** A world with an instance that has so many hours to be pushed. */
async function waiting(hours: number, batchSize?: number) {
  const table = await freshTable(running);
  const w = usageWorld(table, {}, batchSize);
  const instanceId = await opened(table);
  await putAll(
    table,
    Array.from({ length: hours }, (_, ago) => storedRecord(instanceId, ago, '1')),
  );
  return { ...w, table, instanceId, total: async () => (await instanceOf(table, instanceId)).usage?.total };
}

const at = (ago: number) => NOW - ago * HOUR;

describe('a sweep', () => {
  test('pushes in batches of the size that is set, each record once', async () => {
    const w = await waiting(25, 10);
    expect(await w.sweep()).toMatchObject({ accepted: 25, left: 0, complete: true });
    expect(Math.max(...w.billing.pushes)).toBe(10);
    expect(w.billing.pushes.reduce((sum, size) => sum + size)).toBe(25);
    expect(await w.total()).toBe('25');
    expect(await w.sweep()).toMatchObject({ accepted: 0 });
  });

  test('falls back to batches of 100 where the marketplace takes no more', async () => {
    const w = await waiting(250);
    const { push } = w.billing;
    const sizes: number[] = [];
    const deps = {
      ...w.deps,
      pushUsage: ((product, records, signal) => {
        sizes.push(records.length);
        if (records.length > 100) throw new PushError('MKT.9003');
        return push(product, records, signal);
      }) as typeof push,
    };
    expect(await sweepUsage(deps, plenty)).toMatchObject({ accepted: 250 });
    expect(sizes).toEqual([250, 50, 100, 100]);
  });

  test('finds the records that spoil a push, rejects them, and bills the others', async () => {
    const w = await waiting(64);
    const spoilt = new Set([at(5), at(40)]);
    w.billing.poison = ({ endTime }) => (spoilt.has(endTime.getTime()) ? 'MKT.9002' : undefined);
    expect(await w.sweep()).toMatchObject({ accepted: 62, rejected: 2, left: 0 });
    expect(w.billing.billed.size).toBe(62);
    expect(await recordOf(w.table, w.instanceId, 40)).toMatchObject({ state: 'rejected', code: 'MKT.9002' });
    expect(w.metrics('RejectedUsage')).toBe(2);
    expect(await w.total()).toBe('62');
  });

  test('leaves everything due when the account is refused, and blames no record', async () => {
    const w = await waiting(20, 5);
    w.billing.poison = () => 'APIG.0301';
    expect(await w.sweep()).toMatchObject({ accepted: 0, rejected: 0, left: 20 });
    expect(w.billing.pushes).toHaveLength(2);
    expect(w.metrics('FailedUsagePush')).toBe(2);
    w.billing.poison = () => undefined;
    expect(await w.sweep()).toMatchObject({ accepted: 20 });
  });

  test('pushes once more what an answer says nothing of, without what it refuses', async () => {
    const w = await waiting(10);
    w.billing.takesOthers = false;
    w.billing.objection = ({ endTime }) => (endTime.getTime() === at(3) ? '014' : undefined);
    expect(await w.sweep()).toMatchObject({ accepted: 9, rejected: 1 });
    expect(w.billing.pushes).toEqual([10, 9]);
    expect(w.billing.billed.size).toBe(9);
  });

  test('takes "failed, record errors listed" without a list for the fault of one of them, and rejects none', async () => {
    const w = await waiting(8);
    w.billing.poison = ({ endTime }) => (endTime.getTime() === at(3) ? '94060999' : undefined);
    expect(await w.sweep()).toMatchObject({ accepted: 7, rejected: 0, held: 1 });
  });

  test('keeps products apart: what fails for one is pushed for the other', async () => {
    const table = await freshTable(running);
    const w = usageWorld(table);
    const instanceId = await opened(table);
    await reportUsage(w.deps, report(instanceId));
    await putAll(table, [{ ...storedRecord('x', 0, '1'), pk: 'USAGE#gone#x', product: 'gone' }]);
    expect(await w.sweep()).toMatchObject({ accepted: 1, left: 1 });
  });

  test('ends when its time is up, and says so', async () => {
    const w = await waiting(20);
    expect(await sweepUsage(w.deps, () => 1_000)).toMatchObject({ accepted: 0, complete: false });
    expect(await w.sweep()).toMatchObject({ accepted: 20, complete: true });
  });
});

describe('a record that is turned down', () => {
  test.each(['013', '016', '019', '008', '020'])(
    'with %s is due again in the next hour, under another number',
    async (code) => {
      const w = await waiting(1);
      const before = await recordOf(w.table, w.instanceId);
      w.billing.objection = () => code;
      expect(await w.sweep()).toMatchObject({ accepted: 0, postponed: 1 });
      const after = await recordOf(w.table, w.instanceId);
      expect(after).toMatchObject({ state: 'due', code, revision: 1 });
      expect(after?.meteringSn).not.toBe(before?.meteringSn);
      expect(await w.sweep()).toMatchObject({ accepted: 0, postponed: 0 });
      w.billing.objection = () => undefined;
      w.time.now += HOUR;
      expect(await w.sweep()).toMatchObject({ accepted: 1 });
      expect(await w.total()).toBe('1');
    },
  );

  test.each('001 002 003 004 006 007 009 011 012 014 015 017 018'.split(' '))(
    'with %s is rejected with its reason, and rings the alarm',
    async (code) => {
      const w = await waiting(1);
      w.billing.objection = () => code;
      expect(await w.sweep()).toMatchObject({ rejected: 1 });
      expect(await recordOf(w.table, w.instanceId)).toMatchObject({
        ...{ state: 'rejected', code, reason: expect.stringMatching(/\w{4}/) },
      });
      expect(w.metrics('RejectedUsage')).toBe(1);
      expect(await w.total()).toBeUndefined();
    },
  );

  test.each(['005', '010'])('with %s has been billed before', async (code) => {
    const w = await waiting(1);
    w.billing.objection = () => code;
    expect(await w.sweep()).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await w.total()).toBe('1');
  });

  test('after it was counted is accepted: the marketplace cannot have turned down what it has billed', async () => {
    const w = await waiting(2);
    const doomed = mortal(w.deps, Number.POSITIVE_INFINITY, 'before');
    const client = doomed.deps.table.client;
    const send: typeof client.send = (...args: unknown[]) => {
      const { input } = args[0] as { input: { UpdateExpression?: string } };
      if (input.UpdateExpression?.includes(':accepted') === true) doomed.process.isDead = true;
      return Reflect.apply(client.send, client, args) as never;
    };
    await sweepUsage({ ...doomed.deps, table: { ...doomed.deps.table, client: { send } } }, plenty);
    expect(await w.total()).toBe('2');
    expect((await recordsOf(w.table, w.instanceId, 2)).map(({ state }) => state)).toEqual(['due', 'due']);
    w.billing.objection = () => '003';
    expect(await w.sweep()).toMatchObject({ accepted: 2, rejected: 0 });
    expect(await w.total()).toBe('2');
  });
});

describe('an alarm', () => {
  test('rings when the runs of an hour have passed and its usage is still due', async () => {
    const w = await waiting(3);
    w.billing.mood = () => 'fails before';
    w.time.now = NOW + 60_000;
    expect(await w.sweep()).toMatchObject({ left: 3, late: 0 });
    expect(w.metrics('LateUsage')).toBe(0);
    w.time.now = NOW + 13 * 60_000;
    expect(await w.sweep()).toMatchObject({ left: 3, late: 3 });
    expect(w.metrics('LateUsage')).toBe(1);
  });

  test('rings three days before a record becomes too old, while it can still be pushed', async () => {
    const w = await waiting(1);
    w.billing.objection = () => '016';
    w.time.now = NOW + 17 * DAY;
    expect(await w.sweep()).toMatchObject({ postponed: 1, nearLimit: 0 });
    w.time.now = NOW + 18 * DAY;
    expect(await w.sweep()).toMatchObject({ postponed: 1, nearLimit: 1 });
    expect(w.metrics('UsageNearLimit')).toBe(1);
    w.billing.objection = () => undefined;
    w.time.now += HOUR;
    expect(await w.sweep()).toMatchObject({ accepted: 1 });
  });

  test('rings for a record that has become too old; it spoils no push', async () => {
    const w = await waiting(2);
    w.time.now = NOW + 21 * DAY - HOUR + 1_000;
    await reportUsage(w.deps, { ...report(w.instanceId), begin: '2025-10-11T10:00:00Z', end: '2025-10-11T11:00:00Z' });
    expect(await w.sweep()).toMatchObject({ accepted: 1, rejected: 2 });
    expect(w.billing.pushes).toEqual([1]);
    expect(await recordOf(w.table, w.instanceId)).toMatchObject({ state: 'rejected', code: 'too-old' });
    expect(w.metrics('RejectedUsage')).toBe(2);
  });

  test('may rely on a sign of life of every sweep', async () => {
    const w = await waiting(0);
    await w.sweep();
    expect(w.metrics('OldestDueUsage')).toBe(1);
  });
});
