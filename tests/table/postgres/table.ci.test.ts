import { createHash } from 'node:crypto';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PostgresTable } from '../../../lib/table/postgres/open.ts';
import { newTable, sharedPostgres } from '../../support/postgres.ts';

let table: PostgresTable;
beforeAll(async () => {
  table = await newTable(await sharedPostgres());
});
afterAll(() => table.close());

const send = (command: unknown): Promise<Record<string, unknown>> =>
  Reflect.apply(table.client.send, table.client, [command]);
const put = (pk: string, sk: string, more: object = {}) =>
  send(new PutItemCommand({ TableName: table.name, Item: { pk: { S: pk }, sk: { S: sk }, ...more } }));

describe('keys', () => {
  const KEYS = [
    '\0',
    '\u0001',
    '\u0001\u0001',
    '\u0001\u0002',
    '\u0002',
    'a',
    'a\0',
    'a\0b',
    'a\u0001',
    'ab',
    'é',
    '鍵',
    '𝒌',
  ];

  test('with NUL and any other character keep their bytes, their order and their prefixes', async () => {
    for (const sk of KEYS.toReversed()) await put('keys', sk);
    const query = (condition: string, values: object) =>
      send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: condition,
          ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
          ExpressionAttributeValues: { ':pk': { S: 'keys' }, ...values },
        }),
      );
    const texts = ({ Items }: Record<string, unknown>) => (Items as { sk: { S: string } }[]).map(({ sk }) => sk.S);
    const inOrder = KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(texts(await query('#pk = :pk AND #sk >= :p', { ':p': { S: '\0' } }))).toEqual(inOrder);
    for (const prefix of ['a', 'a\0', '\u0001', '\0']) {
      const found = texts(await query('#pk = :pk AND begins_with(#sk, :p)', { ':p': { S: prefix } }));
      expect(found).toEqual(inOrder.filter((key) => key.startsWith(prefix)));
    }
    for (const sk of KEYS) {
      const { Item } = await send(
        new GetItemCommand({ TableName: table.name, Key: { pk: { S: 'keys' }, sk: { S: sk } } }),
      );
      expect(Item).toEqual({ pk: { S: 'keys' }, sk: { S: sk } });
    }
  });

  test('that text cannot hold are refused, as those that the index cannot', async () => {
    await expect(put('\ud800', 'a')).rejects.toMatchObject({ name: 'ValidationException' });
    const long = Array.from({ length: 32 }, (_, at) => createHash('sha512').update(String(at)).digest('base64'))
      .join('')
      .slice(0, 2_000);
    await expect(put(long, long.slice(0, 1_000))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

test('texts, numbers and nested values come back as they were written', async () => {
  const more = {
    t: { S: 'NUL \0, half \ud800, 鍵' },
    n: { N: '9007199254740991' },
    l: { L: [{ M: { x: { SS: ['a'] } } }] },
  };
  await put('values', 'a', more);
  const { Responses } = await send(
    new BatchGetItemCommand({ RequestItems: { [table.name]: { Keys: [{ pk: { S: 'values' }, sk: { S: 'a' } }] } } }),
  );
  expect(Responses).toEqual({ [table.name]: [{ pk: { S: 'values' }, sk: { S: 'a' }, ...more }] });
});

test('a whole table is read page by page, each item once', async () => {
  const own = await newTable(await sharedPostgres());
  const all = Array.from({ length: 7 }, (_, index) => `k${index}`);
  for (const sk of all) {
    await own.client.send(new PutItemCommand({ TableName: own.name, Item: { pk: { S: 'p' }, sk: { S: sk } } }));
  }
  const seen: (string | undefined)[] = [];
  let from: Record<string, { S: string }> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await own.client.send(
      new ScanCommand({ TableName: own.name, Limit: 3, ...(from && { ExclusiveStartKey: from }) }),
    );
    seen.push(...Items.map(({ sk }) => sk?.S));
    from = LastEvaluatedKey as typeof from;
  } while (from !== undefined);
  expect(seen).toEqual(all);
  await own.close();
});

test('what has expired is deleted, however much it is, and nothing else', async () => {
  const past = { ttl: { N: '1000' } };
  const own = await newTable(await sharedPostgres());
  const expired = Array.from({ length: 3 }, (_, index) => ({ sk: `old${index}`, more: past }));
  const future = { ttl: { N: String(Math.floor((await own.now()) / 1000) + 1_000) } };
  for (const { sk, more } of [...expired, { sk: 'new', more: future }, { sk: 'always', more: {} }]) {
    await own.client.send(
      new PutItemCommand({ TableName: own.name, Item: { pk: { S: 'p' }, sk: { S: sk }, ...more } }),
    );
  }
  expect(await own.deleteExpired()).toBe(3);
  const { Items = [] } = await own.client.send(new ScanCommand({ TableName: own.name }));
  expect(Items.map(({ sk }) => sk?.S)).toEqual(['always', 'new']);
  await own.close();
});

test('deletes an item under a condition, and answers a refusal with what stands there', async () => {
  await put('delete', 'a', { n: { N: '1' } });
  const remove = (n: string) =>
    send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: { pk: { S: 'delete' }, sk: { S: 'a' } },
        ConditionExpression: '#n = :n',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':n': { N: n } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  await expect(remove('2')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { n: { N: '1' } } });
  expect(await remove('1')).toEqual({});
  await expect(remove('1')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

test('a request for another table is refused', async () => {
  const request = new UpdateItemCommand({
    TableName: 'another',
    Key: { pk: { S: 'a' }, sk: { S: 'a' } },
    UpdateExpression: 'REMOVE #n',
    ExpressionAttributeNames: { '#n': 'n' },
  });
  await expect(send(request)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('passes its own check, and its clock is the database’s', async () => {
  await table.check();
  expect(Math.abs((await table.now()) - Date.now())).toBeLessThan(60_000);
});
