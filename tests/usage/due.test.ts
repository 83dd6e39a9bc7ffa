import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Table } from '../../lib/table/table.ts';
import { duePages, recordPages } from '../../lib/usage/due.ts';
import type { UsageRecord } from '../../lib/usage/item.ts';
import { usagePartition } from '../../lib/usage/keys.ts';
import { ENGINES, freshTable, pagesOf } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { NOW, opened, putAll, storedRecord } from './world.ts';

describe.each(ENGINES)('records of usage on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  let instanceId: string;
  beforeAll(async () => {
    running = await startTable(engine);
    table = await freshTable(running);
    instanceId = await opened(table);
    await putAll(
      table,
      [0, 1, 2, 3, 4].map((ago) => storedRecord(instanceId, ago, '1')),
    );
  });
  afterAll(() => running.stop());

  const ends = async (since: string, size: number) => {
    const found: string[] = [];
    const pages = recordPages<UsageRecord>(pagesOf(size, table), usagePartition('demo', instanceId), since);
    for await (const page of pages) {
      expect(page.length).toBeLessThanOrEqual(size);
      found.push(...page.map(({ end }) => new Date(end).toISOString().slice(11, 13)));
    }
    return found;
  };

  test('of an instance are read oldest period first, from a moment on or all, however few the engine gives at a time', async () => {
    for (const size of [1, 2, 5]) {
      expect(await ends('', size)).toEqual(['08', '09', '10', '11', '12']);
      expect(await ends('20250920T090000Z', size)).toEqual(['10', '11', '12']);
    }
  });

  test('that are due are found on whichever shard they wait, each once', async () => {
    for (const first of [0, 5]) {
      const found: string[] = [];
      for await (const page of duePages(pagesOf(1, table), NOW, first)) found.push(...page.map(({ sk }) => sk));
      expect(found).toHaveLength(5);
      expect(new Set(found).size).toBe(5);
    }
  });
});
