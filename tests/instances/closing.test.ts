import { describe, expect, test } from '@jest/globals';
import { ClosingChanged, closeTable, openTable, readClosing, replaceClosing } from '../../lib/instances/closing.ts';
import type { Table } from '../../lib/table/table.ts';
import { memoryTable } from '../support/memory-table.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');

describe('a table', () => {
  test('that was never closed is open, and stays as it is when it is opened', async () => {
    const table = memoryTable();
    expect(await openTable(table, NOON)).toBeUndefined();
    expect(await readClosing(table)).toBeUndefined();
  });

  test('that is closed stays so when it is closed again, and is another closing after it was open', async () => {
    const table = memoryTable();
    const first = await closeTable(table, NOON);
    expect(first).toMatchObject({ closed: true, since: NOON });
    expect(await closeTable(table, NOON + 1)).toEqual(first);
    expect(await openTable(table, NOON + 2)).toMatchObject({ closed: false, since: NOON + 2, id: first.id });
    expect(await openTable(table, NOON + 3)).toMatchObject({ closed: false, since: NOON + 2 });
    expect((await closeTable(table, NOON + 4)).id).not.toBe(first.id);
  });

  test('keeps what is known of copies when it is opened', async () => {
    const table = memoryTable();
    const { version: _, ...closed } = await closeTable(table, NOON);
    const copy = { of: 'another', closedAt: NOON, items: 3, complete: true };
    await replaceClosing(table, await readClosing(table), { ...closed, copy, copiedAt: NOON + 1 });
    expect(await openTable(table, NOON + 2)).toMatchObject({ closed: false, copy, copiedAt: NOON + 1 });
  });

  test.each(['closed', 'opened'] as const)('that two try to have %s at a time hears of it', async (move) => {
    const table = memoryTable();
    await closeTable(table, NOON);
    if (move === 'closed') await openTable(table, NOON);
    const [now, other] = move === 'closed' ? [closeTable, closeTable] : [openTable, openTable];
    let isFirst = true;
    const send: (...args: unknown[]) => Promise<unknown> = async (...args) => {
      const answer = await Reflect.apply(table.client.send, table.client, args);
      if (isFirst) {
        isFirst = false;
        await other(table, NOON + 1); // between the look and the write of the first
      }
      return answer;
    };
    const late: Table = { name: table.name, client: { send: send as Table['client']['send'] } };
    await expect(now(late, NOON + 2)).rejects.toThrow(ClosingChanged);
  });
});
