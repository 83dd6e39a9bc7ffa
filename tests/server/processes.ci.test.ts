import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createLine, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keys } from '../../lib/instances/keys.ts';
import { readItem } from '../../lib/instances/write.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import type { PostgresTable } from '../../lib/table/postgres/open.ts';
import { bundleServer, SERVER_FILE } from '../../scripts/build/server.ts';
import { freePort } from '../../scripts/dev/engine.ts';
import { ROOT } from '../../scripts/dev/local/settings.ts';
import { ensureLocalSecrets, keepDatabasePassword, type LocalSecrets } from '../../scripts/dev/local-secrets.ts';
import { call } from '../../scripts/marketplace/signed-calls.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';
import { temporaryFolder } from '../support/command.ts';
import { newTable, type Reached, sharedPostgres } from '../support/postgres.ts';
import { eventually, refused } from './host.ts';
import config from './shop.config.ts';

/*
 * The server's one file as a process, on PostgreSQL, with a seller's backend that the test holds up: what signals and
 * sudden death do to it.
 */

const folder = temporaryFolder();
let postgres: Reached;
let table: PostgresTable;
let secrets: LocalSecrets;
let standIn: StandIn;
let backend: Server;
/** Idempotency keys of the hooks that were called, in order. */
const hooks: string[] = [];
let mayEnd: Promise<void> = Promise.resolve();
const secretsFile = join(folder.path, 'secrets.json');
const file = join(folder.path, SERVER_FILE);
const children = new Set<ChildProcess>();

beforeAll(async () => {
  await bundleServer({ configFile: join(import.meta.dirname, 'shop.config.ts'), outfile: file });
  secrets = await ensureLocalSecrets(secretsFile, config.products.values(), false);
  postgres = await sharedPostgres();
  table = await newTable(postgres);
  keepDatabasePassword(secretsFile, postgres.password);
  standIn = await startStandIn({ keys: secrets.marketplace });
  backend = createServer(async (request, response) => {
    hooks.push(String(request.headers['webhook-id']));
    const { event } = (await json(request)) as { readonly event: string };
    await mayEnd;
    const access = { frontEndUrl: 'https://t.example.com', userName: 'owner', password: 'p' };
    response.end(JSON.stringify(event === 'provision' ? { access } : {}));
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  backend.closeAllConnections();
  backend.close();
  await standIn.stop();
  await table.close();
  folder.remove();
});

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  output(): string;
  readonly ended: Promise<number | null>;
}

/** Starts the file, and waits until it listens. */
async function start(database = postgres.url, more: Readonly<Record<string, string>> = {}): Promise<Running> {
  const port = await freePort();
  const env = {
    ...more,
    PATH: process.env.PATH,
    PORT: String(port),
    KOOGATE_STAGE: 'local',
    KOOGATE_TABLE: table.name,
    KOOGATE_DATABASE: database,
    KOOGATE_SECRETS: secretsFile,
    KOOGATE_OPENAPI_URL: standIn.url,
    KOOGATE_SELLER_URL: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    KOOGATE_PRIVATE: '127.0.0.1:0',
  };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = once(child, 'exit').then(([code]) => {
    children.delete(child);
    return code as number | null;
  });
  const first = await Promise.race([once(child, 'message').then(() => 'listens'), ended]);
  if (first !== 'listens') throw new Error(`The server ended with ${first}: ${output}`);
  return { child, port, output: () => output, ended };
}

let orders = 0;
const purchase = () => {
  orders += 1;
  return { activity: 'newInstance', businessId: `b-${orders}`, orderId: `P-${orders}`, orderLineId: `P-${orders}-1` };
};
const buy = ({ port }: Running, message: Readonly<Record<string, string>>) =>
  call(`http://127.0.0.1:${port}/produce/crm`, secrets.products.crm?.accessKeys.base?.[0] ?? '', message);
const stateOf = async ({ orderId, orderLineId }: ReturnType<typeof purchase>) =>
  (await readItem<{ state: string }>(table, keys.instance('crm', deriveInstanceId('crm', orderId, orderLineId))))
    ?.state;

/** A line to a port that can be cut, and mended. */
async function startLine(to: number) {
  const open = new Set<Socket>();
  const line = createLine((inner) => {
    const outer = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        open.delete(from);
        into.destroy();
      });
      from.pipe(into);
    }
  });
  const listen = async (port: number) => {
    line.listen(port, '127.0.0.1');
    await once(line, 'listening');
  };
  await listen(await freePort());
  const { port } = line.address() as AddressInfo;
  const cut = () => {
    line.close();
    for (const socket of open) socket.destroy();
  };
  return { port, cut, mend: () => listen(port), stop: async () => cut() };
}

/** Holds hooks up until the function that it gives is called. */
function holdHooks(): () => void {
  let release: () => void = () => {};
  mayEnd = new Promise((resolve) => {
    release = resolve;
  });
  return release;
}

