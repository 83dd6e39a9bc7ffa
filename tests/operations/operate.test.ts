import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { acceptOrderNotice } from '../../lib/instances/accept-order-notice.ts';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import { acceptRelease } from '../../lib/instances/accept-release.ts';
import { acceptRenewal } from '../../lib/instances/accept-renewal.ts';
import { rememberCustomer } from '../../lib/instances/customer.ts';
import { importInstance } from '../../lib/instances/import.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { claim } from '../../lib/instances/outbox.ts';
import { readItem } from '../../lib/instances/write.ts';
import { compareOrders } from '../../lib/operations/compare-orders.ts';
import { csvLine, exportInstances } from '../../lib/operations/export.ts';
import { findByCustomer, findInstances, scanForOrder } from '../../lib/operations/find.ts';
import { setAside } from '../../lib/operations/set-aside.ts';
import { readAside, readStatus } from '../../lib/operations/status.ts';
import type { Table } from '../../lib/table/table.ts';
import { usageKey, usageShardOf } from '../../lib/usage/keys.ts';
import { type World, world } from '../fulfilment/world.ts';
import { pagesOf } from '../instances/support.ts';
import { memoryTable } from '../support/memory-table.ts';

const KEY = 'c'.repeat(32);
const plenty = () => 1_000_000;
let table: Table;
let w: World;

const place = (products = ['demo']) => ({ table, products });
const buy = async (orderId: string, orderLineId = `${orderId}-000001`) => {
  const { item } = await acceptPurchase(table, { product: 'demo', orderId, orderLineId, sentAt: 1 }, w.time.now);
  return item;
};
const fulfil = (item: InstanceItem) => fulfilItem(w.deps, item, plenty);
const renew = (item: InstanceItem) => {
  const order = { orderId: 'R1', orderLineId: 'R1-000001', scene: 'RENEWAL', expiresAt: 9e12, sentAt: 2 } as const;
  return acceptRenewal(table, { product: 'demo', instanceId: item.instanceId, ...order }, w.time.now);
};

beforeEach(() => {
  table = memoryTable();
  w = world(table);
});

describe('finding', () => {
  test('takes an instance, an order, and an order line; an alias leads to its instance', async () => {
    const item = await buy('CS1');
    const given = { product: 'demo', instanceId: 'given', orderId: 'CS2', orderLineId: 'CS2-1', derivedIds: ['alias'] };
    await importInstance(table, given, 1);
    const by = async (id: string, line?: string) => {
      const { by: how, items } = await findInstances(place(), id, line);
      return [how, ...items.map(({ instanceId }) => instanceId)];
    };
    expect(await by(item.instanceId)).toEqual(['instance', item.instanceId]);
    expect(await by('alias')).toEqual(['instance', 'given']);
    expect(await by('CS1')).toEqual(['order', item.instanceId]);
    expect(await by('CS1', 'CS1-000001')).toEqual(['order', item.instanceId]);
    expect(await by('CS1-000001')).toEqual(['line', item.instanceId]);
    for (const id of ['CS9', 'CS9-000001', '', 'x'.repeat(257)]) expect(await by(id)).toEqual(['nothing']);
    expect((await findInstances(place(['other']), 'CS1')).items).toEqual([]);
  });

  test('says that a table has no index, and passes other errors on', async () => {
    const failing = (name: string) => ({
      ...place([]),
      table: {
        name: table.name,
        client: { send: async () => Promise.reject(Object.assign(new Error('no'), { name })) } as Table['client'],
      },
    });
    expect(await findInstances(failing('ValidationException'), 'CS1')).toEqual({
      by: 'nothing',
      items: [],
      hasNoIndex: true,
    });
    await expect(findInstances(failing('ThrottlingException'), 'CS1')).rejects.toThrow('no');
  });

  test('a customer has the instances that were remembered', async () => {
    const [first, second] = [await buy('CS1'), await buy('CS2')];
    for (const item of [first, second]) await rememberCustomer(table, KEY, item, 'who');
    await rememberCustomer(table, KEY, first, '');
    const { by, items } = await findByCustomer(place(), KEY, 'who');
    expect([by, items.length]).toEqual(['customer', 2]);
    expect(await findByCustomer(place(), KEY, 'nobody')).toEqual({ by: 'nothing', items: [] });
  });

  test('pages of any size are read to their end', async () => {
    for (const line of ['CS1-1', 'CS1-2', 'CS1-3']) await rememberCustomer(table, KEY, await buy('CS1', line), 'who');
    const paged = { table: pagesOf(1, table), products: ['demo'] };
    expect((await findInstances(paged, 'CS1')).items.map(({ orderLineId }) => orderLineId)).toEqual([
      'CS1-1',
      'CS1-2',
      'CS1-3',
    ]);
    expect((await findByCustomer(paged, KEY, 'who')).items).toHaveLength(3);
  });

  test('a scan knows the orders of renewals', async () => {
    const item = await buy('CS1');
    await fulfil(item);
    await renew(item);
    await buy('R1-000001x');
    const ids = async (id: string) => (await scanForOrder(place(), id)).items.map(({ orderId }) => orderId);
    for (const id of ['R1', 'R1-000001', 'CS1', 'CS1-000001']) expect(await ids(id)).toEqual(['CS1']);
    expect(await scanForOrder(place(['other']), 'R1')).toEqual({ by: 'nothing', items: [] });
  });
});

