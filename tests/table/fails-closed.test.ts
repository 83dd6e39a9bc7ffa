import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { readCondition } from '../../lib/table/expressions/condition.ts';
import { MAX_ITEM_BYTES } from '../../lib/table/expressions/item.ts';
import { readUpdate } from '../../lib/table/expressions/update.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import { ENGINES, startTable } from '../support/table.ts';

const TableName = 'memory';
const KEY = { pk: { S: 'P' }, sk: { S: 'S' } };
const NAMES = { '#x': 'x', '#y': 'y' };

async function holding(item: Record<string, AttributeValue>): Promise<MemoryEngine> {
  const engine = new MemoryEngine();
  await engine.send(new PutItemCommand({ TableName, Item: { ...KEY, ...item } }));
  return engine;
}

interface Page {
  readonly Items?: readonly unknown[];
  readonly LastEvaluatedKey?: unknown;
}

const invalid = { name: 'ValidationException' };

test('a set that names a member twice is refused', async () => {
  await expect(holding({ x: { SS: ['a', 'a'] } })).rejects.toMatchObject(invalid);
});

describe('an expression', () => {
  test.each([
    'size(#x) > :v',
    '#x IN (:v)',
    '#x BETWEEN :v AND :v',
    'x = :v',
    '#x = #y',
    '#x[-1] = :v',
    '#x[y] = :v',
    'attribute_exists(#x, :v)',
    'begins_with(#x)',
    '#x = :v extra',
    '#x = :v)',
    '',
  ])('is refused as a condition if it lies outside the subset: %s', (text) => {
    expect(() => readCondition(text)).toThrow(expect.objectContaining(invalid));
  });

  test.each([
    'SET #x = #y',
    'SET #x = :v - :w',
    'SET #x = if_not_exists(:v, #x)',
    'SET #x = :v SET #y = :w',
    'PUT #x :v',
    'ADD #x',
    'REMOVE #x = :v',
    '',
  ])('is refused as an update if it lies outside the subset: %s', (text) => {
    expect(() => readUpdate(text)).toThrow(expect.objectContaining(invalid));
  });

  test.each<[string, Record<string, AttributeValue>, Record<string, AttributeValue>]>([
    ['#x < :v', { x: { N: '1' } }, { ':v': { BOOL: true } }],
    ['#x > :v', {}, { ':v': { L: [] } }],
    ['begins_with(#x, :v)', { x: { S: 'a' } }, { ':v': { N: '1' } }],
    ['#x = :v', {}, {}],
    ['#x = :v', {}, { ':v': { N: '9007199254740993' } }],
    ['#x = :v', {}, { ':v': { N: '0.12345678901234567' } }],
    ['#x = :v', {}, { ':v': { N: 'much' } }],
    ['#x = :v', {}, { ':v': { NS: ['1'] } }],
    ['#x = :v', {}, { ':v': { SS: [] } }],
    ['attribute_exists(#x) OR #y < :v', { x: { N: '1' } }, { ':v': { BOOL: true } }],
    ['attribute_exists(#z)', {}, {}],
    ['attribute_exists(#x)', {}, { ':unused': { S: 'a' } }],
  ])('that cannot be evaluated is never "false": %s', async (ConditionExpression, item, values) => {
    const engine = await holding(item);
    const request = new DeleteItemCommand({
      TableName,
      Key: KEY,
      ConditionExpression,
      ExpressionAttributeNames: Object.fromEntries(
        Object.entries(NAMES).filter(([name]) => ConditionExpression.includes(name)),
      ),
      ExpressionAttributeValues: values,
    });
    await expect(engine.send(request)).rejects.toMatchObject(invalid);
    expect(engine.items.size).toBe(1);
  });

  test.each<[string, Record<string, AttributeValue>, AttributeValue]>([
    ['SET #x = #x + :v', { x: { N: String(Number.MAX_SAFE_INTEGER) } }, { N: '1' }],
    ['SET #x = #x + :v', { x: { N: '0.5' } }, { N: '0.25' }],
    ['SET #x = #x + :v', { x: { S: 'a' } }, { N: '1' }],
    ['ADD #x :v', {}, { S: 'a' }],
    ['SET #x = :v', {}, { S: 'a'.repeat(MAX_ITEM_BYTES) }],
  ])('writes nothing that would not be kept exactly: %s', async (UpdateExpression, item, value) => {
    const engine = await holding(item);
    const before = structuredClone([...engine.items.values()]);
    const request = new UpdateItemCommand({
      TableName,
      Key: KEY,
      UpdateExpression,
      ExpressionAttributeNames: { '#x': 'x' },
      ExpressionAttributeValues: { ':v': value },
    });
    await expect(engine.send(request)).rejects.toMatchObject(invalid);
    expect([...engine.items.values()]).toEqual(before);
  });
});

