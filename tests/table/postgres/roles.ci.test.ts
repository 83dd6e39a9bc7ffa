import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PostgresTable } from '../../../lib/table/postgres/open.ts';
import { ensureRoles, grantAgain, ROLE_KINDS, roleName } from '../../../lib/table/postgres/roles.ts';
import { newTable, type Reached, reach, sharedPostgres } from '../../support/postgres.ts';

let server: Reached;
let table: PostgresTable;
const run = (text: string) => table.connections.lend((query) => query({ text }));

beforeAll(async () => {
  server = await sharedPostgres();
  table = await newTable(server);
});
afterAll(async () => {
  await run(`DROP SCHEMA "${table.name}" CASCADE`);
  for (const kind of ROLE_KINDS) await run(`DROP ROLE "${roleName(table.name, kind)}"`);
  await table.close();
});

/** The table as one of its users reaches it. */
function as(kind: (typeof ROLE_KINDS)[number]): PostgresTable {
  const url = new URL(server.url);
  url.username = roleName(table.name, kind);
  return reach({ url: url.href, password: 'test' }, table.name);
}

test('users are made once, and each may do what it is for', async () => {
  const names = ROLE_KINDS.map((kind) => roleName(table.name, kind));
  expect(await table.connections.lend((query) => ensureRoles(query, table.name))).toEqual(names);
  expect(await table.connections.lend((query) => ensureRoles(query, table.name))).toEqual([]);
  await table.connections.lend((query) => grantAgain(query, table.name));
  for (const name of names) await run(`ALTER ROLE "${name}" PASSWORD 'test'`);

  const [serving, reading, acting] = [as('server'), as('read'), as('act')];
  const key = { pk: { S: 'p' }, sk: { S: 's' } };
  const put = new PutItemCommand({ TableName: table.name, Item: key });
  await serving.check();
  await serving.client.send(put);
  await acting.client.send(put);
  expect((await reading.client.send(new GetItemCommand({ TableName: table.name, Key: key }))).Item).toEqual(key);
  await expect(reading.client.send(put)).rejects.toMatchObject({
    name: 'TableUnavailable',
    message: expect.stringContaining('permission denied'),
  });
  await expect(acting.deleteExpired()).rejects.toThrow('permission denied');
  expect(await serving.deleteExpired()).toBe(0);
  await Promise.all([serving, reading, acting].map((one) => one.close()));
});
