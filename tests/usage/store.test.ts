import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { putIf, readItem } from '../../lib/instances/write.ts';
import { meteringSn, usageKey, usagePartition } from '../../lib/usage/keys.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { flushUsage } from '../../lib/usage/sweep.ts';
import { ENGINES, watched } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { HOUR, instanceOf, NOW, opened, recordOf, report, usageWorld } from './world.ts';

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
      expect(sent.map(({ name }) => name)).toEqual(['BatchGetItem', 'PutItem']);
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
    const put = (item: { pk: string; sk: string }) =>
      putIf(running.table, item, { condition: 'attribute_not_exists(#pk)', values: {} });

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
      expect((await put(written(instanceId, { value: 3 }))).done).toBe(false);
      await w.sweep();
    });

    test.each([
      ['no value', { value: undefined }, 'bad-value'],
      ['no id', { id: undefined }, 'malformed'],
      ['a period to come', { sk: '20250920T110000Z#20250920T100000Z' }, 'empty-period'],
      ['a period of another form', { sk: '2025-09-20' }, 'bad-time'],
      ['a package nobody bought', { packageInstanceId: 'nobody' }, 'unknown-package'],
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

    test('may be corrected by a good report once it was rejected', async () => {
      const instanceId = await opened(running.table);
      const w = usageWorld(running.table);
      await put(written(instanceId, { value: 'much' }));
      await w.sweep();
      expect(await reportUsage(w.deps, report(instanceId))).toMatchObject({ outcome: 'stored' });
      expect(await w.sweep()).toMatchObject({ accepted: 1 });
      expect((await instanceOf(running.table, instanceId)).usage?.total).toBe('1.5');
    });

    test('waits while its instance is being provisioned', async () => {
      const instanceId = await opened(running.table, { chargingMode: undefined });
      const w = usageWorld(running.table);
      await put(written(instanceId));
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
