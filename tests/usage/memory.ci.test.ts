import { expect, test } from '@jest/globals';
import { keys } from '../../lib/instances/keys.ts';
import type { Table } from '../../lib/table/table.ts';
import { sweepUsage } from '../../lib/usage/sweep.ts';
import { endlessTable } from '../../scripts/evidence/bench/endless-table.ts';
import { plenty, storedRecord, usageWorld } from './world.ts';

const INSTANCES = 400;
const RECORDS = 100_000;
const BATCH = 1_000;

test('100 000 records are pushed while never more than a few batches of them are held', async () => {
  const { table, accepted, totals } = endlessTable(RECORDS, (index) =>
    storedRecord(`i-${index % INSTANCES}`, Math.floor(index / INSTANCES), '1'),
  );
  const w = usageWorld(table, {}, BATCH);
  let [read, most, pushed] = [0, 0, 0];
  const numbers = new Set<string>();
  const send: Table['client']['send'] = async (...args: unknown[]) => {
    const answer = (await Reflect.apply(table.client.send, table.client, args)) as { Items?: unknown[] };
    read += answer.Items?.length ?? 0;
    most = Math.max(most, read - pushed);
    return answer as never;
  };
  const deps = {
    ...w.deps,
    table: { ...table, client: { send } },
    pushUsage: async (_: string, records: readonly { readonly meteringSn: string }[]) => {
      pushed += records.length;
      for (const { meteringSn } of records) numbers.add(meteringSn);
      return records.map(({ meteringSn }) => ({ meteringSn, outcome: 'accepted' as const }));
    },
  };
  const swept = await sweepUsage(deps, plenty);
  expect(swept).toMatchObject({ accepted: RECORDS, left: 0, complete: true });
  expect(accepted()).toBe(RECORDS);
  expect(numbers.size).toBe(RECORDS);
  expect(totals.get(keys.instance('demo', 'i-0').pk)?.total).toBe(String(RECORDS / INSTANCES));
  expect(most).toBeLessThanOrEqual(4 * BATCH);
  console.log(`${pushed} records pushed; at most ${most} of them held at a time`);
}, 600_000);
