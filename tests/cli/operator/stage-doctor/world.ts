import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { toEvent } from '../../../../handlers/server/http-event.ts';
import { type Config, defineConfig } from '../../../../lib/config/config.ts';
import type { ProductSettings } from '../../../../lib/config/products.ts';
import { resolveStage } from '../../../../lib/config/stage.ts';
import { speaker } from '../../../../scripts/cli/messages/index.ts';
import type { Place } from '../../../../scripts/cli/operator/place.ts';
import type { DoctorFinding } from '../../../../scripts/cli/operator/stage-doctor/finding.ts';
import type { Terminal } from '../../../../scripts/cli/terminal/terminal.ts';
import { readSettings } from '../../../../scripts/dev/local/settings.ts';
import { demoSeller } from '../../../../scripts/dev/samples/demo.ts';
import { makeCertificate } from '../../../support/certificates.ts';
import { temporaryFolder } from '../../../support/command.ts';
import { type Reply, startProxy } from '../../../support/dynamodb-proxy.ts';
import { AWS_KEYS, startFakeSsm } from '../../../support/fake-ssm.ts';
import { KEYS, startInstallation } from '../../../support/installation.ts';
import { namedPair, privatePem, publicPem } from '../../../support/rsa.ts';
import { type Account, startFakeAccount } from './fake-account.ts';

const { demonstration: _, ...seller } = demoSeller;

/** Products of the stage, by name. */
export const PRODUCTS: Record<string, ProductSettings> = {
  crm: { seller, families: ['saas-v2', 'order-notify', 'kit-v2'] },
  codes: { seller, families: ['license-2'] },
};

const PREFIX = '/shop/prod';

/** Secrets that the stage needs, by name. */
export function documents(): Record<string, string> {
  const { publicKey, privateKey } = namedPair('doctor');
  const [open, closed] = [publicPem(publicKey), privatePem(privateKey)];
  const sealing = ['credentials', 'personal', 'kit'].flatMap((kind) => [
    [`sealing/${kind}-public`, JSON.stringify([{ kid: 'k', key: open }])],
    [`sealing/${kind}-private`, JSON.stringify([{ kid: 'k', key: closed }])],
  ]);
  return {
    'products/crm': JSON.stringify({ accessKeys: KEYS }),
    'products/crm/kit': JSON.stringify({ privateKey: closed }),
    'products/codes': JSON.stringify({ accessKeys: { license: KEYS.license } }),
    marketplace: JSON.stringify({ accessKeyId: 'ak', secretAccessKey: 'sk' }),
    hmac: JSON.stringify({ audit: 'a'.repeat(32), customer: 'c'.repeat(32) }),
    'receivers/ops': 'ops@example.com',
    ...Object.fromEntries(sealing),
  };
}

/** A terminal that keeps nothing. */
export function terminalOf(env: Terminal['env'] = {}, clock = () => Date.now()): Terminal {
  const ignore = () => undefined;
  const [say, paint] = [speaker('en'), (_: string, text: string) => text];
  return { locale: 'en', say, out: ignore, note: ignore, progress: ignore, paint, stdin: async () => '', env, clock };
}

/** Findings as `state check.name`, without those that are good, and keys that no call was seen with. */
export function troubles(findings: readonly DoctorFinding[]): string[] {
  return findings
    .filter(({ state, name }) => state !== 'good' && name !== 'not-seen')
    .map(({ state, check, name }) => `${state} ${check}.${name}`)
    .sort();
}

/**
 * A stage on AWS as it looks from outside: the real route behind TLS on a real engine, and stand-ins for the account. Each
 * part can be broken.
 */
