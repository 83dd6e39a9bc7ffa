import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, type PostgresOptions, type PostgresTable } from '../../lib/table/postgres/open.ts';
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

/** A server of the test's own, which goes with it. */
export function ownPostgres(
  options: Omit<PostgresServerOptions, 'data' | 'isTemporary'> = {},
): Promise<PostgresServer> {
  return startPostgres({ ...options, data: mkdtempSync(join(FOLDER, 'koogate-postgres-')), isTemporary: true });
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
