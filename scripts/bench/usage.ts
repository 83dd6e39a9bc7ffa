/*
 * `node scripts/bench/usage.ts [records]`: pushes so many waiting records (100 000 unless told) to the stand-in over HTTP,
 * beside a bare loop that signs and posts the same records and keeps nothing. The ratio is what it costs to lose none.
 */
import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { defineProducts } from '../../lib/config.ts';
import { keys } from '../../lib/instances/keys.ts';
import { createOpenApis } from '../../lib/marketplace/open-api.ts';
import { pushUsage } from '../../lib/marketplace/push-usage.ts';
import { demoSeller } from '../../lib/seller/demo.ts';
import type { UsageRecord } from '../../lib/usage/item.ts';
import { eachOf } from '../../lib/usage/side-by-side.ts';
import { recordOf } from '../../lib/usage/store.ts';
import { sweepUsage } from '../../lib/usage/sweep.ts';
import { createTable, localClient, startDynoxide } from '../engine.ts';
import { startStandIn } from '../stand-in/server.ts';

const HOUR = 3_600_000;
const HOURS = 400;
const BATCH = 1_000;
const KEYS = { accessKeyId: 'ak', secretAccessKey: 'sk' };
const TABLE = { name: 'usage-bench' };

const count = Number(process.argv[2] ?? 100_000);
const now = Date.now() - (Date.now() % HOUR);
const engine = await startDynoxide();
const client = localClient(engine.endpoint);
await createTable(client, TABLE.name);
const table = { ...TABLE, client };

console.log(`storing ${count} records of ${Math.ceil(count / HOURS)} instances …`);
const instances = Array.from({ length: Math.ceil(count / HOURS) }, () => randomUUID());
await putAll(instances.map((instanceId) => ({ ...keys.instance('demo', instanceId), instanceId, product: 'demo' })));
for (let start = 0; start < count; start += 10 * BATCH) {
  await putAll(Array.from({ length: Math.min(10 * BATCH, count - start) }, (_, at) => recordAt(start + at)));
}

const bare = await measured('bare loop of signed posts', async (push) => {
  for (let start = 0; start < count; start += BATCH) {
    const records = Array.from({ length: Math.min(BATCH, count - start) }, (_, at) => recordAt(start + at));
    await push(records.map((record) => ({ ...record, ...timesOf(record), usageValue: record.value })));
  }
});
const kept = await measured('KooGate: pushed, counted, marked', async (push) => {
  const { accepted } = await sweepUsage(
    {
      table,
      products: defineProducts({ demo: { seller: demoSeller } }),
      batchSize: BATCH,
      clock: Date.now,
      random: Math.random,
      log: { info: () => {}, warn: () => {}, error: console.error, metric: () => {} },
      pushUsage: (_, records) => push(records),
    },
    () => Number.POSITIVE_INFINITY,
  );
  if (accepted !== count) throw new Error(`${accepted} of ${count} records were accepted.`);
});
console.log(`ratio ${(kept / bare).toFixed(3)}; every record was read, counted and marked in the table in between`);
client.destroy();
await engine.stop();

/** Records a second against a stand-in of its own, which must have charged each once. */
async function measured(
  title: string,
  work: (push: (records: Parameters<typeof pushUsage>[2]) => ReturnType<typeof pushUsage>) => Promise<void>,
): Promise<number> {
  const standIn = await startStandIn({ keys: KEYS, accessKey: 'key' });
  const openApis = createOpenApis({ baseUrl: standIn.url, keys: async () => KEYS, clock: Date.now });
  let mostHeap = 0;
  const started = performance.now();
  await work(async (records) => {
    mostHeap = Math.max(mostHeap, process.memoryUsage().heapUsed);
    return pushUsage(openApis, ['key'], records);
  });
  const perSecond = count / ((performance.now() - started) / 1_000);
  const { charged, repeats } = standIn.usage;
  const heap = `${Math.round(mostHeap / 2 ** 20)} MB of heap at most (stand-in's books included)`;
  console.log(`${title}: ${Math.round(perSecond)} records/s, ${charged.size} charged, ${repeats} repeated, ${heap}`);
  await standIn.stop();
  return perSecond;
}

function recordAt(index: number): UsageRecord {
  const end = now - Math.floor(index / instances.length) * HOUR;
  const instanceId = instances[index % instances.length] ?? '';
  return recordOf({ product: 'demo', instanceId, begin: end - HOUR, end, value: 15_000n, id: `r-${index}` }, now);
}

function timesOf({ storedAt, begin, end }: UsageRecord) {
  return { recordTime: new Date(storedAt), beginTime: new Date(begin), endTime: new Date(end) };
}

async function putAll(items: readonly object[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, at) => items.slice(at * 25, at * 25 + 25));
  await eachOf(batches, async (batch) => {
    const requests = batch.map((item) => ({ PutRequest: { Item: marshall(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table.name]: requests } }));
  });
}
