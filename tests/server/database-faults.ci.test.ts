import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { keys } from '../../lib/instances/keys.ts';
import { readItem } from '../../lib/instances/write.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import type { PostgresTable } from '../../lib/table/postgres/open.ts';
import type { PostgresServer } from '../../scripts/dev/postgres.ts';
import { call } from '../../scripts/marketplace/signed-calls.ts';
import { newTable, ownPostgres, reach } from '../support/postgres.ts';
import { type Fate, PostgresProxy } from '../support/postgres-proxy.ts';
import { eventually, type Host, startHost } from './host.ts';

/*
 * A server whose database is in trouble: a real call gets a signed 000005 and nothing else, a dial test 000000; once the
 * trouble is over the repeat is taken, and carried out once.
 */

const CONNECTIONS = 8;
let database: PostgresServer;
let proxy: PostgresProxy;
let table: PostgresTable;
let host: Host;
const hooks: string[] = [];
const seller = {
  provision: async (_: unknown, { idempotencyKey }: { readonly idempotencyKey: string }) => {
    hooks.push(idempotencyKey);
    return { access: { frontEndUrl: 'https://t.example.com', userName: 'owner', password: 'p' } };
  },
};
let orders = 0;
let order: { readonly orderId: string; readonly orderLineId: string };

beforeAll(async () => {
  database = await ownPostgres({ settings: { max_connections: String(CONNECTIONS) } });
  proxy = await new PostgresProxy(database.port).start();
  const made = await newTable(database);
  await made.close();
  const url = new URL(database.url);
  url.port = String(proxy.port);
  table = reach({ ...database, url: url.href }, made.name, { connections: 2 });
  host = await startHost({ crm: { seller: seller as never } }, { table, sweepMs: 200 });
});
afterAll(async () => {
  await host.stop();
  await proxy.stop();
  await database.stop();
});
beforeEach(() => {
  orders += 1;
  order = { orderId: `F-${orders}`, orderLineId: `F-${orders}-1` };
});

const buy = async (more: Readonly<Record<string, string>> = {}) => {
  const message = { activity: 'newInstance', businessId: 'b', ...order, ...more };
  const { json, bodySignHolds } = await call(host.url('crm'), host.key('crm'), message);
  return [json.resultCode, bodySignHolds];
};
const stateOf = async () => {
  const id = deriveInstanceId('crm', order.orderId, order.orderLineId);
  return (await readItem<{ state: string }>(table, keys.instance('crm', id)))?.state;
};

const connected = async () => {
  const { hostname, username: user } = new URL(database.url);
  const { port, password } = database;
  const client = new Client({ host: hostname, port, user, password, database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  return client;
};

/** Troubles: each begins, and gives the function that ends it. */
const TROUBLES: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  'has no connection left': async () => {
    const taken: Client[] = [];
    proxy.cut(); // the server's own
    for (;;) {
      try {
        taken.push(await connected());
      } catch {
        break;
      }
    }
    return () => Promise.all(taken.map((client) => client.end()));
  },
  'has a full disk': async () => {
    proxy.fate = ({ text }): Fate => (/INSERT|UPDATE|DELETE/.test(text) ? { refuse: '53100' } : 'pass');
    return async () => {
      proxy.fate = () => 'pass';
    };
  },
  'holds a lock on the whole table': async () => {
    const client = await connected();
    await client.query(`BEGIN; LOCK TABLE "${table.name}".items IN ACCESS EXCLUSIVE MODE`);
    return () => client.end();
  },
  'gives no answer': async () => {
    proxy.fate = () => 'swallow';
    return async () => {
      proxy.fate = () => 'pass';
    };
  },
};

test.each(Object.entries(TROUBLES))(
  'a database that %s',
  async (_, begin) => {
    const before = hooks.length;
    const end = await begin();
    try {
      expect(await buy({ testFlag: '1' })).toEqual(['000000', true]);
      expect(await buy()).toEqual(['000005', true]);
    } finally {
      await end();
    }
    await eventually(async () => (await buy())[0] !== '000005', 'the repeat is taken', 30_000);
    await eventually(async () => (await stateOf()) === 'ACTIVE', 'the purchase is carried out', 30_000);
    expect(new Set(hooks.slice(before)).size).toBe(1);
  },
  120_000,
);
