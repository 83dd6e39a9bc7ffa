import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Table } from '../../lib/table/table.ts';
import { markAccepted } from '../../lib/usage/records.ts';
import { eachOf } from '../../lib/usage/side-by-side.ts';
import { count } from '../../lib/usage/totals.ts';
import { ENGINES } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { instanceOf, NOW, opened, putAll, storedRecord } from './world.ts';

describe.each(ENGINES)('totals on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  beforeAll(async () => {
    running = await startTable(engine);
    table = running.table;
  });
  afterAll(() => running.stop());

  /** An instance with records that wait; record n has the value 2 to the power of n. */
  async function waiting(records: number) {
    const instanceId = await opened(table);
    const all = Array.from({ length: records }, (_, ago) => storedRecord(instanceId, ago, String(2 ** ago)));
    await putAll(table, all);
    const pick = (...which: number[]) => all.filter((_, index) => which.includes(index));
    return {
      count: (which: readonly number[], through: Table = table) => count(through, pick(...which), eachOf),
      mark: async (...which: number[]) => {
        for (const record of pick(...which)) await markAccepted(table, record, NOW);
      },
      usage: async () => (await instanceOf(table, instanceId)).usage,
    };
  }

  test('name what was counted until it is marked, and say what is to be marked', async () => {
    const w = await waiting(3);
    expect(await w.count([0])).toHaveLength(1);
    expect(await w.count([1])).toHaveLength(1);
    expect(await w.usage()).toMatchObject({ total: '3', version: 2, counted: [expect.anything(), expect.anything()] });
    expect(await w.count([0, 1])).toHaveLength(2);
    expect(await w.usage()).toMatchObject({ total: '3', version: 2 });
    await w.mark(0, 1);
    expect(await w.count([2])).toHaveLength(1);
    expect(await w.usage()).toMatchObject({ total: '7', counted: [expect.stringContaining('T100000Z')] });
  });

  test('count nothing for a worker that comes late, when the names have been forgotten', async () => {
    const w = await waiting(2);
    await w.count([0]);
    await w.mark(0);
    await w.count([1]);
    await w.mark(1);
    expect((await w.usage())?.counted).toHaveLength(1);
    expect(await w.count([0])).toEqual([]);
    expect(await w.usage()).toMatchObject({ total: '3', version: 2 });
  });

  test.each([
    ['the first of all', []],
    ['one of many', [3]],
  ])('count nothing twice for a worker that was stalled between reading and writing %s', async (_, before) => {
    const w = await waiting(4);
    if (before.length > 0) await w.count(before);
    await w.mark(...before);
    let stall: Promise<void> | undefined;
    const send: Table['client']['send'] = async (...args: unknown[]) => {
      const isFirst = args[0] instanceof UpdateItemCommand && stall === undefined;
      if (isFirst) {
        stall = (async () => {
          await w.count([0]);
          await w.mark(0);
          await w.count([1]);
          await w.mark(1);
        })();
        await stall;
      }
      return Reflect.apply(table.client.send, table.client, args) as never;
    };
    await w.count([0, 2], { name: table.name, client: { send } });
    expect(stall).toBeDefined();
    expect(await w.usage()).toMatchObject({ total: before.length > 0 ? '15' : '7' });
  });

  test('are given up after so many writes that others overtook, and nothing is said to be marked', async () => {
    const w = await waiting(1);
    let writes = 0;
    const send: Table['client']['send'] = async (...args: unknown[]) => {
      if (args[0] instanceof UpdateItemCommand) {
        writes += 1;
        throw new ConditionalCheckFailedException({ message: 'overtaken', $metadata: {} });
      }
      return Reflect.apply(table.client.send, table.client, args) as never;
    };
    await expect(w.count([0], { name: table.name, client: { send } })).rejects.toThrow(
      'changed under each of 50 writes',
    );
    expect(writes).toBe(51);
    expect(await w.usage()).toBeUndefined();
  });

  test('of an instance that is gone are kept by nobody, and its records may be marked', async () => {
    const record = storedRecord('gone', 0, '1');
    expect(await count(table, [record], eachOf)).toEqual([record]);
  });

  test('that name what cannot be a record are not written over', async () => {
    const usage = { version: 4, total: '9', at: NOW, counted: ['i#yesterday'] };
    const instanceId = await opened(table, { usage });
    const record = storedRecord(instanceId, 0, '1');
    await expect(count(table, [record], eachOf)).rejects.toThrow('name a record that cannot be one: i#yesterday');
    expect((await instanceOf(table, instanceId)).usage).toEqual(usage);
  });

  test('are exact after any order of counting and marking, by any number of workers at once', async () => {
    const records = 6;
    const some = fc.uniqueArray(fc.nat({ max: records - 1 }), { minLength: 1 });
    const step = fc.record({ together: fc.array(some, { minLength: 1, maxLength: 3 }), marks: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const w = await waiting(records);
        const counted = new Set<number>();
        for (const { together, marks } of steps) {
          await Promise.all(together.map((which) => w.count(which)));
          for (const one of together.flat()) counted.add(one);
          if (marks) await w.mark(...(together[0] ?? []));
        }
        const expected = [...counted].reduce((sum, one) => sum + 2 ** one, 0);
        expect((await w.usage())?.total).toBe(String(expected));
      }),
      { numRuns: 25 },
    );
  });
});