describe('a request', () => {
  test.each<[string, Record<string, AttributeValue>]>([
    ['too long a partition key', { pk: { S: 'p'.repeat(2_049) }, sk: { S: 'S' } }],
    ['too long a sort key', { pk: { S: 'P' }, sk: { S: '鍵'.repeat(342) } }],
    ['an empty key', { pk: { S: '' }, sk: { S: 'S' } }],
    ['a key that is not a text', { pk: { N: '1' }, sk: { S: 'S' } }],
    ['a text where the index has a number', { ...KEY, dueAt: { S: '1' } }],
    ['a number where the index has a text', { ...KEY, orderKey: { N: '1' } }],
    ['an empty text where the index has one', { ...KEY, lineKey: { S: '' } }],
    ['more than 400 KB', { ...KEY, x: { S: 'a'.repeat(MAX_ITEM_BYTES - 6) } }],
    ['two types at once', { ...KEY, x: { S: 'a', N: '1' } as unknown as AttributeValue }],
  ])('with %s is refused', async (_, Item) => {
    const engine = new MemoryEngine();
    await expect(engine.send(new PutItemCommand({ TableName, Item }))).rejects.toMatchObject(invalid);
    expect(engine.items.size).toBe(0);
  });

  test('of exactly 400 KB is taken', async () => {
    const Item = { ...KEY, x: { S: 'a'.repeat(MAX_ITEM_BYTES - 7) } };
    expect(await new MemoryEngine().send(new PutItemCommand({ TableName, Item }))).toEqual({});
  });

  test('that the store never sends is refused', async () => {
    const engine = new MemoryEngine();
    await expect(engine.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject(invalid);
    await expect(
      engine.send(new ScanCommand({ TableName, FilterExpression: '#x = #y', ExpressionAttributeNames: NAMES })),
    ).rejects.toMatchObject(invalid);
    await expect(engine.send(new QueryCommand({ TableName, IndexName: 'other' }))).rejects.toMatchObject(invalid);
    const request = { TableName, ExpressionAttributeNames: NAMES, ExpressionAttributeValues: { ':v': { S: 'a' } } };
    const filter = new QueryCommand({ ...request, KeyConditionExpression: '#x = :v AND #y = :v' });
    await expect(engine.send(filter)).rejects.toMatchObject(invalid);
  });

  test('for an image that the store never asks for, or with a changed key, writes nothing', async () => {
    const engine = await holding({ x: { N: '1' } });
    const before = structuredClone([...engine.items.values()]);
    const request = {
      TableName,
      Key: KEY,
      UpdateExpression: 'SET #x = :v',
      ExpressionAttributeNames: { '#x': 'x' },
      ExpressionAttributeValues: { ':v': { S: 'other' } },
    };
    for (const odd of [
      { ReturnValues: 'UPDATED_OLD' as const },
      { ReturnValuesOnConditionCheckFailure: 'ALL_NEW' as 'ALL_OLD' },
      { ExpressionAttributeNames: { '#x': 'sk' } },
    ]) {
      await expect(engine.send(new UpdateItemCommand({ ...request, ...odd }))).rejects.toMatchObject(invalid);
    }
    expect([...engine.items.values()]).toEqual(before);
  });

  test('reads many keys at once, and leaves out those that are not there', async () => {
    const engine = await holding({ x: { N: '1' } });
    const Keys = [KEY, { ...KEY, sk: { S: 'none' } }];
    const read = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } });
    expect(await engine.send(read)).toEqual({ Responses: { [TableName]: [{ ...KEY, x: { N: '1' } }] } });
    const odd = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ProjectionExpression: 'x' } } });
    await expect(engine.send(odd)).rejects.toMatchObject(invalid);
  });

  test('whose caller has given up is not carried out', async () => {
    const engine = new MemoryEngine();
    const sent = engine.send(new PutItemCommand({ TableName, Item: KEY }), { abortSignal: AbortSignal.abort() });
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    expect(engine.items.size).toBe(0);
  });
});

