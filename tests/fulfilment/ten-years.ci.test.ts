import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Key, keys } from '../../lib/instances/keys.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
} from '../../lib/instances/store.ts';
import type { Table } from '../../lib/table/table.ts';
import { freshTable } from '../instances/support.ts';
import { memoryTable } from '../support/memory-table.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { DAY, world } from './world.ts';

const MONTHS = 120;
const LINE = { orderId: 'CS2606010930ABCDEF0001', orderLineId: 'CS2606010930ABCDEF0001-000001' };

async function stored(table: Table, key: Key) {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: marshall({ pk: key.pk, sk: key.sk }), ConsistentRead: true }),
  );
  if (Item === undefined) throw new Error('The instance is not there.');
  return Item;
}

/** A monthly instance of ten years: a renewal each month, two upgrades and a time in arrears each year. */
async function tenYears(table: Table) {
  const { time, settleItem } = world(table);
  const { instanceId } = await acceptPurchase(table, { product: 'demo', ...LINE, sentAt: time.now }, time.now);
  const key = keys.instance('demo', instanceId);
  const call = (order: string) => {
    time.now += DAY;
    const orderId = `CS2606010930${order.padStart(10, '0')}`;
    return { product: 'demo', instanceId, orderId, orderLineId: `${orderId}-000001`, sentAt: time.now };
  };
  await settleItem(key);
  for (let month = 0; month < MONTHS; month += 1) {
    const renewal = call(`R${month}`);
    await acceptRenewal(table, { ...renewal, scene: 'RENEWAL', expiresAt: time.now + 30 * DAY }, time.now);
    if (month % 6 === 0) await acceptUpgrade(table, call(`U${month}`), time.now);
    if (month % 12 === 0) {
      await acceptStatus(table, { ...call('F'), status: 'FREEZE' }, time.now);
      await acceptStatus(table, { ...call('A'), status: 'UNFREEZE' }, time.now);
    }
    await settleItem(key);
  }
  return { key };
}

test('an instance of ten years keeps below 40 KB', async () => {
  const table = memoryTable();
  const { key } = await tenYears(table);
  const item = unmarshall(await stored(table, key));
  expect(item.orders.size).toBe(1 + MONTHS + MONTHS / 6);
  const bytes = Buffer.byteLength(JSON.stringify(marshall(item)));
  expect(bytes).toBeLessThan(40_000);
}, 60_000);

/** Bytes that are left: too few for a renewal that waits, enough for a release, which takes the place of what waits. */
const ROOM_BYTES = 240;
/** Bytes of an item at most. */
const ITEM_BYTES = 400 * 1_024;

/** The longest text that still fits. */
async function largest(put: (length: number) => Promise<unknown>): Promise<number> {
  let [fits, tooLong] = [0, ITEM_BYTES];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    const isThere = await put(middle).then(
      () => true,
      () => false,
    );
    if (isThere) fits = middle;
    else tooLong = middle;
  }
  return fits;
}

let engine: TestTable;
beforeAll(async () => {
  engine = await startTable('dynoxide');
});
afterAll(() => engine.stop());

test.each([
  ['the table in memory', () => memoryTable()],
  ['an engine', () => freshTable(engine)],
] as const)(
  'an instance at the limit of an item, on %s, refuses one more order, keeps what it has, and can be released',
  async (_, tableOf) => {
    const table = await tableOf();
    const { time, settleItem } = world(table);
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...LINE, sentAt: time.now }, time.now);
    const key = keys.instance('demo', instanceId);
    await settleItem(key);
    const item = await stored(table, key);
    // Some five thousand orders would do the same: four hundred years of renewals.
    const put = (length: number) =>
      table.client.send(
        new PutItemCommand({ TableName: table.name, Item: { ...item, filler: { S: 'x'.repeat(length) } } }),
      );
    await put((await largest(put)) - ROOM_BYTES);
    const before = await stored(table, key);

    const renewal = {
      ...{ product: 'demo', instanceId, orderId: 'CS2606010930ABCDEF0002', sentAt: time.now },
      ...{ orderLineId: 'CS2606010930ABCDEF0002-000001', scene: 'RENEWAL' as const, expiresAt: time.now + DAY },
    };
    await expect(acceptRenewal(table, renewal, time.now)).rejects.toThrow(/size|exceeds/i);
    expect(await stored(table, key)).toEqual(before);

    const released = await acceptRelease(table, { product: 'demo', instanceId, sentAt: time.now }, time.now);
    expect(released.resultCode).toBe('000000');
    await settleItem(key);
    expect(unmarshall(await stored(table, key)).state).toBe('RELEASED');
  },
  60_000,
);
