import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import type { Table } from '../../lib/table/table.ts';
import { localClient, startDynoxide } from '../../scripts/dev/engine.ts';
import { type World, world } from '../fulfilment/world.ts';
import { dataFolder, newTable, sharedPostgres } from '../support/postgres.ts';
import { createTestTable } from '../support/table.ts';

/** A table with many instances, made from one that was really bought. */
export interface FilledTable {
  readonly table: Table;
  readonly w: World;
  readonly hmac: { readonly audit: string; readonly customer: string };
  /** Carries out what waits at an instance, with a history that is chained. */
  fulfil(item: InstanceItem): Promise<unknown>;
  buy(orderId: string): Promise<InstanceItem>;
  /** Milliseconds that the filling took. */
  readonly filledInMs: number;
  stop(): Promise<void>;
}

/** One in so many of the instances has failed. */
export const FAILED_EVERY = 1_000;
const ORDER = 'CS0000000000';

/** Order of the n-th instance. */
export const orderOf = (n: number): string => `CS${String(n).padStart(10, '0')}`;

export async function fillTable(engine: 'dynoxide' | 'postgres', count: number): Promise<FilledTable> {
  const { table, fill, stop } = engine === 'postgres' ? await postgresTable() : await dynamoTable();
  const hmac = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
  const w = world(table);
  w.time.now = Date.parse('2026-10-01T00:00:00Z');
  const deps = { ...w.deps, hmacKeys: async () => hmac };
  const buy = async (orderId: string) => {
    const call = { product: 'demo', orderId, orderLineId: `${orderId}-000001`, sentAt: 1 };
    return (await acceptPurchase(table, call, w.time.now)).item;
  };
  const fulfil = (item: InstanceItem) => fulfilItem(deps, item, () => 1_000_000);
  const first = await buy(ORDER);
  await fulfil(first);
  const begun = performance.now();
  await fill(first, count);
  return { table, w, hmac, fulfil, buy, filledInMs: performance.now() - begun, stop };
}

type Fill = (first: InstanceItem, count: number) => Promise<void>;

/** Makes clones of an instance in words of its stored text: the n-th one's id, order, time and state. */
function cloned(text: string, { instanceId, createdAt }: InstanceItem, n: number): string {
  const own = text
    .replaceAll(instanceId, `${instanceId.slice(0, 24)}${String(n).padStart(12, '0')}`)
    .replaceAll(ORDER, orderOf(n))
    .replace(`"createdAt":{"N":"${createdAt}"}`, `"createdAt":{"N":"${createdAt + n}"}`);
  return n % FAILED_EVERY === 0 ? own.replace('"state":{"S":"ACTIVE"}', '"state":{"S":"FAILED"}') : own;
}

/** An engine writes some hundred items a second; its file takes all of them at once, as long as it is not running. */
async function dynamoTable(): Promise<{ table: Table; fill: Fill; stop(): Promise<void> }> {
  const folder = dataFolder();
  const dbPath = join(folder, 'dynamo.db');
  const name = 'koogate-filled';
  let engine = await startDynoxide({ dbPath });
  let client = localClient(engine.endpoint);
  await createTestTable(client, name);
  const send = (...args: unknown[]) => Reflect.apply(client.send, client, args) as unknown;
  const end = async () => {
    client.destroy();
    await engine.stop();
  };
  const fill: Fill = async (first, count) => {
    await end();
    cloneInFile(dbPath, name, first, count);
    engine = await startDynoxide({ dbPath });
    client = localClient(engine.endpoint);
  };
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { table: { name, client: { send } as Table['client'] }, fill, stop };
}

function cloneInFile(file: string, name: string, first: InstanceItem, count: number): void {
  const db = new DatabaseSync(file);
  const [main, index] = [`"${name}"`, `"${name}::gsi::order"`];
  const [item] = db
    .prepare(`SELECT * FROM ${main} WHERE pk = ?`)
    .all(`S:${first.pk}`)
    .filter(({ sk }) => sk === 'S:INSTANCE');
  const [entry] = db.prepare(`SELECT * FROM ${index} WHERE table_pk = ?`).all(`S:${first.pk}`);
  const insert = db.prepare(`INSERT INTO ${main} (pk, sk, item_json, item_size, hash_prefix) VALUES (?, ?, ?, ?, ?)`);
  const point = db.prepare(
    `INSERT INTO ${index} (gsi_pk, gsi_sk, table_pk, table_sk, item_json) VALUES (?, ?, ?, ?, ?)`,
  );
  const text = (value: unknown, n: number) => cloned(String(value), first, n);
  db.exec('BEGIN');
  for (let n = 1; n <= count; n += 1) {
    const pk = text(item?.pk, n);
    const hashed = createHash('md5')
      .update(`Outliers${pk.slice('S:'.length)}`)
      .digest('hex')
      .slice(0, 6);
    insert.run(pk, 'S:INSTANCE', text(item?.item_json, n), Number(item?.item_size), hashed);
    point.run(text(entry?.gsi_pk, n), text(entry?.gsi_sk, n), pk, 'S:INSTANCE', text(entry?.item_json, n));
  }
  db.exec('COMMIT');
  db.close();
}

async function postgresTable(): Promise<{ table: Table; fill: Fill; stop(): Promise<void> }> {
  const table = await newTable(await sharedPostgres());
  const fill: Fill = async ({ pk, sk, instanceId, createdAt }, count) => {
    const items = `"${table.name}".items`;
    const number = (width: number) => `lpad(n::text, ${width}, '0')`;
    const text = [
      `replace(replace(item, $3, $4 || ${number(12)}), $5, 'CS' || ${number(10)})`,
      `'"createdAt":{"N":"${createdAt}"}'`,
      `'"createdAt":{"N":"' || (${createdAt} + n) || '"}'`,
    ].join(', ');
    const state = `replace(replace(${text}), '"state":{"S":"ACTIVE"}', CASE WHEN n % ${FAILED_EVERY} = 0 THEN '"state":{"S":"FAILED"}' ELSE '"state":{"S":"ACTIVE"}' END)`;
    const statement = `INSERT INTO ${items} (pk, sk, version, item, order_key, line_key)
      SELECT replace(pk, $3, $4 || ${number(12)}), sk, version, ${state},
        'CS' || ${number(10)}, replace(line_key, $5, 'CS' || ${number(10)})
      FROM ${items}, generate_series(1, $6::int) AS n WHERE pk = $1 AND sk = $2`;
    const values = [pk, sk, instanceId, instanceId.slice(0, 24), ORDER, count];
    await table.connections.lend((query) => query({ text: statement, values }), { timeoutMs: 120_000 });
  };
  return { table, fill, stop: () => table.close() };
}