test.each(ENGINES)('queries and scans give the same items as %s, page by page', async (name) => {
  const running = await startTable(name);
  try {
    const engine = new MemoryEngine();
    const sends = [running.client, engine];
    for (const [pk, sk, dueAt] of [
      ['A', 'x#1', 5],
      ['A', 'x#2', 3],
      ['A', 'x$', 4],
      ['A', 'é', 9],
      ['B', 'x#1', 3],
    ] as const) {
      const due = { dueShard: { N: '1' }, dueAt: { N: String(dueAt) } };
      const Item = { pk: { S: pk }, sk: { S: sk }, ...due, more: { S: 'not a key' } };
      for (const one of sends) await one.send(new PutItemCommand({ TableName: running.table.name, Item }));
    }
    type Command = typeof QueryCommand | typeof ScanCommand;
    const all = async (
      one: object & { send: unknown },
      request: object,
      kind: Command,
    ): Promise<readonly unknown[]> => {
      const items: unknown[] = [];
      let from: unknown;
      do {
        const input = {
          TableName: running.table.name,
          Limit: 2,
          ...request,
          ...(from ? { ExclusiveStartKey: from } : {}),
        };
        const { Items, LastEvaluatedKey } = await Reflect.apply(one.send as () => Promise<Page>, one, [
          Reflect.construct(kind, [input]),
        ]);
        items.push(...(Items ?? []));
        from = LastEvaluatedKey;
      } while (from !== undefined);
      return items;
    };
    const keyed = (KeyConditionExpression: string, values: Record<string, AttributeValue>, names: object = {}) => ({
      KeyConditionExpression,
      ExpressionAttributeNames: { '#pk': 'pk', ...names },
      ExpressionAttributeValues: { ':pk': { S: 'A' }, ...values },
    });
    const sk = { '#sk': 'sk' };
    for (const request of [
      keyed('#pk = :pk', {}),
      keyed('#pk = :pk AND begins_with(#sk, :p)', { ':p': { S: 'x#' } }, sk),
      keyed('#pk = :pk AND #sk > :p', { ':p': { S: 'x#1' } }, sk),
      keyed('#pk = :pk AND #sk >= :p', { ':p': { S: 'x$' } }, sk),
    ]) {
      expect(await all(engine, request, QueryCommand)).toEqual(await all(running.client, request, QueryCommand));
    }
    const due = {
      IndexName: 'due',
      KeyConditionExpression: '#s = :s AND #d <= :now',
      ExpressionAttributeNames: { '#s': 'dueShard', '#d': 'dueAt' },
      ExpressionAttributeValues: { ':s': { N: '1' }, ':now': { N: '5' } },
    };
    // Items with the same sort key come in the engine's own order.
    const times = (items: readonly unknown[]) => items.map((item) => (item as { dueAt: AttributeValue }).dueAt.N);
    const queried = [await all(engine, due, QueryCommand), await all(running.client, due, QueryCommand)] as const;
    expect(times(queried[0])).toEqual(times(queried[1]));
    expect(queried[0]).toEqual(expect.arrayContaining([...queried[1]]));
    const filter = {
      FilterExpression: '#d > :d',
      ExpressionAttributeNames: { '#d': 'dueAt' },
      ExpressionAttributeValues: { ':d': { N: '3' } },
    };
    const filtered = [await all(engine, filter, ScanCommand), await all(running.client, filter, ScanCommand)];
    expect(filtered[0]).toHaveLength(3);
    expect(filtered[0]).toEqual(expect.arrayContaining([...(filtered[1] ?? [])]));
    const scanned = [await all(engine, {}, ScanCommand), await all(running.client, {}, ScanCommand)];
    expect(scanned[0]).toHaveLength(5);
    expect(scanned[0]).toEqual(expect.arrayContaining([...(scanned[1] ?? [])]));
  } finally {
    await running.stop();
  }
});
