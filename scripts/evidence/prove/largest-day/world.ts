import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresTable } from '../../../../lib/table/postgres/open.ts';
import { bundleServer, SERVER_FILE } from '../../../build/server.ts';
import { freePort } from '../../../dev/engine.ts';
import { type ServerProcess, startServerProcess, stopServerProcess } from '../../../dev/local/server-host.ts';
import { ensureLocalSecrets, keepDatabasePassword } from '../../../dev/local-secrets.ts';
import { startStandIn } from '../../../marketplace/stand-in/server.ts';
import { type MortalDatabase, startMortalDatabase } from '../crash/database.ts';
import { type Backends, startBackends } from './backends.ts';
import shop, { NAMES } from './shop.config.ts';

const SERVERS = 3;

/** Everything that the largest seller runs. */
export interface DayWorld {
  readonly addresses: readonly string[];
  /** Access keys by product. */
  readonly keys: ReadonlyMap<string, string>;
  readonly backends: Backends;
  readonly database: MortalDatabase;
  readonly table: PostgresTable;
  /** Kills a server without a warning and starts it again. */
  kill(server: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts three servers on one table in PostgreSQL, the backends, and the marketplace's order query. */
export async function startDay(): Promise<DayWorld> {
  const data = mkdtempSync(join(tmpdir(), 'koogate-day-'));
  const stops: (() => Promise<unknown>)[] = [async () => rmSync(data, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const secretsFile = join(data, 'secrets.json');
    const secrets = await ensureLocalSecrets(secretsFile, shop.products.values(), false);
    const standIn = await startStandIn({ keys: secrets.marketplace });
    stops.push(standIn.stop);
    const backends = await startBackends();
    stops.push(backends.stop);
    const database = await startMortalDatabase({ max_connections: '100' });
    stops.push(database.stop);
    const table = await database.newTable();
    stops.push(table.close);
    keepDatabasePassword(secretsFile, database.password);
    const file = join(data, SERVER_FILE);
    await bundleServer({ configFile: join(import.meta.dirname, 'shop.config.ts'), outfile: file });
    const ports = await Promise.all(Array.from({ length: SERVERS }, () => freePort()));
    const start = async (port: number) =>
      startServerProcess(
        file,
        {
          PATH: process.env.PATH,
          PORT: String(port),
          DAY_SELLER: backends.url,
          KOOGATE_STAGE: 'local',
          KOOGATE_TABLE: table.name,
          KOOGATE_DATABASE: database.url,
          KOOGATE_SECRETS: secretsFile,
          KOOGATE_OPENAPI_URL: standIn.url,
          KOOGATE_PRIVATE: `127.0.0.1:${await freePort()}`,
        },
        () => {},
      );
    const servers: ServerProcess[] = [];
    for (const port of ports) servers.push(await start(port));
    stops.push(async () => Promise.all(servers.map((server) => stopServerProcess(server))));
    const keys = NAMES.map((name) => [name, secrets.products[name]?.accessKeys.base?.[0] ?? ''] as const);
    return {
      addresses: ports.map((port) => `http://127.0.0.1:${port}`),
      keys: new Map(keys),
      backends,
      database,
      table,
      kill: async (index) => {
        const [server, port] = [servers[index % SERVERS], ports[index % SERVERS]];
        if (server === undefined || port === undefined) return;
        server.process.kill('SIGKILL');
        await server.ended;
        servers[index % SERVERS] = await start(port);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
