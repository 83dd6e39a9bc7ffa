import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createMetrics } from '../../handlers/server/metrics.ts';
import { type RunningServer, type StartParts, startServer } from '../../handlers/server/start.ts';
import { type Config, defineConfig } from '../../lib/config/config.ts';
import type { ProductSettings } from '../../lib/config/products.ts';
import type { OpenTable, Table } from '../../lib/table/table.ts';
import { ensureLocalSecrets, type LocalSecrets } from '../../scripts/dev/local-secrets.ts';
import { type StandIn, startStandIn } from '../../scripts/marketplace/stand-in/server.ts';
import { temporaryFolder } from '../support/command.ts';
import { memoryTable } from '../support/memory-table.ts';

/** A table of the test's own, which may be out of reach, slow, or beside the time. */
export interface ShakyTable extends OpenTable {
  /** Called before each request; throws where the table is away. */
  fault: () => void | Promise<void>;
  /** Milliseconds that the table's clock is ahead of the server's. */
  ahead: number;
  /** Throws where the schema cannot be run on. */
  check: () => Promise<void>;
}

/** Puts what may break before a table. */
export function shaky(inner: Table, clock: () => number): ShakyTable {
  const table: ShakyTable = {
    name: inner.name,
    fault: () => {},
    ahead: 0,
    client: {
      send: (async (...args: unknown[]) => {
        await table.fault();
        return Reflect.apply(inner.client.send, inner.client, args);
      }) as Table['client']['send'],
    },
    now: async () => {
      await table.fault();
      return clock() + table.ahead;
    },
    check: async () => table.fault(),
    deleteExpired: async () => 0,
    close: async () => {},
  };
  return table;
}

/** A server in this process, with everything around it. */
export interface Host {
  readonly server: RunningServer;
  readonly table: ShakyTable;
  readonly secrets: LocalSecrets;
  readonly secretsFile: string;
  readonly standIn: StandIn;
  readonly lines: readonly Record<string, unknown>[];
  /** Address of a product. */
  url(product: string): string;
  /** Newest access key of a product. */
  key(product: string): string;
  privateUrl(path: string): string;
  /** Another server on the same table. */
  another(parts?: StartParts): Promise<RunningServer>;
  stop(): Promise<void>;
}

/** Starts a server for the products, in the stage `local`, on a table in memory. */
export async function startHost(products: Record<string, ProductSettings>, parts: StartParts = {}): Promise<Host> {
  const folder = temporaryFolder();
  const config: Config = defineConfig({ service: 'shop', products, stages: {} });
  const secretsFile = join(folder.path, 'secrets.json');
  const secrets = await ensureLocalSecrets(secretsFile, config.products.values(), false);
  const standIn = await startStandIn({ keys: secrets.marketplace });
  const lines: Record<string, unknown>[] = [];
  const clock = parts.clock ?? Date.now;
  const table = shaky(memoryTable(), clock);
  const env = {
    KOOGATE_STAGE: 'local',
    KOOGATE_TABLE: table.name,
    KOOGATE_SECRETS: secretsFile,
    KOOGATE_OPENAPI_URL: standIn.url,
    KOOGATE_PRIVATE: '127.0.0.1:0',
    PORT: '0',
  };
  const common = { table, write: (line: string) => lines.push(JSON.parse(line)), sweepMs: 50, ...parts };
  const start = (more: StartParts = {}) => startServer(config, env, { ...common, metrics: createMetrics(), ...more });
  const server = await start();
  return {
    ...{ server, table, secrets, secretsFile, standIn, lines },
    url: (product) => `http://127.0.0.1:${server.port}/produce/${product}`,
    key: (product) => secrets.products[product]?.accessKeys.base?.[0] ?? '',
    privateUrl: (path) => `http://${server.private}${path}`,
    another: start,
    stop: async () => {
      await server.stop();
      await standIn.stop();
      rmSync(folder.path, { recursive: true, force: true });
    },
  };
}

/** A connection that sends bytes as they are. */
export interface RawConnection {
  readonly socket: Socket;
  send(text: string | Buffer): void;
  /** What came back, once the text is in it or the connection has ended. */
  until(text: string): Promise<string>;
  /** What came back until the other side ended the connection. */
  readonly ended: Promise<string>;
}

/** Opens a connection to a server. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  const seen = new EventTarget();
  const more = () => seen.dispatchEvent(new Event('more'));
  let isEnded = false;
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    more();
  });
  socket.on('error', () => {}); // a reset is an end, too
  const ended = new Promise<string>((resolve) => {
    socket.on('close', () => {
      isEnded = true;
      more();
      resolve(received);
    });
  });
  await once(socket, 'connect');
  return {
    socket,
    ended,
    send: (text) => void socket.write(text),
    until: async (text) => {
      while (!received.includes(text) && !isEnded) await once(seen, 'more');
      return received;
    },
  };
}

/** Waits until something holds; looks less often the longer it takes, so that looking holds up nobody. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string, ms = 10_000): Promise<void> {
  const ends = Date.now() + ms;
  for (let pause = 10; !(await holds()); pause = Math.min(pause * 1.5, 500)) {
    if (Date.now() > ends) throw new Error(`Not within ${ms} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Waits until nothing takes connections at a port any more. */
export function refused(port: number): Promise<void> {
  const isRefused = () =>
    openRaw(port).then(
      ({ socket }) => !socket.destroy(),
      ({ code }) => code === 'ECONNREFUSED',
    );
  return eventually(isRefused, 'new connections are refused');
}
