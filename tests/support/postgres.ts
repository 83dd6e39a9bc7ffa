import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriteItemCommand, DeleteItemCommand, PutItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { readAddress } from '../../lib/table/postgres/address.ts';
import { openConnections } from '../../lib/table/postgres/connections.ts';
import { openPostgres, type PostgresOptions, type PostgresTable, tableOn } from '../../lib/table/postgres/open.ts';
import { migrate } from '../../lib/table/postgres/schema.ts';
import { type PostgresServer, type PostgresServerOptions, startPostgres } from '../../scripts/dev/postgres.ts';

/** How tests reach a PostgreSQL: its address, and the password that goes with it. */
export type Reached = Pick<PostgresServer, 'url' | 'password'>;

/** In memory where the system has such a folder: nothing has to wait for a disk, and every setting stays as it is. */
const FOLDER = (() => {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
})();

/** A folder for the data of a server. */
export function dataFolder(): string {
  return mkdtempSync(join(FOLDER, 'koogate-postgres-'));
}

/** A server of the test's own, which goes with it. */
export function ownPostgres(
  options: Omit<PostgresServerOptions, 'data' | 'isTemporary'> = {},
): Promise<PostgresServer> {
  return startPostgres({ ...options, data: dataFolder(), isTemporary: true });
}

/**
 * The server that all test files of this process share; it ends with the process. `KOOGATE_TEST_DATABASE` names another,
 * with its password: the tests make schemas in it.
 */
export async function sharedPostgres(): Promise<Reached> {
  const given = process.env.KOOGATE_TEST_DATABASE;
  if (given) {
    const url = new URL(given);
    const password = decodeURIComponent(url.password);
    url.password = '';
    return { url: url.href, password };
  }
  const data = join(FOLDER, `koogate-postgres-${process.pid}`);
  const note = join(data, 'reached.json');
  const known = readNote(note);
  if (known !== undefined && (await isThere(known))) return known;
  rmSync(data, { recursive: true, force: true }); // of a process that is gone
  const { url, password } = await startPostgres({
    ...{ data, isTemporary: true, isBackground: true },
    settings: { max_connections: '200' },
  });
  writeFileSync(note, JSON.stringify({ url, password }), { mode: 0o600 });
  return { url, password };
}

function readNote(path: string): Reached | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // the first of this process
  }
}

async function isThere(server: Reached): Promise<boolean> {
  const table = reach(server, 'koogate');
  return table
    .now()
    .then(
      () => true,
      () => false,
    )
    .finally(() => table.close());
}

/** A table of a name on a server, whether it exists or not. */
export function reach({ url, password }: Reached, name: string, more: Partial<PostgresOptions> = {}): PostgresTable {
  return openPostgres({ database: url, password: async () => password, name, ...more });
}

let tables = 0;

/** A new table on a server. */
export async function newTable(server: Reached, more: Partial<PostgresOptions> = {}): Promise<PostgresTable> {
  tables += 1;
  const name = `koogate-${process.pid}-${Date.now().toString(36)}-${tables}`;
  const table = reach(server, name, more);
  await table.connections.lend((query) => migrate(query, name), { timeoutMs: 30_000 });
  return table;
}

/** The tables of one test file, behind one client that knows them by their names. */
export class PostgresClient {
  private readonly tables = new Map<string, PostgresTable>();
  private readonly connections: PostgresTable['connections'];

  constructor({ url, password }: Reached) {
    this.connections = openConnections(readAddress(url), { password: async () => password });
  }

  /** Makes a table. */
  async create(name: string): Promise<void> {
    await this.connections.lend((query) => migrate(query, name), { timeoutMs: 30_000 });
    this.tables.set(name, tableOn(this.connections, name));
  }

  readonly send = (async (...args: unknown[]) => {
    if (args[0] instanceof BatchWriteItemCommand) return this.writeEach(args[0].input.RequestItems ?? {});
    const { input } = args[0] as { input: { TableName?: string; RequestItems?: object } };
    const name = input.TableName ?? Object.keys(input.RequestItems ?? {})[0] ?? '';
    const client = this.tables.get(name)?.client;
    if (client === undefined) throw new Error(`There is no table ${name}.`);
    return Reflect.apply(client.send, client, args);
  }) as PostgresTable['client']['send'];

  /** Only tests write by the batch. */
  private async writeEach(items: Readonly<Record<string, readonly WriteRequest[]>>): Promise<object> {
    for (const [TableName, requests] of Object.entries(items)) {
      for (const { PutRequest, DeleteRequest } of requests) {
        if (PutRequest !== undefined) await this.send(new PutItemCommand({ TableName, Item: PutRequest.Item }));
        if (DeleteRequest !== undefined) await this.send(new DeleteItemCommand({ TableName, Key: DeleteRequest.Key }));
      }
    }
    return { UnprocessedItems: {} };
  }

  close(): Promise<void> {
    return this.connections.close();
  }
}
