import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FailedChange, InstanceItem } from '../../../lib/instances/item.ts';
import { keys } from '../../../lib/instances/keys.ts';
import type { PostgresTable } from '../../../lib/table/postgres/open.ts';
import { databaseObserver } from '../../../scripts/cli/chaos/observer.ts';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { ensureLocalSecrets, keepDatabasePassword } from '../../../scripts/dev/local-secrets.ts';
import { temporaryFolder } from '../../support/command.ts';
import { newTable, type Reached, sharedPostgres } from '../../support/postgres.ts';
import { koogate } from '../desk.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
const configFile = join(folder.path, 'koogate.config.ts');
const secretsFile = join(folder.path, 'secrets.json');
const key = keys.instance('demo', 'i-1');

const failed: FailedChange = { kind: 'freeze', id: 'change-1', acceptedAt: 1, sentAt: 5, reason: 'no', failedAt: 2 };
const item: InstanceItem = {
  ...key,
  product: 'demo',
  instanceId: 'i-1',
  orderId: 'CS1',
  orderLineId: 'CS1-000001',
  wanted: 'FROZEN',
  state: 'ACTIVE',
  orders: new Set(['newInstance#CS1#CS1-000001']),
  statusAt: 5,
  expireSetAt: 0,
  expiresAt: 7,
  createdAt: 1,
  pending: [],
  failed: { 'change-1': failed },
  attempts: 0,
};

let server: Reached;
let table: PostgresTable;
let env: Record<string, string>;

beforeAll(async () => {
  server = await sharedPostgres();
  table = await newTable(server);
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item) }));
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  writeFileSync(
    configFile,
    `import { defineConfig } from '${join(ROOT, 'lib/config/config.ts')}';
    export default defineConfig({ service: 'shop', products: { demo: { backend: 'http://127.0.0.1:1' } },
      stages: { cn: { host: 'server', purpose: 'test', table: '${table.name}' }, aws: { purpose: 'test', region: 'eu-west-1' } } });`,
  );
  await ensureLocalSecrets(secretsFile, [], false);
  keepDatabasePassword(secretsFile, server.password);
  env = { KOOGATE_CONFIG: configFile, KOOGATE_SECRETS: secretsFile, KOOGATE_DATABASE: server.url };
});
afterAll(async () => {
  await table.close();
  folder.remove();
});

test('a stage on a server is found by its database, with the password of the secrets file', async () => {
  const { host } = new URL(server.url);
  const { code, output } = await operate(['retry', 'i-1', '--stage', 'cn'], env);
  expect([code, output]).toEqual([
    0,
    `demo: queued again: freeze (idempotency key change-1)\nIt is carried out now by the table ${table.name} in ${host}.`,
  ]);
  const { Item = {} } = await table.client.send(new GetItemCommand({ TableName: table.name, Key: marshall(key) }));
  expect(unmarshall(Item)).toMatchObject({ pending: [{ id: 'change-1', kind: 'freeze' }], failed: {} });
});

test('any database is reached by its address, with a password of one’s own', async () => {
  const own = { KOOGATE_CONFIG: configFile, PGPASSWORD: server.password };
  const args = ['retry', 'i-1', '--json', '--database', server.url, '--table', table.name];
  const { code, out, notes } = await koogate(args, { env: own });
  expect([code, JSON.parse(out).found]).toMatchObject([0, [{ product: 'demo', queued: [] }]]);
  expect(notes).toContain('outside the chain'); // whoever has the address alone has no secrets
});

test('usage is listed, and instances are imported, in a database', async () => {
  const listed = await operate(['usage', 'list', 'i-1', '--stage', 'cn', '--json'], env);
  expect(listed).toEqual({ code: 0, output: '[]' });
  const file = join(folder.path, 'old.csv');
  writeFileSync(file, 'product,instanceId,orderId,orderLineId\ndemo,old-1,CS9,CS9-1\n');
  const { code, output } = await operate(['import', file, '--stage', 'cn', '--json'], env);
  expect([code, output]).toEqual([0, expect.stringContaining('"imported":1')]);
});

test('what is missing or wrong is said in a sentence', async () => {
  const { KOOGATE_DATABASE: _, ...without } = env;
  expect(await operate(['retry', 'i-1', '--stage', 'cn'], without)).toEqual({
    code: 2,
    output: expect.stringContaining('name its database with --database or KOOGATE_DATABASE'),
  });
  expect(await operate(['retry', 'i-1', '--stage', 'cn'], { ...env, PGPASSWORD: 'wrong' })).toEqual({
    code: 1,
    output: expect.stringContaining('password authentication failed'),
  });
});

test('chaos sees in a database what has become of an instance', async () => {
  const { url: database, password } = server;
  const observe = databaseObserver({ database, password, table: table.name }, 'demo');
  expect(await observe('i-1')).toEqual({ state: 'FROZEN', expiresAt: 7 });
  expect(await observe('i-2')).toBeUndefined();
});
