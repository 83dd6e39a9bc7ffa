import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openPostgres, type PostgresTable, tableOn } from '../../../../lib/table/postgres/open.ts';
import { migrate } from '../../../../lib/table/postgres/schema.ts';
import { freePort } from '../../../dev/engine.ts';
import { reachableFolder } from '../../../dev/nobody.ts';
import { type PostgresServer, startPostgres } from '../../../dev/postgres.ts';

/** Milliseconds until the processes of a database that was killed have let go of everything. */
const GONE_MS = 20_000;

/** A PostgreSQL of this proof's own, that can be killed. */
export interface MortalDatabase {
  readonly url: string;
  readonly password: string;
  /** Makes another table, and opens it. */
  newTable(): Promise<PostgresTable>;
  /** Kills all of its processes without a warning and starts it again, on what they have left and at the same port. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a database; `settings` are further ones of its own. */
export async function startMortalDatabase(settings: Readonly<Record<string, string>> = {}): Promise<MortalDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'koogate-postgres-'));
  const [data, port] = [reachableFolder(join(folder, 'data')), await freePort()];
  const start = () => startPostgres({ data, port, settings: { recovery_init_sync_method: 'syncfs', ...settings } });
  let server: PostgresServer = await start();
  let tables = 0;
  const { url, password } = server;
  return {
    url,
    password,
    newTable: async () => {
      tables += 1;
      const name = `crash-${tables}`;
      const { connections } = openPostgres({ database: url, password: async () => password, name });
      await connections.lend((query) => migrate(query, name), { timeoutMs: 30_000 });
      return tableOn(connections, name);
    },
    killAndRestart: async () => {
      await killDatabase(data);
      server = await start();
    },
    stop: async () => {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Kills the main process of a database and its children, and waits until none holds its memory any more. */
async function killDatabase(data: string): Promise<void> {
  const [main = ''] = readFileSync(join(data, 'cluster/postmaster.pid'), 'utf8').split('\n');
  const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').split(' ');
  const all = [main, ...children].map(Number).filter((one) => one > 1);
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {} // it has ended with the first
  }
  for (const ends = Date.now() + GONE_MS; !all.every(hasEnded); await pause(5)) {
    if (Date.now() > ends) throw new Error(`The database did not end within ${GONE_MS / 1_000} s of being killed.`);
  }
}

/** Says whether a process holds no memory any more, even if nobody has taken note of its end. */
function hasEnded(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8') === '';
  } catch {
    return true;
  }
}
