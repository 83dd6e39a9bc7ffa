import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fulfilKeys, sweep } from '../../lib/fulfilment/fulfil-all.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase } from '../../lib/instances/store.ts';
import type { Table } from '../../lib/table/table.ts';
import { freshTable, newOrder, stored } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type World, world } from './world.ts';

let running: TestTable;
let table: Table;
let w: World;
beforeAll(async () => {
  running = await startTable();
});
afterAll(() => running.stop());
beforeEach(async () => {
  table = await freshTable(running);
  w = world(table);
});

const plenty = () => 1_000_000;
const buy = async () => {
  const { instanceId } = await acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, w.time.now);
  return { instanceId, key: keys.instance('demo', instanceId) };
};

/** The table, failing at whatever is asked about one item. */
const failingAt = (pk: string): Table => ({
  name: table.name,
  client: {
    send: async (...args: unknown[]) => {
      const { input } = args[0] as { input: { Key?: { pk?: { S?: string } } } };
      if (input.Key?.pk?.S === pk) throw new Error('ProvisionedThroughputExceededException');
      return Reflect.apply(table.client.send, table.client, args);
    },
  },
});

test('an item at which the table fails stays due, and delays no other', async () => {
  const [first, second] = [await buy(), await buy()];
  const swept = await sweep({ ...w.deps, table: failingAt(first.key.pk) }, plenty);
  expect(swept).toMatchObject({ entries: 2, attempts: 1 });
  expect(await stored(table, first.instanceId)).toMatchObject({ state: 'PENDING', attempts: 0, dueAt: 0 });
  expect(await stored(table, second.instanceId)).toMatchObject({ state: 'ACTIVE', pending: [] });
  expect(w.log.entries.filter(({ level }) => level === 'error')).toEqual([
    expect.objectContaining({ fields: { error: expect.any(Error), fields: { pk: first.key.pk } } }),
  ]);
  await w.settle();
  expect(await stored(table, first.instanceId)).toMatchObject({ state: 'ACTIVE' });
});

test('of the items that the stream names, those the table failed at are given back', async () => {
  const [first, second] = [await buy(), await buy()];
  const named = [first.key, second.key, { ...first.key }];
  expect(await fulfilKeys({ ...w.deps, table: failingAt(first.key.pk) }, named, plenty)).toEqual([first.key]);
  expect(w.calls).toHaveLength(1);
});

test('the age of what was due at once counts from when it was accepted', async () => {
  await buy();
  w.time.now += 90_000;
  expect(await sweep(w.deps, plenty)).toMatchObject({ entries: 1, oldest: 90_000 });
  expect(w.log.entries).toContainEqual(expect.objectContaining({ message: 'OldestDueAge', fields: { value: 90 } }));
});
