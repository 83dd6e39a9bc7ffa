import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import { acceptRenewal } from '../../lib/instances/accept-renewal.ts';
import { acceptStatus } from '../../lib/instances/accept-status.ts';
import { fillOrderIndex, queryOrderIndex } from '../../lib/operations/order-index.ts';
import { MIGRATIONS, migrate } from '../../lib/table/postgres/schema.ts';
import type { Table } from '../../lib/table/table.ts';
import { newTable, sharedPostgres } from '../support/postgres.ts';
import { startTable, type TestTable } from '../support/table.ts';

let running: TestTable;

beforeAll(async () => {
  running = await startTable('dynoxide');
});
afterAll(() => running.stop());

/** The table, and the units that writes have consumed since they were last asked for. */
function metered({ client, name }: Table) {
  let units: Readonly<Record<string, number>>[] = [];
  const send = async (command: { input: object }) => {
    Object.assign(command.input, { ReturnConsumedCapacity: 'INDEXES' });
    const answer = (await Reflect.apply(client.send, client, [command])) as {
      ConsumedCapacity?: {
        Table?: { CapacityUnits?: number };
        GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
      };
    };
    const { Table: own, GlobalSecondaryIndexes: indexes = {} } = answer.ConsumedCapacity ?? {};
    const ofIndexes = Object.entries(indexes).map(([index, { CapacityUnits = 0 }]) => [index, CapacityUnits]);
    units.push({ table: own?.CapacityUnits ?? 0, ...Object.fromEntries(ofIndexes) });
    return answer;
  };
  return {
    table: { client: { send: send as Table['client']['send'] }, name },
    taken: () => {
      const since = units;
      units = [];
      return since;
    },
  };
}

test('the index costs one unit a purchase, and no change costs more for it', async () => {
  const { table, taken } = metered(running.table);
  const call = { product: 'demo', orderId: 'CS-units', orderLineId: 'CS-units-1', sentAt: 1 };
  const { instanceId } = await acceptPurchase(table, call, 1);
  expect(taken()).toEqual([{ table: 1, due: 1, order: 1 }]);
  const id = { product: 'demo', instanceId };
  const renewal = { ...id, orderId: 'CS-r', orderLineId: 'CS-r-1', scene: 'RENEWAL', expiresAt: 9, sentAt: 2 } as const;
  await acceptRenewal(table, renewal, 2);
  await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 3 }, 3);
  expect(taken().map(({ order = 0 }) => order)).toEqual([0, 0]);
  const found = await queryOrderIndex(running.table, 'CS-units', 'CS-units-1');
  expect(found).toEqual([expect.objectContaining({ sk: 'INSTANCE' })]);
});

test('on PostgreSQL a table of before gets the index, and its instances are filled in', async () => {
  const table = await newTable(await sharedPostgres());
  const item = { orderId: 'CS-pg', orderLineId: 'CS\u0000\u0001', product: 'demo' };
  const before = { pk: 'INSTANCE#demo#old', sk: 'INSTANCE', ...item };
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(before) }));
  const call = { product: 'demo', orderId: 'CS-pg', orderLineId: 'CS-pg-2', sentAt: 1 };
  const { item: bought } = await acceptPurchase(table, call, 1);
  expect(await queryOrderIndex(table, 'CS-pg')).toHaveLength(1);
  expect(await fillOrderIndex(table)).toEqual({ instances: 2, filled: 1 });
  const found = await queryOrderIndex(table, 'CS-pg');
  expect(found.map(({ pk }) => pk)).toEqual(['INSTANCE#demo#old', bought.pk]);
  expect(await queryOrderIndex(table, 'CS-pg', item.orderLineId)).toEqual([{ pk: before.pk, sk: before.sk }]);
  const isLast = MIGRATIONS.at(-1)?.oldest;
  expect(isLast).toBe(1); // servers of the version before run on
  expect(await table.connections.lend((query) => migrate(query, table.name))).toEqual([]);
  await table.close();
});