export async function startDeployed() {
  const folder = temporaryFolder();
  const installation = await startInstallation(PRODUCTS);
  installation.time.now = Date.now();
  const table = installation.tools.table.name;
  const ssm = await startFakeSsm();
  const account: Account = soundAccount(table);
  const fake = await startFakeAccount(account);
  const told: Record<string, Reply | undefined> = {};
  const proxy = await startProxy(installation.engine.engine, async (operation, body, forward) => {
    const said = told[operation];
    return said ?? forward(operation, body);
  });
  const authority = makeCertificate(folder.path, 'authority', undefined, 90);
  const front = {
    /** Status of `GET /`. */
    root: 200,
    /** Answers another thing than the route does. */
    instead: undefined as { readonly status: number; readonly text: string } | undefined,
  };
  const servers: Server[] = [];
  const serve = async (days: number, names = 'DNS:localhost') => {
    const own = makeCertificate(folder.path, `front-${servers.length}`, { by: authority, names }, days);
    const server = createServer(
      { key: readFileSync(own.key), cert: readFileSync(own.certificate) },
      async (request, response) => {
        installation.time.now = Date.now();
        const body = await buffer(request);
        const [path = '', query = ''] = (request.url ?? '').split('?');
        if (path === '/') return response.writeHead(front.root).end();
        if (front.instead !== undefined) return response.writeHead(front.instead.status).end(front.instead.text);
        const route = {
          routeKey: 'ANY /produce/{product+}',
          parameters: { product: path.replace(/^\/produce\//, '') },
        };
        const arrival = { id: 'r', at: Date.now(), trustsProxy: false };
        const {
          status = 500,
          headers,
          text,
        } = await installation.deliver(toEvent(request, { path, query }, body, arrival, route));
        return response.writeHead(status, headers as Record<string, string>).end(text);
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    servers.push(server);
    return `https://localhost:${Object(server.address()).port}`;
  };
  const origin = await serve(60);
  const env = {
    ...AWS_KEYS,
    AWS_REGION: 'ap-southeast-1',
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
    ...Object.fromEntries(
      ['CLOUDFORMATION', 'IAM', 'LAMBDA', 'SNS'].map((name) => [`AWS_ENDPOINT_URL_${name}`, fake.url]),
    ),
  };
  Object.assign(process.env, env); // the vendor's clients read it there
  const world = {
    ...{ account, plain: fake.url, ssm, front, told, origin, serve, installation, table },
    ca: readFileSync(authority.certificate, 'utf8'),
    /** Puts everything right again. */
    mend() {
      for (const [name, text] of Object.entries(documents())) ssm.parameters.set(`${PREFIX}/${name}`, text);
      Object.assign(account, soundAccount(table));
      for (const name of Object.keys(told)) delete told[name];
      Object.assign(told, soundEngine());
      Object.assign(front, { root: 200, instead: undefined });
      ssm.denied.clear();
    },
    place(more: object = {}, clock?: () => number): Place {
      const prod = {
        ...{ region: 'ap-southeast-1', table, receivers: ['ops'], hostRuleKnown: true },
        ...{ heartbeat: 'https://beats.example.com/1', reservedConcurrency: 20, ...more },
      };
      const stated = Object.entries(prod).filter(([, value]) => value !== undefined);
      const config: Config = defineConfig({
        service: 'shop',
        products: PRODUCTS,
        stages: { prod: Object.fromEntries(stated) },
      });
      const settings = readSettings({ KOOGATE_DATA: folder.path, KOOGATE_CONFIG: join(folder.path, 'none.ts') });
      const stage = resolveStage(config, 'prod');
      const terminal = terminalOf(env, clock);
      return { settings, config, stage, isNamed: true, table, parameters: stage.parameters, terminal };
    },
    async stop() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all([proxy.stop(), fake.stop(), ssm.stop()]);
      await installation.stop();
      folder.remove();
    },
  };
  world.mend();
  return world;
}

function soundAccount(table: string): Account {
  const roles = ['produce-role', 'fulfil-role'];
  const functions = ['shop-prod-produce', 'shop-prod-fulfil'];
  return {
    stack: {
      status: 'UPDATE_COMPLETE',
      outputs: { AlarmTopic: 'arn:aws:sns:ap-southeast-1:1:alarms' },
      resources: [
        ...roles.map((id) => ['AWS::IAM::Role', id] as const),
        ...functions.map((id) => ['AWS::Lambda::Function', id] as const),
      ],
    },
    roles: new Set(roles),
    functions: new Map(functions.map((id) => [id, { KOOGATE_TABLE: table, KOOGATE_PARAMETERS: PREFIX }])),
    limit: { all: 1000, free: 980 },
    subscriptions: ['arn:aws:sns:ap-southeast-1:1:alarms:1'],
    denied: new Set(),
  };
}

/** Answers that the engine of the tests lacks. */
function soundEngine(): Record<string, Reply> {
  const ok = (body: Record<string, unknown>): Reply => ({ status: 200, body });
  return {
    DescribeTimeToLive: ok({ TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED' } }),
    DescribeContinuousBackups: ok({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
      },
    }),
  };
}