describe('SIGTERM', () => {
  test('in the middle of a hook lets it end, and the process ends with 0', async () => {
    const server = await start();
    const release = holdHooks();
    const one = purchase();
    const called = hooks.length;
    expect((await buy(server, one)).json.resultCode).toBe('000004');
    await eventually(() => hooks.length > called, 'the hook begins');
    server.child.kill('SIGTERM');
    await eventually(() => server.output().includes('no more connections are taken'), 'the server begins to end');
    await refused(server.port);
    release();
    expect(await server.ended).toBe(0);
    expect(await stateOf(one)).toBe('ACTIVE');
    expect(server.output()).not.toContain('"level":"error"');
  });
});

describe('kill -9', () => {
  test('in the middle of a hook leaves the change to another server, under the same key', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    const release = holdHooks();
    const one = purchase();
    const called = hooks.length;
    await buy(first, one);
    await eventually(() => hooks.length > called, 'the hook begins');
    first.child.kill('SIGKILL');
    await first.ended;
    release();
    await eventually(async () => (await stateOf(one)) === 'ACTIVE', 'the other server carries it out', 80_000);
    const keysOfOne = hooks.slice(called);
    expect(keysOfOne.length).toBeGreaterThan(1);
    expect(new Set(keysOfOne).size).toBe(1);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  }, 120_000);
});

test('two servers carry each of many purchases out under one key, whichever took it', async () => {
  mayEnd = Promise.resolve();
  const servers = await Promise.all([start(), start()]);
  const called = hooks.length;
  const all = Array.from({ length: 40 }, purchase);
  await Promise.all(all.map((one, index) => buy(servers[index % 2] as Running, one)));
  await eventually(
    async () => (await Promise.all(all.map(stateOf))).every((state) => state === 'ACTIVE'),
    'all are done',
    240_000, // on a busy machine an attempt fails, and the next one waits for its pause
  );
  const keysOfAll = hooks.slice(called);
  expect(new Set(keysOfAll).size).toBe(40);
  for (const { child } of servers) child.kill('SIGTERM');
  expect(await Promise.all(servers.map(({ ended }) => ended))).toEqual([0, 0]);
}, 300_000);

test('a database that goes away leaves dial tests and signatures, and is found again when it is back', async () => {
  mayEnd = Promise.resolve();
  const at = new URL(postgres.url);
  const line = await startLine(Number(at.port));
  at.port = String(line.port);
  const server = await start(at.href);
  line.cut();
  const dial = await buy(server, { ...purchase(), testFlag: '1' });
  expect([dial.json.resultCode, dial.bodySignHolds]).toEqual(['000000', true]);
  const one = purchase();
  const real = await buy(server, one);
  expect([real.json.resultCode, real.bodySignHolds]).toEqual(['000005', true]);
  expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
  await line.mend();
  await eventually(async () => (await buy(server, one)).json.resultCode !== '000005', 'the purchase is taken');
  await eventually(async () => (await stateOf(one)) === 'ACTIVE', 'and carried out');
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await line.stop();
});

/** Where `.ci/programs` puts the library; elsewhere one that is installed will do. */
const FAKETIME = ['node_modules/.faketime', '/']
  .map((root) => resolve(ROOT, root, 'usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'))
  .find(existsSync);

(FAKETIME === undefined ? describe.skip : describe)('a clock beside the database’s', () => {
  const offset = join(folder.path, 'offset');
  /** Starts a server whose clock is so many seconds ahead, as the file says from then on. */
  const startAhead = (seconds: number) => {
    writeFileSync(offset, `+${seconds}s`);
    return start(postgres.url, {
      ...{ LD_PRELOAD: FAKETIME ?? '', FAKETIME_TIMESTAMP_FILE: offset },
      ...{ FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    });
  };

  test('that is 20 seconds ahead at the start is refused with a sentence', async () => {
    await expect(startAhead(20)).rejects.toThrow(
      /ended with 1: The clock of this machine is 2\d\.\d s ahead of the table's/,
    );
  });

  test('that jumps by 20 seconds ends the taking of changes within a minute, rings, and leaves dial tests', async () => {
    const server = await startAhead(0);
    expect((await buy(server, purchase())).json.resultCode).not.toBe('000005');
    writeFileSync(offset, '+20s');
    await eventually(() => server.output().includes("ahead of the table's"), 'the clocks are compared', 120_000);
    const one = purchase();
    const real = await buy(server, one);
    expect([real.json.resultCode, real.bodySignHolds]).toEqual(['000005', true]);
    const dial = await buy(server, { ...purchase(), testFlag: '1' });
    expect([dial.json.resultCode, dial.bodySignHolds]).toEqual(['000000', true]);
    expect(await stateOf(one)).toBeUndefined();
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  }, 180_000);
});

test('ends with the process that started it', async () => {
  const server = await start();
  server.child.disconnect();
  expect(await server.ended).toBe(0);
});
