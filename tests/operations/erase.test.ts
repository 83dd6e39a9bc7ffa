import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import { acceptRelease } from '../../lib/instances/accept-release.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { type Key, keys } from '../../lib/instances/keys.ts';
import { readItem, updateIf } from '../../lib/instances/write.ts';
import { eraseTraces, findTraces } from '../../lib/operations/erase.ts';
import { everyItem } from '../../lib/operations/scan.ts';
import { verifyTable } from '../../lib/operations/verify-audit.ts';
import { order, type World, world } from '../fulfilment/world.ts';
import { memoryTable } from '../support/memory-table.ts';

const KEYS = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
const WHO = 'customer-4711';
const plenty = () => 1_000_000;
let table: ReturnType<typeof memoryTable>;
let w: World;

const deps = (products = ['demo']) => ({
  table,
  products,
  sealer: w.deps.sealer,
  key: KEYS.customer as string | undefined,
});
const action = () => ({ action: 'erase', by: 'li', at: w.time.now, key: KEYS.audit });
const put = (item: object) =>
  table.client.send(
    new PutItemCommand({ TableName: table.name, Item: marshall(item, { removeUndefinedValues: true }) }),
  );

/** Buys for the customer, keys or none, and carries it out. */
async function buy(orderId: string, { chained = true, told }: { chained?: boolean; told?: string } = {}) {
  w.orders.query = async (id, line) => ({
    ...order(id, line),
    buyer: { customerId: WHO, customerName: 'Ms Personal' },
  });
  const call = { product: 'demo', orderId, orderLineId: `${orderId}-1`, sentAt: 1, ...(told && { told }) };
  const { item } = await acceptPurchase(table, call, w.time.now);
  await fulfilItem(chained ? { ...w.deps, hmacKeys: async () => KEYS } : w.deps, item, plenty);
  return item;
}

async function release({ instanceId, pk, sk }: InstanceItem): Promise<void> {
  await acceptRelease(table, { product: 'demo', instanceId, sentAt: 9 }, w.time.now);
  await fulfilItem({ ...w.deps, hmacKeys: async () => KEYS }, { pk, sk }, plenty);
}

/** Everything in the table as one text, sealed values opened. */
async function everything(): Promise<string> {
  const items = [];
  for await (const item of everyItem(table)) items.push(item);
  const text = JSON.stringify(items, (_, value) => (value instanceof Set ? [...value] : value));
  const opened = [...text.matchAll(/(?:personal|credentials):([\w+/=]+)/g)].map(([, sealed = '']) =>
    Buffer.from(sealed, 'base64').toString(),
  );
  return [text, ...opened].join('\n');
}

beforeEach(() => {
  table = memoryTable();
  w = world(table);
});

test('nothing of the customer is left, and the chains verify', async () => {
  const [pointed, older] = [await buy('CS1'), await buy('CS2', { chained: false })];
  const toldOrder = { ...order('CS3', 'CS3-1'), buyer: { customerId: WHO, customerName: 'Ms Personal' } };
  const told = await w.deps.sealer.seal('personal', toldOrder, pointed);
  w.behaviour.current = () => ({ refused: { resultCode: '000106', resultMsg: 'Ms Personal has one' } });
  const failed = await buy('CS3', { told });
  w.behaviour.current = () => undefined;
  await fulfilItem(w.deps, failed, plenty);
  const tenant: Key = { pk: 'TENANT#demo#t', sk: `${pointed.instanceId}#USER#app#h` };
  await put({ ...tenant, product: 'demo', instanceId: pointed.instanceId, turn: 1, failed: {}, record: 'Ms Personal' });
  await put({ ...tenant, sk: 'other#USER#app#h', product: 'demo', instanceId: 'other' });
  const application = { pk: 'EVENT#demo#e', sk: 'LICENSE#1', product: 'demo', instanceId: pointed.instanceId };
  await put({ ...application, eventId: 'e', pending: [], failed: {}, request: 'Ms Personal', licence: 'x' });
  await put({ ...keys.apiKey('demo', WHO), sealed: 'x' });
  const other = await acceptPurchase(table, { product: 'demo', orderId: 'CS9', orderLineId: '1', sentAt: 1 }, 1);

  const before = await findTraces(deps(), WHO);
  expect(before.stillSold.map(({ orderId }) => orderId).sort()).toEqual(['CS1', 'CS2']);
  for (const item of [pointed, older]) await release(item);
  // An item of an older version, whose release left its order behind
  const sealed = await w.deps.sealer.seal('personal', { buyer: { customerId: WHO } }, older);
  const condition = { condition: 'attribute_exists(#pk)', values: { sealed } };
  await updateIf(table, older, 'SET #order = :sealed', condition);

  const traces = await findTraces(deps(), WHO);
  expect(traces.stillSold).toEqual([]);
  expect(traces.instances.map(({ orderId }) => orderId).sort()).toEqual(['CS1', 'CS2', 'CS3']);
  expect([traces.records.length, traces.applications.length, traces.apiKeys.length]).toEqual([1, 1, 1]);
  expect(await eraseTraces(table, traces, action())).toMatchObject({ instances: 3, texts: expect.any(Number) });
  for (const trace of [WHO, 'Ms Personal']) expect(await everything()).not.toContain(trace);
  expect(await verifyTable(table, KEYS.audit, { until: 9e15 })).toMatchObject({ findings: [] });
  expect(await readItem(table, keys.instance('demo', other.instanceId))).toMatchObject({ orderId: 'CS9' });
  expect(await readItem<InstanceItem>(table, failed)).toMatchObject({ state: 'FAILED', failure: { reason: 'erased' } });
  expect(await findTraces(deps(), WHO)).toMatchObject({ instances: [], pointers: [], apiKeys: [] });

  // Late calls about what was erased: neither the log that is written now nor the seller's code hears of the customer.
  const logged = w.log.entries.length;
  await acceptPurchase(table, { product: 'demo', orderId: 'CS1', orderLineId: 'CS1-1', sentAt: 10 }, w.time.now);
  for (const item of [pointed, older, failed]) {
    await release(item);
    await fulfilItem(w.deps, item, plenty);
  }
  for (const trace of [WHO, 'Ms Personal']) {
    expect(JSON.stringify(w.log.entries.slice(logged))).not.toContain(trace);
    expect(await everything()).not.toContain(trace);
  }
  expect(w.log.entries.length).toBeGreaterThan(logged);
});

test('without the key of pseudonyms orders alone tell', async () => {
  await buy('CS1');
  expect((await findTraces({ ...deps(), key: undefined }, WHO)).instances).toHaveLength(1);
  expect((await findTraces({ ...deps(), key: undefined }, 'nobody')).instances).toEqual([]);
  const closed = { open: async () => Promise.reject(new Error('no key')) };
  expect((await findTraces({ ...deps(), key: undefined, sealer: closed }, WHO)).instances).toEqual([]);
});

test('an instance that is queued again meanwhile stops it, and one that is gone does not', async () => {
  const item = await buy('CS1');
  await release(item);
  const traces = await findTraces(deps(), WHO);
  const gone = { ...item, ...keys.instance('demo', 'gone') };
  await eraseTraces(table, { ...traces, instances: [gone], pointers: [] }, action());
  await updateIf(table, item, 'SET #dueShard = :one', { condition: 'attribute_exists(#pk)', values: { one: 1 } });
  await expect(eraseTraces(table, traces, action())).rejects.toThrow('run the command again');
});
