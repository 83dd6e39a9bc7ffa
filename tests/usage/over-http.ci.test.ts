import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOpenApis } from '../../lib/open-api/open-api.ts';
import { pushUsage } from '../../lib/open-api/push-usage.ts';
import { sweepUsage } from '../../lib/usage/sweep.ts';
import type { Fault } from '../../scripts/marketplace/stand-in/faults.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { HOUR, instanceOf, NOW, opened, plenty, putAll, recordOf, storedRecord, usageWorld } from './world.ts';

const KEYS = { accessKeyId: 'ak', secretAccessKey: 'sk' };

let running: TestTable;
let standIn: StandIn;
beforeAll(async () => {
  running = await startTable();
  standIn = await startStandIn({ keys: KEYS, accessKey: 'older-key', clock: () => NOW });
});
afterAll(async () => {
  await standIn.stop();
  await running.stop();
});

/** What may become of a push on its way there and back. */
const BAD: readonly Fault[] = [
  { cut: true, taken: true },
  { code: '.0999', taken: true },
  { code: '.0250' },
  { status: 502, taken: true },
  { cut: true },
];
/** Two of five requests go wrong, in an order that never meets the tries of a push alike. */
const faultOf = (number: number) => ([0, 3].includes(number % 5) ? BAD[(number % 13) % BAD.length] : undefined);

test('over HTTP, signed, with answers lost and faults, every record is charged exactly once and none is lost', async () => {
  const { table } = running;
  const w = usageWorld(table, {}, 40);
  const openApis = createOpenApis({
    baseUrl: standIn.url,
    keys: async () => KEYS,
    clock: () => NOW,
    retry: { tries: 2, random: () => 0, sleep: async () => undefined },
  });
  const deps = {
    ...w.deps,
    pushUsage: (_: string, records: Parameters<typeof pushUsage>[2], signal?: AbortSignal) =>
      pushUsage(openApis, ['newest-key', 'older-key'], records, signal),
  };
  const packageInstanceId = await opened(table, { chargingMode: 'ON_DEMAND_PKG' });
  const instances = await Promise.all(Array.from({ length: 4 }, () => opened(table)));
  const packaged = (ago: number) => (ago % 2 === 0 ? { packageInstanceId } : {});
  await putAll(
    table,
    instances.flatMap((id) => Array.from({ length: 80 }, (_, ago) => storedRecord(id, ago, '0.25', packaged(ago)))),
  );
  standIn.usage.refuse(instances[0] ?? '', '016');
  standIn.faults.choose('usage push', faultOf);
  let runs = 0;
  for (let left = 1; left > 0; runs += 1) {
    left = (await sweepUsage(deps, plenty)).left;
    expect(runs).toBeLessThan(100);
  }
  standIn.usage.refuse(instances[0] ?? '', undefined);
  w.time.now += HOUR;
  for (let left = 1; left > 0; runs += 1) {
    left = (await sweepUsage(deps, plenty)).left;
    expect(runs).toBeLessThan(200);
  }
  const { charged, repeats } = standIn.usage;
  console.log(`320 records in ${runs} runs: ${charged.size} charged, ${repeats} times one came again and was not`);
  expect(charged.size).toBe(320);
  expect(repeats).toBeGreaterThan(0);
  for (const id of instances) expect((await instanceOf(table, id)).usage?.total).toBe('20');
  expect((await instanceOf(table, packageInstanceId)).usage).toMatchObject({
    total: '40',
    byInstance: Object.fromEntries(instances.map((id) => [id, '10'])),
  });
  const record = await recordOf(table, instances[1] ?? '', 2);
  expect(charged.get(record?.meteringSn ?? '')).toEqual({
    instance_id: instances[1],
    record_time: '20250920T113000Z',
    begin_time: '20250920T090000Z',
    end_time: '20250920T100000Z',
    usage_value: '0.25',
    metering_sn: record?.meteringSn,
    relate_pkg_instance: packageInstanceId,
  });
}, 600_000);