test('a list of orders is compared with everything in the table', async () => {
  const item = await buy('CS1');
  await fulfil(item);
  await renew(item);
  const second = await buy('CS#2%');
  await acceptOrderNotice(table, { product: 'demo', orderId: 'N1', orderLineId: 'N1-1', sentAt: 1 }, w.time.now);
  const listed = new Set(['CS1', 'R1', 'N1', 'X1']);
  expect(await compareOrders(table, ['demo'], listed)).toEqual({
    unknown: ['X1'],
    unlisted: [{ product: 'demo', instanceId: second.instanceId, orderId: 'CS#2%', state: 'PENDING' }],
  });
  expect((await compareOrders(table, ['other'], new Set(['CS#2%']))).unlisted).toEqual([]);
});

describe('the status', () => {
  test('is empty where nothing waits', async () => {
    const products = [{ product: 'demo', waiting: 0, failing: 0 }];
    expect(await readStatus(table, w.deps.products)).toEqual({ products, failing: [], usage: { records: 0 } });
  });

  test('names what fails, the purchase whose window closes first on top', async () => {
    w.behaviour.current = () => {
      throw new Error('down');
    };
    const [first, second] = [await buy('CS1'), await buy('CS2')];
    await acceptOrderNotice(table, { product: 'demo', orderId: 'N1', orderLineId: 'N1-1', sentAt: 1 }, w.time.now);
    for (const item of [first, second]) await fulfil(item);
    await fulfilItem(w.deps, keys.orderLine('demo', 'N1', 'N1-1'), plenty);
    const { products, failing } = await readStatus(table, w.deps.products);
    expect(products).toEqual([{ product: 'demo', waiting: 3, failing: 3, oldest: w.time.now }]);
    expect(failing.map(({ id }) => id).sort()).toEqual(['N1', first.instanceId, second.instanceId].sort());
    const window = w.deps.products.get('demo')?.provisionWindow ?? 0;
    expect(failing[0]).toMatchObject({ kind: 'provision', attempts: 1, closesAt: w.time.now + window });
    expect(failing[2]).toMatchObject({ id: 'N1', kind: 'orderNotified', orderId: 'N1' });
  });

  test('names licence codes, applications and tenants by their own ids, and tells until when usage is taken', async () => {
    const put = (item: object) =>
      table.client.send(
        new PutItemCommand({ TableName: table.name, Item: marshall({ sk: 'X', dueShard: 1, ...item }) }),
      );
    const waiting = { product: 'demo', attempts: 1, dueAt: 5, lastError: 'down', failed: {} };
    const change = { id: 'c', kind: 'freeze', acceptedAt: 1, sentAt: 1 };
    await put({ ...waiting, pk: 'LICENSE#demo#L', license: 'L', pending: [change] });
    await put({ ...waiting, pk: 'EVENT#demo#E', eventId: 'E', pending: [{ ...change, kind: 'deliverLicense' }] });
    const member = JSON.stringify({ version: '1', id: 'k', kind: 'user', acceptedAt: 1, fingerprint: 'f' });
    await put({ ...waiting, pk: 'KIT#demo#T', tenantId: 'T', turn: 1, queue: new Set([member]) });
    const at = usageKey('demo', 'i-1', { begin: w.time.now, end: w.time.now + 1_000 });
    for (const key of [at, { ...at, sk: 'no-period' }]) {
      await put({ ...key, dueShard: usageShardOf(key), dueAt: 0, product: 'demo' });
    }
    const { failing, usage } = await readStatus(table, new Map());
    expect(failing.map(({ id }) => id).sort()).toEqual(['E', 'L', 'T']);
    expect(usage).toEqual({ records: 2, deadline: w.time.now + 21 * 86_400_000 });
    expect(
      await setAside(table, { ...{ reason: 'r', token: 't', now: 9 }, key: { pk: 'KIT#demo#T', sk: 'X' } }),
    ).toEqual({
      outcome: 'done',
      change: expect.objectContaining({ kind: 'user' }),
    });
  });

  test('counts what was set aside and which purchases failed', async () => {
    w.behaviour.current = () => ({ failed: { reason: 'no' } });
    await fulfil(await buy('CS1'));
    const read: number[] = [];
    const aside = await readAside(table, w.deps.products, (items) => read.push(items));
    expect(aside).toEqual([{ product: 'demo', setAside: expect.any(Number), failedPurchases: 1 }]);
    expect(aside[0]?.setAside).toBeGreaterThan(0);
    expect(read).toHaveLength(1);
  });
});

