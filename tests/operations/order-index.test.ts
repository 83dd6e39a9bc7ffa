import { expect, test } from '@jest/globals';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import { acceptStatus } from '../../lib/instances/accept-status.ts';
import { importInstance } from '../../lib/instances/import.ts';
import { keys } from '../../lib/instances/keys.ts';
import { updateIf } from '../../lib/instances/write.ts';
import { fillOrderIndex, queryOrderIndex } from '../../lib/operations/order-index.ts';
import { memoryTable } from '../support/memory-table.ts';

const buy = (table: ReturnType<typeof memoryTable>, orderId: string, orderLineId: string) =>
  acceptPurchase(table, { product: 'demo', orderId, orderLineId, sentAt: 1 }, 1);

const pks = async (table: ReturnType<typeof memoryTable>, orderId: string, line?: string) =>
  (await queryOrderIndex(table, orderId, line)).map(({ pk }) => pk);

test('an order is found with all its lines, and one line alone', async () => {
  const table = memoryTable();
  const first = await buy(table, 'CS1', 'CS1-000001');
  const second = await buy(table, 'CS1', 'CS1-000002');
  await buy(table, 'CS10', 'CS10-000001');
  expect(await pks(table, 'CS1')).toEqual([first.item.pk, second.item.pk]);
  expect(await pks(table, 'CS1', 'CS1-000002')).toEqual([second.item.pk]);
  expect(await pks(table, 'CS2')).toEqual([]);
});

test('an order without lines is found as well', async () => {
  const table = memoryTable();
  const { item } = await buy(table, 'CS3', '');
  expect(await pks(table, 'CS3')).toEqual([item.pk]);
  expect(await pks(table, 'CS3', '')).toEqual([item.pk]);
});

test('a change leaves the keys of the index alone', async () => {
  const table = memoryTable();
  const { item } = await buy(table, 'CS4', 'CS4-000001');
  await acceptStatus(table, { product: 'demo', instanceId: item.instanceId, status: 'FREEZE', sentAt: 2 }, 2);
  expect(await pks(table, 'CS4')).toEqual([item.pk]);
});

test('an imported instance is found, and its alias is not', async () => {
  const table = memoryTable();
  const ids = { product: 'demo', instanceId: 'given-1', orderId: 'CS5', orderLineId: 'CS5-000001' };
  await importInstance(table, { ...ids, derivedIds: ['derived-1'] }, 1);
  expect(await pks(table, 'CS5')).toEqual([keys.instance('demo', 'given-1').pk]);
});

test('instances of before are found once the index has been filled, which may be done twice', async () => {
  const table = memoryTable();
  const { item } = await buy(table, 'CS6', 'CS6-000001');
  await importInstance(
    table,
    { product: 'demo', instanceId: 'g', orderId: 'CS7', orderLineId: '', derivedIds: ['d'] },
    1,
  );
  const condition = { condition: 'attribute_exists(#pk)', values: {} };
  await updateIf(table, item, 'REMOVE #orderKey, #lineKey', condition);
  expect(await pks(table, 'CS6')).toEqual([]);
  const read: number[] = [];
  expect(await fillOrderIndex(table, (items) => read.push(items))).toEqual({ instances: 2, filled: 1 });
  expect(await pks(table, 'CS6')).toEqual([item.pk]);
  expect(await fillOrderIndex(table)).toEqual({ instances: 2, filled: 0 });
  expect(read).toEqual([3]);
});
