import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { putIf } from '../../lib/instances/write.ts';
import { csvLine, EXPORT_COLUMNS, exportInstances } from '../../lib/operations/export.ts';
import { instance, NOW } from '../alarms/support.ts';
import { memoryTable } from '../support/memory-table.ts';

const MANY = 10_000;

test('ten thousand instances go out, each once, and come back from the file as they are', async () => {
  const table = memoryTable();
  const condition = { condition: 'attribute_not_exists(#pk)', values: {} };
  for (let index = 0; index < MANY; index += 1) {
    const item = instance(`i-${index}`, { orderId: `=CS"${index}", 订单`, expiresAt: NOW + index });
    await putIf(table, item as never, condition);
    if (index % 10 === 0) {
      const entry = { pk: `INSTANCE#demo#i-${index}`, sk: 'AUDIT#1', type: 'audit' };
      await putIf(table, entry as never, condition);
    }
  }
  let read = 0;
  const lines = [csvLine(EXPORT_COLUMNS)];
  const progress = (items: number) => {
    read = items;
  };
  for await (const one of exportInstances({ table, products: ['demo'] }, progress)) {
    lines.push(csvLine(EXPORT_COLUMNS.map((name) => one[name])));
  }
  expect(read).toBe(MANY * 1.1);
  const rows: Record<string, string>[] = parse(lines.join('\r\n'), { columns: true });
  expect(new Set(rows.map(({ instanceId }) => instanceId)).size).toBe(MANY);
  expect(rows).toHaveLength(MANY);
  const wrong = rows.filter(({ instanceId = '', orderId, expiresAt }) => {
    const index = Number(instanceId.slice(2));
    return orderId !== `'=CS"${index}", 订单` || expiresAt !== new Date(NOW + index).toISOString();
  });
  expect(wrong).toEqual([]);
});
