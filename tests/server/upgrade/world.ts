import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { keys } from '../../../lib/instances/keys.ts';
import { readItem } from '../../../lib/instances/write.ts';
import { deriveInstanceId } from '../../../lib/protocol/instance-id.ts';
import { SERVER_FILE } from '../../../scripts/build/server.ts';
import { freePort } from '../../../scripts/dev/engine.ts';
import { ensureLocalSecrets, keepDatabasePassword } from '../../../scripts/dev/local-secrets.ts';
import { startPostgres } from '../../../scripts/dev/postgres.ts';
import { signCall } from '../../../scripts/marketplace/signed-calls.ts';
import { startStandIn } from '../../../scripts/marketplace/stand-in/server.ts';
import { operate } from '../../cli/operator/operate.ts';
import { temporaryFolder } from '../../support/command.ts';
import { dataFolder, reach } from '../../support/postgres.ts';
import { PostgresProxy } from '../../support/postgres-proxy.ts';
import { eventually } from '../host.ts';
import next from './next.config.ts';

/** Name of the stage's table. */
const TABLE = 'upgrade-prod';

/** A server's process that listens. */
export interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  output(): string;
  readonly ended: Promise<number | null>;
}

/** A purchase as the marketplace announces it. */
export interface Purchase extends Readonly<Record<string, string>> {
  readonly orderId: string;
  readonly orderLineId: string;
}

/** Makes up purchases that differ from each other. */
export function purchases(prefix: string): () => Purchase {
  let count = 0;
  return () => {
    count += 1;
    const orderId = `${prefix}-${count}`;
    return { activity: 'newInstance', businessId: `b-${orderId}`, orderId, orderLineId: `${orderId}-1` };
  };
}

/**
 * Starts what surrounds a server in production: a PostgreSQL database that can be killed, the marketplace behind TLS, the
 * seller's backend, a secrets file, and two releases of the server, built by the command.
 */
export async function startWorld() {
  const folder = temporaryFolder();
  const secretsFile = join(folder.path, 'secrets.json');
  const secrets = await ensureLocalSecrets(secretsFile, next.products.values(), false);
  const standIn = await startStandIn({ keys: secrets.marketplace });
  const tls = await startTls(folder.path, Number(new URL(standIn.url).port));
  const hooks: string[] = [];
  const backend = createServer(async (request, response) => {
    hooks.push(String(request.headers['webhook-id']));
    const { event } = (await json(request)) as { readonly event: string };
    const access = { frontEndUrl: 'https://t.example.com', userName: 'owner', password: 'p' };
    response.end(JSON.stringify(event === 'provision' ? { access } : {}));
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const data = dataFolder();
  let database = await startPostgres({ data });
  const proxy = await new PostgresProxy(database.port).start();
  const url = new URL(database.url);
  url.port = String(proxy.port);
  keepDatabasePassword(secretsFile, database.password);
  const table = reach({ url: url.href, password: database.password }, TABLE);
  const children = new Set<ChildProcess>();
  const env = {
    PATH: process.env.PATH ?? '',
    SHOP_BACKEND: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    SHOP_SITE: `https://127.0.0.1:${tls.port}`,
    NODE_EXTRA_CA_CERTS: tls.certificate,
    KOOGATE_DATABASE: url.href,
    KOOGATE_SECRETS: secretsFile,
    KOOGATE_STAGE: 'prod',
  };
  const key = secrets.products.crm?.accessKeys.base?.[0] ?? '';

  return {
    ...{ folder: folder.path, secretsFile, hooks, standIn, table, key },
    /** What a server is started with, but for its port. */
    env,

    /** Runs `koogate` on the settings of a release. */
    koogate: (config: 'current' | 'next', args: readonly string[]) =>
      operate(args, {
        KOOGATE_CONFIG: join(import.meta.dirname, `${config}.config.ts`),
        KOOGATE_DATABASE: url.href,
        PGPASSWORD: database.password,
      }),

    /** Starts a release, and waits until it listens. */
    async start(release: string, more: Readonly<Record<string, string>> = {}): Promise<Running> {
      const port = await freePort();
      const child = spawn(process.execPath, [SERVER_FILE], {
        cwd: join(folder.path, release),
        env: { ...env, PORT: String(port), ...more },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      children.add(child);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text) => (output += text));
      }
      const ended = once(child, 'exit').then(([code]) => code as number | null);
      const first = await Promise.race([once(child, 'message').then(() => 'listens'), ended]);
      if (first !== 'listens') throw new Error(`The server ended with ${first}: ${output}`);
      return { child, port, output: () => output, ended };
    },

    /** Sends a signed call, on a connection of its own. */
    async send(port: number, message: Readonly<Record<string, string>>): Promise<string> {
      const { url: address, body } = signCall(`http://127.0.0.1:${port}/produce/crm`, key, message);
      const headers = { 'content-type': 'application/json;charset=utf8', connection: 'close' };
      const response = await fetch(address, { method: 'POST', headers, body });
      return ((await response.json()) as { readonly resultCode: string }).resultCode;
    },

    /** State of what was bought. */
    async stateOf({ orderId, orderLineId }: Purchase): Promise<string | undefined> {
      const id = deriveInstanceId('crm', orderId, orderLineId);
      return (await readItem<{ state: string }>(table, keys.instance('crm', id)))?.state;
    },

    /** Kills every process of the database at once. */
    async killDatabase(): Promise<void> {
      const [main = ''] = readFileSync(join(data, 'cluster/postmaster.pid'), 'utf8').split('\n');
      const others = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').split(' ');
      const all = [main, ...others].map(Number).filter((one) => one > 1);
      for (const pid of all) kill(pid);
      await eventually(() => all.every(hasEnded), 'all processes of the database have ended');
    },

    /** Starts the database again on what the killed one has left. */
    async restartDatabase(): Promise<void> {
      database = await startPostgres({ data });
      proxy.target = database.port;
    },

    async stop(): Promise<void> {
      for (const child of children) child.kill('SIGKILL');
      backend.closeAllConnections();
      backend.close();
      await table.close();
      await Promise.all([proxy.stop(), database.stop(), standIn.stop(), tls.stop()]);
      rmSync(data, { recursive: true, force: true });
      folder.remove();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {} // it has ended with the first
}

/** Says whether a process holds no memory any more, even if nobody has taken note of its end. */
function hasEnded(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8') === '';
  } catch {
    return true;
  }
}

/** Puts TLS in front of a port, as the marketplace's sites have it, with a certificate of its own. */
async function startTls(folder: string, to: number) {
  const [keyFile, certificate] = [join(folder, 'tls-key.pem'), join(folder, 'tls.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certificate, ...subject];
  if (spawnSync('openssl', made).status !== 0) throw new Error('openssl made no certificate.');
  const server = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certificate) }, (inner) => {
    const outer = connect(to, '127.0.0.1');
    inner.on('error', () => outer.destroy()).on('close', () => outer.destroy());
    outer.on('error', () => inner.destroy()).on('close', () => inner.destroy());
    inner.pipe(outer).pipe(inner);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, certificate, stop: async () => void server.close() };
}
