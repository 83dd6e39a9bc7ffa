import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { acceptPurchase, acceptRenewal } from '../../../lib/instances/store.ts';
import { MAX_ITEM_BYTES } from '../../../lib/table/expressions/item.ts';
import { readAddress } from '../../../lib/table/postgres/address.ts';
import { openConnections } from '../../../lib/table/postgres/connections.ts';
import type { PostgresTable } from '../../../lib/table/postgres/open.ts';
import { newTable, type Reached, reach, sharedPostgres } from '../../support/postgres.ts';
import { type Fate, PostgresProxy } from '../../support/postgres-proxy.ts';

let server: Reached;
let proxy: PostgresProxy;
/** The table through the proxy, and beside it. */
let table: PostgresTable;
let direct: PostgresTable;
let serial = 0;
let key: Record<string, AttributeValue>;

beforeAll(async () => {
  server = await sharedPostgres();
  proxy = await new PostgresProxy(Number(new URL(server.url).port)).start();
  direct = await newTable(server);
  const url = new URL(server.url);
  url.port = String(proxy.port);
  table = reach({ ...server, url: url.href }, direct.name, { connections: 4 });
  await table.now(); // a connection that stands: the tests count requests alone
});
afterAll(async () => {
  await table.close();
  await direct.close();
  await proxy.stop();
});
beforeEach(() => {
  serial += 1;
  key = { pk: { S: `p${serial}` }, sk: { S: 's' } };
  proxy.requests.length = 0;
});
afterEach(() => {
  proxy.fate = () => 'pass';
});

const put = (on: PostgresTable, more: Record<string, AttributeValue> = {}) =>
  on.client.send(new PutItemCommand({ TableName: on.name, Item: { ...key, ...more } }));
