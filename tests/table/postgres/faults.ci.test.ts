import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PutItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import type { PostgresTable } from '../../../lib/table/postgres/open.ts';
import { type PostgresServer, startPostgres } from '../../../scripts/dev/postgres.ts';
import { dataFolder, newTable, type Reached, reach, sharedPostgres } from '../../support/postgres.ts';
import { type Fate, PostgresProxy } from '../../support/postgres-proxy.ts';

/** What is to be ended after the test, the last first. */
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end();
});

async function proxied(server: Reached): Promise<PostgresProxy> {
  const proxy = await new PostgresProxy(Number(new URL(server.url).port)).start();
  open.push(() => proxy.stop());
  return proxy;
}

function through(proxy: PostgresProxy, server: Reached, name: string, connections = 4): PostgresTable {
  const url = new URL(server.url);
  url.port = String(proxy.port);
  const table = reach({ ...server, url: url.href }, name, { connections });
  open.push(() => table.close());
  return table;
}

async function tableOf(server: Reached): Promise<PostgresTable> {
  const table = await newTable(server);
  open.push(() => table.close());
  return table;
}

const put = (table: PostgresTable, sk: string) =>
  table.client.send(
    new PutItemCommand({
      TableName: table.name,
      Item: { pk: { S: 'p' }, sk: { S: sk }, n: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
const count = (table: PostgresTable, sk: string) =>
  table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: { pk: { S: 'p' }, sk: { S: sk } },
      UpdateExpression: 'SET #n = #n + :one',
      ConditionExpression: 'attribute_exists(#n)',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
const stored = async (table: PostgresTable) => {
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
  return new Set(Items.map(({ sk }) => sk?.S ?? ''));
};

/** Writes items one after the other while something happens; each is accepted, refused, or of unknown outcome. */
async function load(table: PostgresTable, during: () => Promise<void>) {
  const [accepted, refused, unknown] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let goesOn = true;
  let serial = 0;
  const writer = async () => {
    while (goesOn) {
      serial += 1;
      const sk = `s${serial}`;
      try {
        await put(table, sk);
        accepted.add(sk);
      } catch (error) {
        (Object(error).name === 'OutcomeUnknown' ? unknown : refused).add(sk);
        await pause(20);
      }
    }
  };
  const writers = Promise.all([writer(), writer(), writer()]);
  while (accepted.size < 10) await pause(5);
  await during();
  const before = accepted.size;
  while (accepted.size < before + 10) await pause(5);
  goesOn = false;
  await writers;
  return { accepted, refused, unknown };
}

/** Every accepted write is there, and no refused one. */
function judge(there: ReadonlySet<string>, { accepted, refused }: Awaited<ReturnType<typeof load>>): void {
  expect([...accepted].filter((sk) => !there.has(sk))).toEqual([]);
  expect([...refused].filter((sk) => there.has(sk))).toEqual([]);
}

test('a restart under load loses nothing that was accepted, and the process goes on', async () => {
  const data = dataFolder();
  const first = await startPostgres({ data });
  const proxy = await proxied(first);
  const made = await newTable(first);
  const table = through(proxy, first, made.name);
  await made.close();
  const outcome = await load(table, async () => {
    await first.stop();
    const second = await startPostgres({ data, isTemporary: true });
    open.push(() => second.stop());
    proxy.target = second.port;
  });
  judge(await stored(table), outcome);
  expect(outcome.refused.size + outcome.unknown.size).toBeGreaterThan(0);
});

test('idle connections that end do not end the process', async () => {
  const server = await sharedPostgres();
  const proxy = await proxied(server);
  const table = through(proxy, server, (await tableOf(server)).name);
  await Promise.all([table.now(), table.now()]);
  proxy.cut();
  await pause(20);
  expect(await table.now()).toBeGreaterThan(0);
});

test('connections of before a failover are not used again', async () => {
  const server = await sharedPostgres();
  const proxy = await proxied(server);
  const table = through(proxy, server, (await tableOf(server)).name);
  await Promise.all([table.now(), table.now(), table.now()]);
  const known = proxy.connections;
  expect(known).toBeGreaterThan(1);
  // As when the address has moved, and nobody answers on the connections of before.
  proxy.fate = ({ connection }): Fate => (connection <= known ? 'swallow' : 'pass');
  await expect(
    table.connections.lend((query) => query({ text: 'SELECT 1' }), { timeoutMs: 100 }),
  ).rejects.toMatchObject({ name: 'TableUnavailable' });
  expect(await table.now()).toBeGreaterThan(0);
});

test('with more requests than connections each waits its turn', async () => {
  const server = await sharedPostgres();
  const proxy = await proxied(server);
  const table = through(proxy, server, (await tableOf(server)).name, 2);
  await Promise.all(Array.from({ length: 200 }, (_, index) => put(table, `s${index}`)));
  expect((await stored(table)).size).toBe(200);
  expect(table.connections.counts().total).toBeLessThanOrEqual(2);
});

test.each([
  ['53300', 'too many connections'],
  ['53100', 'a full disk'],
  ['57014', 'a statement that took too long'],
])('%s (%s) is an error, nothing is written, and the next write succeeds', async (sqlstate) => {
  const server = await sharedPostgres();
  const proxy = await proxied(server);
  const own = await tableOf(server);
  const table = through(proxy, server, own.name);
  proxy.fate = ({ text }): Fate => (/INSERT|UPDATE/.test(text) ? { refuse: sqlstate } : 'pass');
  await expect(put(table, 'a')).rejects.toMatchObject({
    name: 'TableUnavailable',
    message: expect.stringContaining(sqlstate),
  });
  expect(await stored(own)).toEqual(new Set());
  proxy.fate = () => 'pass';
  await put(table, 'a');
  proxy.fate = ({ text }): Fate => (/^UPDATE/.test(text) ? { refuse: sqlstate } : 'pass');
  await expect(count(table, 'a')).rejects.toMatchObject({ name: 'TableUnavailable' });
  proxy.fate = () => 'pass';
  await count(table, 'a');
});

test('a lock that is held for long ends in an error, and ties nobody else up', async () => {
  const server = await sharedPostgres();
  const table = await tableOf(server);
  await put(table, 'held');
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holder = reach(server, table.name);
  open.push(() => holder.close());
  let isHeld = () => {};
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const holding = holder.connections.lend(
    async (query) => {
      await query({ text: 'BEGIN' });
      await query({ text: `SELECT 1 FROM "${table.name}".items WHERE sk = 'held' FOR UPDATE` });
      isHeld();
      await released;
      await query({ text: 'ROLLBACK' });
    },
    { timeoutMs: 30_000 },
  );
  await held;
  await expect(count(table, 'held')).rejects.toMatchObject({ name: 'TableUnavailable' }); // by lock_timeout
  await put(table, 'free');
  release();
  await holding;
  await count(table, 'held');
});

test('a failover to the promoted standby: a standby is refused, the new primary is used, nothing accepted is lost', async () => {
  const data = dataFolder();
  const first = await startPostgres({ data });
  const made = await newTable(first);
  const proxy = await proxied(first);
  const table = through(proxy, first, made.name);
  await made.close();
  await put(table, 'before');
  await first.stop();
  const copy = dataFolder();
  execFileSync('cp', ['-a', `${data}/.`, copy]); // owners and all
  rmSync(data, { recursive: true });
  writeFileSync(join(copy, 'cluster/standby.signal'), '');
  const standby: PostgresServer = await startPostgres({
    data: copy,
    isTemporary: true,
    settings: { hot_standby: 'on' },
  });
  open.push(() => standby.stop());
  proxy.target = standby.port;
  await expect(put(table, 'early')).rejects.toMatchObject({
    name: 'TableUnavailable',
    message: expect.stringContaining('standby'),
  });
  const { hostname: host, username: user } = new URL(standby.url);
  const client = new Client({ host, user, port: standby.port, password: standby.password, database: 'postgres' });
  await client.connect();
  await client.query('SELECT pg_promote()');
  await client.end();
  await put(table, 'after');
  expect(await stored(table)).toEqual(new Set(['before', 'after']));
});
