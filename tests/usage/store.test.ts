import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readItem } from '../../lib/instances/write.ts';
import { adoptWritten } from '../../lib/usage/adopt.ts';
import type { PushUsage } from '../../lib/usage/dependencies.ts';
import { meteringSn, usageKey, usagePartition } from '../../lib/usage/keys.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { flushUsage } from '../../lib/usage/sweep.ts';
import { ENGINES, pagesOf, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { HOUR, instanceOf, NOW, opened, putWritten, recordOf, report, usageWorld } from './world.ts';

describe.each(ENGINES)('usage on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  describe('a period', () => {
    test('is stored in one conditional write, due at once, with its metering number', async () => {
      const instanceId = await opened(running.table);
      const { table, sent } = watched(running.table);
      const w = usageWorld(table);
      expect(await reportUsage(w.deps, report(instanceId))).toMatchObject({ outcome: 'stored' });
      expect(sent.map(({ name }) => name)).toEqual(['BatchGetItem', 'Query', 'PutItem']);
      const record = await recordOf(running.table, instanceId);
      expect(record).toMatchObject({
        ...{ state: 'due', dueAt: NOW, storedAt: NOW, value: '1.5', reportId: 'r-0', revision: 0 },
        meteringSn: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(record?.dueShard).toBeGreaterThanOrEqual(8);
      expect(record?.dueShard).toBeLessThanOrEqual(15);
    });

    test('that is reported again alike is known, in whatever form it is written', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      const first = await reportUsage(w.deps, report(instanceId));
      w.time.now += HOUR;
      const again = { ...report(instanceId), begin: '20250920T110000Z', end: '20250920T120000Z', value: 1.5 };
      const second = await reportUsage(w.deps, again);
      expect(second).toEqual({ outcome: 'known', record: 'record' in first ? first.record : undefined });
    });

    test.each([
      ['another number', { value: '2' }],
      ['another id', { id: 'r-other' }],
    ])('that is reported again with %s is refused, and what was first stays', async (_, more) => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      await reportUsage(w.deps, report(instanceId));
      const answer = await reportUsage(w.deps, report(instanceId, 0, more));
      expect(answer).toMatchObject({
        outcome: 'refused',
        code: 'conflict',
        reason: expect.stringContaining('reported already with 1.5 (id r-0)'),
      });
      await w.sweep();
      expect(await reportUsage(w.deps, report(instanceId, 0, more))).toMatchObject({ code: 'conflict' });
      expect(await recordOf(running.table, instanceId)).toMatchObject({ value: '1.5', reportId: 'r-0' });
    });

    test('that is reported again for another package is refused, and told for which it was', async () => {
      const instanceId = await opened(running.table);
      const packageInstanceId = await opened(running.table, { chargingMode: 'ON_DEMAND_PKG' });
      const w = usageWorld(running.table);
      await reportUsage(w.deps, report(instanceId, 0, { packageInstanceId }));
      expect(await reportUsage(w.deps, report(instanceId))).toMatchObject({
        code: 'conflict',
        reason: expect.stringContaining(`with 1.5 (id r-0) for package ${packageInstanceId}, not 1.5`),
      });
      await w.sweep();
    });

    test('whose record is gone when it is looked at is written anew, three times at most', async () => {
      for (const [times, expected] of [
        [2, 'stored'],
        [3, 'The record changed under each of 3 writes.'],
      ] as const) {
        const w = usageWorld(running.table);
        const instanceId = await opened(running.table);
        let refusals = times;
        const send = async (...args: unknown[]) => {
          if (args[0] instanceof PutItemCommand && refusals > 0) {
            refusals -= 1;
            throw new ConditionalCheckFailedException({ message: 'there was one', $metadata: {} });
          }
          return Reflect.apply(running.client.send, running.client, args);
        };
        const table = { name: running.table.name, client: { send } };
        const answer = reportUsage({ ...w.deps, table }, report(instanceId));
        expect(await answer.then(({ outcome }) => outcome).catch(({ message }) => message)).toBe(expected);
        await w.sweep();
      }
    });

    test('that was rejected is corrected by one of ten reports at once, and the others are told', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      await reportUsage(w.deps, report(instanceId));
      w.billing.objection = () => '003';
      await w.sweep();
      w.billing.objection = () => undefined;
      const values = Array.from({ length: 10 }, (_, index) => String(index + 2));
      const answers = await Promise.all(values.map((value) => reportUsage(w.deps, report(instanceId, 0, { value }))));
      const outcomes = answers.map((answer) => (answer.outcome === 'refused' ? answer.code : answer.outcome));
      expect(outcomes.sort()).toEqual([...Array(9).fill('conflict'), 'stored']);
      expect(await recordOf(running.table, instanceId)).toMatchObject({ state: 'due', revision: 1 });
      await w.sweep();
    });

    test('is stored once of 20 reports at once, and the others are told', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      const values = Array.from({ length: 20 }, (_, index) => String((index % 4) + 1));
      const answers = await Promise.all(values.map((value) => reportUsage(w.deps, report(instanceId, 0, { value }))));
      const outcomes = answers.map((answer) => answer.outcome);
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'known')).toHaveLength(4);
      expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(15);
    });

    test('that was rejected may be reported anew, under another number, and is then billed', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      const packageInstanceId = await opened(running.table, { chargingMode: 'ON_DEMAND_PKG' });
      await reportUsage(w.deps, report(instanceId, 0, { packageInstanceId }));
      w.billing.objection = () => '003';
      await w.sweep();
      const rejected = await recordOf(running.table, instanceId);
      expect(rejected).toMatchObject({ state: 'rejected', code: '003', endedAt: NOW });
      w.billing.objection = () => undefined;
      expect(await reportUsage(w.deps, report(instanceId, 0, { value: '3' }))).toMatchObject({ outcome: 'stored' });
      const corrected = await recordOf(running.table, instanceId);
      expect(corrected).toMatchObject({ state: 'due', value: '3', revision: 1 });
      expect(corrected).not.toHaveProperty('code');
      expect(corrected).not.toHaveProperty('packageInstanceId');
      expect(corrected?.meteringSn).not.toBe(rejected?.meteringSn);
      expect(await w.sweep()).toMatchObject({ accepted: 1 });
      expect((await instanceOf(running.table, instanceId)).usage).toMatchObject({ total: '3' });
    });

    test('of ids with any characters is kept apart from others', async () => {
      const w = usageWorld(running.table);
      const odd = ['A#B', 'A%23B', 'A', 'B#A', '实例'];
      for (const instanceId of odd) await opened(running.table, { instanceId });
      for (const [index, instanceId] of odd.entries()) {
        expect(await reportUsage(w.deps, report(instanceId, 0, { value: index + 1 }))).toMatchObject({
          outcome: 'stored',
        });
      }
      await w.sweep();
      for (const [index, instanceId] of odd.entries()) {
        expect((await instanceOf(running.table, instanceId)).usage?.total).toBe(String(index + 1));
      }
    });
  });

  describe('a report that was written to the table directly', () => {
    const written = (instanceId: string, more: object = {}) => ({
      pk: usagePartition('demo', instanceId),
      sk: '20250920T110000Z#20250920T120000Z',
      ...{ value: 2.25, id: 'mine', dueShard: 11, dueAt: 0 },
      ...more,
    });
    const put = (item: object) => putWritten(running.table, item);

    test('is checked, becomes a record, and is pushed', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      await put(written(instanceId));
      expect(await w.sweep()).toMatchObject({ accepted: 1 });
      expect(await recordOf(running.table, instanceId)).toMatchObject({ state: 'accepted', value: '2.25' });
      expect([...w.billing.billed.values()]).toMatchObject([{ instanceId, usageValue: '2.25' }]);
      expect(await reportUsage(w.deps, report(instanceId, 0, { value: '2.25', id: 'mine' }))).toMatchObject({
        outcome: 'known',
      });
    });

    test('stands in the way of another report of the period', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      await put(written(instanceId));
      expect(await reportUsage(w.deps, report(instanceId))).toMatchObject({ code: 'conflict', later: true });
      expect(await put(written(instanceId, { value: 3 }))).toBe(false);
      await w.sweep();
    });

    test.each([
      ['no value', { value: undefined }, 'bad-value'],
      ['no id', { id: undefined }, 'malformed'],
      ['a period to come', { sk: '20250920T110000Z#20250920T100000Z' }, 'empty-period'],
      ['a period of another form', { sk: '2025-09-20' }, 'bad-time'],
      ['a package nobody bought', { packageInstanceId: 'nobody' }, 'unknown-package'],
      ['a key of no instance', { pk: 'USAGE#demo' }, 'malformed'],
      ['a key of too many parts', { pk: 'USAGE#demo#i#j' }, 'malformed'],
    ])('with %s is rejected, never pushed, and says why', async (_, more, code) => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      const item = written(instanceId, more);
      await put(item);
      expect(await w.sweep()).toMatchObject({ accepted: 0, left: 0 });
      expect(w.billing.pushes).toEqual([]);
      expect(w.metrics('RefusedUsage')).toBe(1);
      const left = await readItem<Record<string, unknown>>(running.table, item);
      expect(left).toMatchObject({ state: 'rejected', code, reason: expect.any(String) });
      expect(left).not.toHaveProperty('dueShard');
    });

    test('becomes a record once, whoever finds it', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      const item = written(instanceId);
      await put(item);
      expect(await adoptWritten(w.deps, item)).toMatchObject({ state: 'due', value: '2.25', dueShard: 11 });
      expect(await adoptWritten(w.deps, item)).toBeUndefined();
      expect(await w.sweep()).toMatchObject({ accepted: 1 });
    });

    test('may be corrected by a good report once it was rejected', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      await put(written(instanceId, { value: 'much' }));
      await w.sweep();
      expect(await reportUsage(w.deps, report(instanceId))).toMatchObject({ outcome: 'stored' });
      expect(await w.sweep()).toMatchObject({ accepted: 1 });
      expect((await instanceOf(running.table, instanceId)).usage?.total).toBe('1.5');
    });

    test.each(['its instance', 'the package it names'])('waits while %s is being provisioned', async (which) => {
      const unprovisioned = await opened(running.table, { chargingMode: undefined });
      const isInstance = which === 'its instance';
      const instanceId = isInstance ? unprovisioned : await opened(running.table);
      const w = usageWorld(running.table);
      await put(written(instanceId, isInstance ? {} : { packageInstanceId: unprovisioned }));
      await w.sweep();
      expect(await recordOf(running.table, instanceId)).toMatchObject({ dueShard: 11 });
      expect(await recordOf(running.table, instanceId)).not.toHaveProperty('state');
    });
  });

  describe('before a release', () => {
    test('what is due of the instance is pushed at once, and nothing of others', async () => {
      const [instanceId, other] = [await opened(running.table), await opened(running.table)];
      const w = usageWorld(running.table);
      for (const ago of [0, 1, 2]) await reportUsage(w.deps, report(instanceId, ago));
      await reportUsage(w.deps, report(other));
      w.billing.objection = ({ endTime }) => (endTime.getTime() === NOW ? '016' : undefined);
      expect(await flushUsage(w.deps, 'demo', instanceId)).toBe(1);
      w.billing.objection = () => undefined;
      expect(await flushUsage(w.deps, 'demo', instanceId)).toBe(0);
      expect(w.billing.billed.size).toBe(3);
      expect(await recordOf(running.table, other)).toMatchObject({ state: 'due' });
      await w.sweep();
    });

    test('all of it is found, however few records the engine gives at a time', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      for (const ago of [0, 1, 2, 3, 4]) await reportUsage(w.deps, report(instanceId, ago));
      expect(await flushUsage({ ...w.deps, table: pagesOf(2, running.table) }, 'demo', instanceId)).toBe(0);
      expect(w.billing.billed.size).toBe(5);
    });

    test('the push ends with whoever waits for it', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      await reportUsage(w.deps, report(instanceId));
      const controller = new AbortController();
      const pushUsage: PushUsage = async (...push) => {
        expect(push[2]).toBe(controller.signal);
        return w.billing.push(...push);
      };
      const flush = () => flushUsage({ ...w.deps, pushUsage }, 'demo', instanceId, controller.signal);
      expect(await flush()).toBe(0);
      expect(w.billing.billed.size).toBe(1);
      controller.abort();
      await expect(flush()).rejects.toMatchObject({ name: 'AbortError' });
    });

    test('a failing push leaves the records due, and says how many', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      for (const ago of [0, 1, 2]) await reportUsage(w.deps, report(instanceId, ago));
      w.billing.mood = () => 'fails after';
      expect(await flushUsage(w.deps, 'demo', instanceId)).toBe(3);
      w.billing.mood = () => 'fine';
      expect(await flushUsage(w.deps, 'demo', instanceId)).toBe(0);
      expect((await instanceOf(running.table, instanceId)).usage?.total).toBe('4.5');
    });
  });

  test('the number of a record depends on instance, period and revision alone', async () => {
    const key = usageKey('demo', 'i', { begin: NOW - HOUR, end: NOW });
    const others = [
      usageKey('demo', 'j', { begin: NOW - HOUR, end: NOW }),
      usageKey('demo', 'i', { begin: NOW, end: NOW }),
    ];
    const numbers = [meteringSn(key, 0), meteringSn(key, 1), ...others.map((other) => meteringSn(other, 0))];
    expect(meteringSn({ ...key }, 0)).toBe(numbers[0]);
    expect(new Set(numbers).size).toBe(4);
  });
});