describe('setting aside', () => {
  const asked = (item: InstanceItem) => ({ key: item, reason: 'by hand', token: 't', now: w.time.now });
  const outcome = async (item: InstanceItem) => (await setAside(table, asked(item))).outcome;

  test('takes out the change that an instance is stuck at', async () => {
    const item = await buy('CS1');
    await fulfil(item);
    expect(await outcome(item)).toBe('nothing');
    await renew(item);
    expect(await setAside(table, asked(item))).toMatchObject({ outcome: 'done', change: { kind: 'renew' } });
    const after = await readItem<InstanceItem>(table, item);
    expect(Object.values(after?.failed ?? {})).toEqual([expect.objectContaining({ kind: 'renew', reason: 'by hand' })]);
    expect(after).not.toHaveProperty('dueShard');
  });

  test('leaves purchases, releases and attempts under way alone', async () => {
    const item = await buy('CS1');
    expect(await outcome(item)).toBe('purchase');
    await fulfil(item);
    await renew(item);
    await claim(table, item, { owner: 'worker', until: w.time.now + 1_000, now: w.time.now });
    expect(await outcome(item)).toBe('busy');
    await acceptRelease(table, { product: 'demo', instanceId: item.instanceId, sentAt: 9 }, w.time.now);
    expect(await outcome(item)).toBe('release');
    expect(await outcome({ ...item, pk: 'INSTANCE#demo#nobody' })).toBe('unknown');
  });
});

test('an export has a line an instance, and nothing sealed', async () => {
  await fulfil(await buy('CS1'));
  await buy('CS2');
  const lines = [];
  for await (const line of exportInstances(place())) lines.push(line);
  expect(lines.map(({ orderId, state, expiresAt }) => [orderId, state, expiresAt]).sort()).toEqual([
    ['CS1', 'ACTIVE', '2030-03-17T17:46:40.000Z'],
    ['CS2', 'PENDING', ''],
  ]);
  expect(JSON.stringify(lines)).not.toContain('credentials:');
  for await (const line of exportInstances(place(['other']))) throw new Error(line.orderId);
});

test.each([
  [['a', 1, ''], 'a,1,'],
  [['=1+1', '+1', '-1', '@x'], "'=1+1,'+1,'-1,'@x"],
  [['say "no", or', 'two\nlines'], '"say ""no"", or","two\nlines"'],
  [['\t=1', '\r=1'], '\'\t=1,"\'\r=1"'],
])('%j is the line of CSV %j', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
