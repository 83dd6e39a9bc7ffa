/*
 * `node scripts/evidence/bench/usage.ts [records] [records in the engine]`: pushes waiting records to the stand-in over HTTP, beside
 * a bare loop that signs and posts the same records and keeps nothing. The ratio is what it costs to lose none. First with
 * 100 000 records in a table that answers at once: what KooGate itself costs. Then with 5000 in the embedded engine, beside
 * a loop that writes as often and does nothing else: the engine's price, which is its own (an update takes it the longer,
 * the more waits; the table in the cloud is not like that).
 */
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { defineProducts } from '../../../lib/config/products.ts';
import { keys } from '../../../lib/instances/keys.ts';
import { createOpenApis } from '../../../lib/open-api/open-api.ts';
import { pushUsage } from '../../../lib/open-api/push-usage.ts';
import { ITEM_TYPE } from '../../../lib/table/item-type.ts';
import type { Table } from '../../../lib/table/table.ts';
import type { UsageRecord } from '../../../lib/usage/item.ts';
import { markAccepted } from '../../../lib/usage/records.ts';
import { eachOf } from '../../../lib/usage/side-by-side.ts';
import { recordOf } from '../../../lib/usage/store.ts';
import { sweepUsage } from '../../../lib/usage/sweep.ts';
import { createTable, localClient, startDynoxide } from '../../dev/engine.ts';
import { demoSeller } from '../../dev/samples/demo.ts';
import { startStandIn } from '../../marketplace/stand-in/server.ts';
import { endlessTable } from './endless-table.ts';

const HOUR = 3_600_000;
const HOURS = 400;
const BATCH = 1_000;
const KEYS = { accessKeyId: 'ak', secretAccessKey: 'sk' };
const NOW = Date.now() - (Date.now() % HOUR);

type Push = (records: Parameters<typeof pushUsage>[2]) => ReturnType<typeof pushUsage>;

const all = Number(process.argv[2] ?? 100_000);
const few = Number(process.argv[3] ?? 5_000);

const bare = await posting('a bare loop of signed posts', all, (push) => postAll(all, push));
const { table } = endlessTable(all, recorder(all));
const own = await posting('KooGate, a table that answers at once', all, (push) => sweep(table, all, push));
console.log(`ratio ${(own / bare).toFixed(3)}\n`);

const engine = await startDynoxide();
const client = localClient(engine.endpoint);
const written = await filled('bench-writes', few);
const writes = await rate('a bare loop of conditional writes', few, async () => {
  await eachOf(
    Array.from({ length: few }, (_, at) => recorder(few)(at)),
    async (record) => {
      await markAccepted(written, record, NOW);
    },
  );
  return '';
});
const waiting = await filled('bench-sweep', few);
const kept = await posting('KooGate, the embedded engine', few, (push) => sweep(waiting, few, push));
console.log(`ratio ${(kept / writes).toFixed(3)} to the writes`);
client.destroy();
await engine.stop();

/** Records a second of work that pushes so many, to a stand-in of its own that must have charged each once. */
async function posting(title: string, count: number, work: (push: Push) => Promise<void>): Promise<number> {
  const standIn = await startStandIn({ keys: KEYS, accessKey: 'key' });
  const openApis = createOpenApis({ baseUrl: standIn.url, keys: async () => KEYS, clock: Date.now });
  let heap = 0;
  try {
    return await rate(title, count, async () => {
      await work(async (records) => {
        heap = Math.max(heap, process.memoryUsage().heapUsed);
        return pushUsage(openApis, ['key'], records);
      });
      const { charged, repeats } = standIn.usage;
      if (charged.size !== count) throw new Error(`${charged.size} of ${count} records were charged.`);
      return `, each charged once, ${repeats} repeated, ${Math.round(heap / 2 ** 20)} MB of heap with the stand-in's books`;
    });
  } finally {
    await standIn.stop();
  }
}

async function rate(title: string, count: number, work: () => Promise<string>): Promise<number> {
  const started = performance.now();
  const note = await work();
  const perSecond = count / ((performance.now() - started) / 1_000);
  console.log(`${title}: ${count} records, ${Math.round(perSecond)} a second${note}`);
  return perSecond;
}

async function postAll(count: number, push: Push): Promise<void> {
  const recordAt = recorder(count);
  for (let start = 0; start < count; start += BATCH) {
    const records = Array.from({ length: Math.min(BATCH, count - start) }, (_, at) => recordAt(start + at));
    await push(records.map((record) => ({ ...record, ...timesOf(record), usageValue: record.value })));
  }
}

async function sweep(from: Table, count: number, push: Push): Promise<void> {
  const { accepted } = await sweepUsage(
    {
      table: from,
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
}

/** So many records: the last hours of as many instances as that takes. */
function recorder(count: number): (index: number) => UsageRecord {
  const instances = Math.ceil(count / HOURS);
  return (index) => {
    const end = NOW - Math.floor(index / instances) * HOUR;
    const instanceId = `instance-${index % instances}`;
    return recordOf({ product: 'demo', instanceId, begin: end - HOUR, end, value: 15_000n, id: `r-${index}` }, NOW);
  };
}

function timesOf({ storedAt, begin, end }: UsageRecord) {
  return { recordTime: new Date(storedAt), beginTime: new Date(begin), endTime: new Date(end) };
}

/** A table in the engine with so many records and their instances. */
async function filled(name: string, count: number): Promise<Table> {
  await createTable(client, name);
  const records = Array.from({ length: count }, (_, at) => recorder(count)(at));
  const ids = new Set(records.map(({ instanceId }) => instanceId));
  const instances = [...ids].map((instanceId) => ({
    ...keys.instance('demo', instanceId),
    type: ITEM_TYPE.instance,
    instanceId,
  }));
  const items: readonly object[] = [...instances, ...records];
  const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, at) => items.slice(at * 25, at * 25 + 25));
  await eachOf(batches, async (batch) => {
    const requests = batch.map((item) => ({ PutRequest: { Item: marshall(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
  });
  return { client, name };
}