const putNew = (on: PostgresTable) =>
  on.client.send(
    new PutItemCommand({
      TableName: on.name,
      Item: { ...key, n: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
const count = (on: PostgresTable) =>
  on.client.send(
    new UpdateItemCommand({
      TableName: on.name,
      Key: key,
      UpdateExpression: 'SET #n = #n + :one',
      ConditionExpression: '#n >= :one',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
const read = async () => (await direct.client.send(new GetItemCommand({ TableName: direct.name, Key: key }))).Item;
const texts = () => proxy.requests.map(({ text }) => text);

describe('round trips', () => {
  test('a first delivery costs one, a repeat one, a change two', async () => {
    const line = { product: 'demo', orderId: `CS${serial}`, orderLineId: `CS${serial}-1` };
    const { instanceId } = await acceptPurchase(table, { ...line, sentAt: 1 }, 1_000);
    expect(proxy.requests).toHaveLength(1);
    await acceptPurchase(table, { ...line, sentAt: 2 }, 2_000);
    expect(proxy.requests).toHaveLength(2);
    const renewal = { product: 'demo', instanceId, orderId: 'R', orderLineId: 'R-1', sentAt: 3 };
    await acceptRenewal(table, { ...renewal, scene: 'RENEWAL', expiresAt: 9 }, 3_000);
    expect(proxy.requests).toHaveLength(4);
  });
});

describe('1: isolation', () => {
  test('is read committed, whatever the database prefers; many writers of one item lose nothing', async () => {
    const name = `strict_${process.pid}`;
    const run = (text: string) => direct.connections.lend((query) => query({ text }), { timeoutMs: 20_000 });
    await run(`CREATE DATABASE ${name}`);
    await run(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    const url = new URL(server.url);
    url.pathname = name;
    const strict = await newTable({ ...server, url: url.href });
    await put(strict, { n: { N: '1' } });
    await Promise.all(Array.from({ length: 50 }, () => count(strict)));
    const { Item } = await strict.client.send(new GetItemCommand({ TableName: strict.name, Key: key }));
    expect(Item?.n).toEqual({ N: '51' });
    await strict.close();
    await run(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  test('a transaction holds one row, and nothing but its statements', async () => {
    await put(direct, { n: { N: '1' } });
    await Promise.all(Array.from({ length: 12 }, () => count(table)));
    expect((await read())?.n).toEqual({ N: '13' });
    const locking = texts().filter((text) => text.endsWith('FOR UPDATE'));
    const begun = texts().filter((text) => text.startsWith('BEGIN'));
    const ended = texts().filter((text) => text === 'COMMIT');
    expect(locking.length).toBeGreaterThan(0);
    expect([begun.length, ended.length]).toEqual([locking.length, locking.length]);
  });
});

describe('2: versions', () => {
  test('never repeat: an item that was deleted and made anew is judged anew', async () => {
    await put(direct, { owner: { S: 'a' } });
    const change = new UpdateItemCommand({
      TableName: table.name,
      Key: key,
      UpdateExpression: 'SET #done = :true',
      ConditionExpression: '#owner = :a',
      ExpressionAttributeNames: { '#done': 'done', '#owner': 'owner' },
      ExpressionAttributeValues: { ':a': { S: 'a' }, ':true': { BOOL: true } },
    });
    proxy.fate = async ({ text }): Promise<Fate> => {
      if (!text.startsWith('UPDATE') || proxy.requests.some(({ text: other }) => other.startsWith('BEGIN')))
        return 'pass';
      await direct.client.send(new DeleteItemCommand({ TableName: direct.name, Key: key }));
      await put(direct, { owner: { S: 'b' } });
      return 'pass';
    };
    await expect(table.client.send(change)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await read()).toEqual({ ...key, owner: { S: 'b' } });
  });
});

describe('3: the evaluator', () => {
  test.each<[string, string, Record<string, AttributeValue>]>([
    ['an integer that is not kept exactly', 'SET #n = #n + :v', { ':v': { N: '9007199254740991' } }],
    ['an operand of another type', 'SET #n = #n + :v', { ':v': { S: 'a' } }],
    ['unknown syntax', 'SET #n = #n - :v', { ':v': { N: '1' } }],
    ['an item of more than 400 KB', 'SET #n = :v', { ':v': { S: 'a'.repeat(MAX_ITEM_BYTES) } }],
  ])('throws and writes nothing for %s', async (_, UpdateExpression, ExpressionAttributeValues) => {
    await put(direct, { n: { N: '1' } });
    const update = new UpdateItemCommand({
      TableName: table.name,
      Key: key,
      UpdateExpression,
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues,
    });
    await expect(table.client.send(update)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await read()).toEqual({ ...key, n: { N: '1' } });
    expect((await table.now()) > 0).toBe(true); // the connection is as good as before
  });
});

describe('4: connections', () => {
  test('an aborted request takes its connection with it, and its late answer reaches nobody', async () => {
    await put(direct, { n: { N: '1' } });
    const aborting = new AbortController();
    proxy.fate = async (): Promise<Fate> => {
      aborting.abort(new Error('over'));
      return 'pass';
    };
    const { total } = table.connections.counts();
    const get = new GetItemCommand({ TableName: table.name, Key: key });
    await expect(table.client.send(get, { abortSignal: aborting.signal })).rejects.toThrow('over');
    expect(table.connections.counts().total).toBe(total - 1);
    proxy.fate = () => 'pass';
    expect((await table.client.send(get)).Item).toEqual({ ...key, n: { N: '1' } });
  });

  test('a request without an answer ends by its time, and the next one is answered', async () => {
    proxy.fate = () => 'swallow';
    const slow = table.connections.lend((query) => query({ text: 'SELECT 1' }), { timeoutMs: 100 });
    await expect(slow).rejects.toMatchObject({ name: 'TableUnavailable' });
    proxy.fate = () => 'pass';
    expect(await table.now()).toBeGreaterThan(0);
  });

  test('a write whose answer is lost is of unknown outcome, and is never sent again', async () => {
    proxy.fate = ({ text }) => (text.includes('INSERT') ? 'lose the answer' : 'pass');
    await expect(putNew(table)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(texts().filter((text) => text.includes('INSERT'))).toHaveLength(1);
    expect(await read()).toEqual({ ...key, n: { N: '1' } });
    proxy.fate = () => 'pass';
    await expect(putNew(table)).rejects.toMatchObject({ Item: { n: { N: '1' } } }); // the caller's repeat finds it
  });

  test('a lost answer to COMMIT is of unknown outcome, a lost answer before it is not', async () => {
    await put(direct, { n: { N: '1' } });
    const losing = (statement: RegExp) => async () => {
      let isOvertaken = false;
      proxy.fate = async ({ text }) => {
        if (text.startsWith('UPDATE') && !isOvertaken) {
          isOvertaken = true;
          await count(direct); // so that it takes the lock
        }
        return statement.test(text) ? 'lose the answer' : 'pass';
      };
      return count(table);
    };
    await expect(losing(/^COMMIT/)()).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect((await read())?.n).toEqual({ N: '3' });
    proxy.fate = () => 'pass';
    await expect(losing(/FOR UPDATE$/)()).rejects.toMatchObject({ name: 'TableUnavailable' });
    expect((await read())?.n).toEqual({ N: '4' });
  });

  test('a transaction that cannot be rolled back takes its connection with it', async () => {
    await put(direct, { n: { N: '1' } });
    let isOvertaken = false;
    proxy.fate = async ({ text }) => {
      if (text.startsWith('UPDATE') && !isOvertaken) {
        isOvertaken = true;
        await put(direct, { n: { N: '0' } });
      }
      return text === 'ROLLBACK' ? { refuse: '57014' } : 'pass';
    };
    await table.now();
    const { total } = table.connections.counts();
    await expect(count(table)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(table.connections.counts().total).toBe(total - 1);
    proxy.fate = () => 'pass';
    expect(await table.now()).toBeGreaterThan(0);
    expect((await read())?.n).toEqual({ N: '0' });
  });

  test('a password is asked for at each new connection', async () => {
    const passwords = ['wrong', server.password];
    const asked = openConnections(readAddress(server.url), { password: async () => passwords.shift() });
    const ask = () => asked.lend((query) => query({ text: 'SELECT 1' }));
    await expect(ask()).rejects.toThrow('password authentication failed');
    await ask();
    expect(passwords).toEqual([]);
    await asked.close();
  });
});

describe('7: nothing outlives a transaction', () => {
  test('no statement has a name, and every setting is local', async () => {
    await put(direct, { n: { N: '1' } });
    await Promise.all([...Array.from({ length: 8 }, () => count(table)), table.now(), table.deleteExpired()]);
    const settings = texts().flatMap((text) => text.split('; ').filter((part) => /^SET /.test(part)));
    expect(settings.length).toBeGreaterThan(0);
    expect(settings.filter((part) => !part.startsWith('SET LOCAL '))).toEqual([]);
    expect(proxy.requests.filter(({ name }) => name !== '')).toEqual([]);
    expect(texts().join('\n')).toContain('lock_timeout');
  });
});

describe('8: the table', () => {
  test('keeps room for rewritten rows, is cleaned early, and its indexes hold what is due alone', async () => {
    const { rows } = await direct.connections.lend((query) =>
      query<{ options: string[] }>({
        text: 'SELECT reloptions AS options FROM pg_class WHERE oid = $1::regclass',
        values: [`"${direct.name}".items`],
      }),
    );
    expect(rows[0]?.options).toEqual(expect.arrayContaining(['fillfactor=70', 'autovacuum_vacuum_scale_factor=0.02']));
    const indexes = await direct.connections.lend((query) =>
      query<{ text: string }>({
        text: 'SELECT indexdef AS text FROM pg_indexes WHERE schemaname = $1',
        values: [direct.name],
      }),
    );
    const defined = indexes.rows.map(({ text }) => text);
    expect(defined.filter((text) => text.includes('WHERE (due_at IS NOT NULL)'))).toHaveLength(1);
    expect(defined.filter((text) => text.includes('WHERE (ttl IS NOT NULL)'))).toHaveLength(1);
  });
});
