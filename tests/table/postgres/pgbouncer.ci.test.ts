import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PostgresTable } from '../../../lib/table/postgres/open.ts';
import { freePort } from '../../../scripts/dev/engine.ts';
import { spawnGuarded } from '../../../scripts/dev/guard.ts';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { newTable, reach, sharedPostgres } from '../../support/postgres.ts';

/** Where `.ci/programs` puts the program and its libraries; elsewhere one that is installed will do. */
const UNPACKED = join(ROOT, 'node_modules/.pgbouncer');
const PROGRAM = [join(UNPACKED, 'usr/sbin/pgbouncer'), '/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(existsSync);
/** Connections to the database that all clients share. */
const POOL_SIZE = 3;
const NOBODY = { uid: 65_534, gid: 65_534 };

const isRoot = process.getuid?.() === 0;
let direct: PostgresTable;
let pooled: PostgresTable;
const ends: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  if (PROGRAM === undefined) return;
  const server = await sharedPostgres();
  direct = await newTable(server);
  const url = new URL(server.url);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'koogate-pgbouncer-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  const [users, settings] = [join(folder, 'users.txt'), join(folder, 'pgbouncer.ini')];
  writeFileSync(users, `"${url.username}" "${server.password}"\n`, { mode: 0o600 });
  writeFileSync(
    settings,
    `[databases]
* = host=127.0.0.1 port=${url.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${POOL_SIZE}
`,
  );
  if (isRoot) for (const path of [folder, users, settings]) chownSync(path, NOBODY.uid, NOBODY.gid);
  process.env.LD_LIBRARY_PATH = join(UNPACKED, 'usr/lib/x86_64-linux-gnu');
  const child = spawnGuarded(PROGRAM, [settings], { signal: 'INT', ...(isRoot && { owner: NOBODY }) });
  delete process.env.LD_LIBRARY_PATH;
  ends.push(() => void child.stdin?.end());
  url.port = String(port);
  pooled = reach({ ...server, url: url.href }, direct.name, { connections: 20 });
  while ((await pooled.now().catch(() => 0)) === 0) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended at once (exit code ${child.exitCode}).`);
    await pause(20);
  }
});
afterAll(async () => {
  await pooled?.close();
  await direct?.close();
  for (const end of ends.reverse()) await end();
});

const withPool = PROGRAM === undefined ? test.skip : test;

withPool('twenty connections share three in transaction mode, and no write is lost or left half done', async () => {
  const key = { pk: { S: 'p' }, sk: { S: 's' } };
  const put = () =>
    pooled.client.send(
      new PutItemCommand({
        TableName: pooled.name,
        Item: { ...key, n: { N: '0' } },
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': 'pk' },
      }),
    );
  const made = await Promise.allSettled(Array.from({ length: 50 }, put));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const count = () =>
    pooled.client.send(
      new UpdateItemCommand({
        TableName: pooled.name,
        Key: key,
        UpdateExpression: 'ADD #n :one',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  await Promise.all(Array.from({ length: 100 }, count));
  const { Item } = await pooled.client.send(new GetItemCommand({ TableName: pooled.name, Key: key }));
  expect(Item?.n).toEqual({ N: '100' });
});

withPool('what a transaction sets is gone with it', async () => {
  const settingOf = (table: PostgresTable) =>
    table.connections.lend(async (query) => {
      const { rows } = await query<{ statement_timeout: string }>({ text: 'SHOW statement_timeout' });
      return rows[0]?.statement_timeout;
    });
  await pooled.deleteExpired();
  const seen = await Promise.all(Array.from({ length: 20 }, () => settingOf(pooled)));
  const fresh = reach(await sharedPostgres(), direct.name);
  expect(new Set(seen)).toEqual(new Set([await settingOf(fresh)]));
  await fresh.close();
});
