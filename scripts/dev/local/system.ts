import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DescribeTableCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { LOCAL_STAGE } from '../../../lib/config/config.ts';
import type { Products } from '../../../lib/config/products.ts';
import { checkedUrl } from '../../../lib/http.ts';
import { ProductsMissing, registerProducts } from '../../../lib/instances/registry.ts';
import { checkedSecret } from '../../../lib/seller/http.ts';
import type { Table } from '../../../lib/table/table.ts';
import { ConfigError, loadProject, type Project } from '../../build/project.ts';
import { ensureLocalSecrets } from '../local-secrets.ts';
import { Problem } from '../problem.ts';
import { compileFilter } from './event-filter.ts';
import { type Fulfilment, type Handler, startFulfilment } from './fulfilment.ts';
import type { HostName } from './hosts.ts';
import { openLocalDynamoDB, openLocalPostgres, postgresFolder } from './local-table.ts';
import { findRun, type Run, soldOf } from './run-file.ts';
import { type Settings, TABLE } from './settings.ts';
import { startStandIns } from './stand-ins.ts';
import { openStream } from './stream-records.ts';
import { startUsageQueue, type UsageQueue } from './usage-queue.ts';

/** The parts beside the route: engine, table, secrets, stand-in. */
export interface System {
  readonly run: Run;
  /** Products of the settings that it was started with. */
  readonly products: Products;
  /** Variables that the functions' environment must hold; they win over serverless.yml. */
  readonly environment: Readonly<Record<string, string>>;
  /** Plays AWS for the function `fulfil`, as serverless.yml describes it; its bundle must have been built. */
  startFulfilment(fulfil: FulfilDefinition, complain: (message: string, error: unknown) => void): Promise<Fulfilment>;
  /** Plays the queue in front of the function `meter`; its bundle must have been built. */
  startUsageQueue(meter: FulfilDefinition, complain: (message: string, error: unknown) => void): Promise<UsageQueue>;
  stop(): Promise<void>;
}

/** Parts of the function's definition in serverless.yml that the local run needs. */
export interface FulfilDefinition {
  /** Module and export, as Serverless names them; here the module that the local run has built. */
  readonly handler: string;
  readonly timeout?: number;
  readonly events?: readonly { readonly stream?: StreamEvent }[];
}

interface StreamEvent {
  readonly batchSize?: number;
  readonly maximumRetryAttempts?: number;
  readonly filterPatterns?: readonly unknown[];
}

/**
 * Starts everything the functions need: on the server host with PostgreSQL, unless the settings name a DynamoDB engine.
 * @throws Problem
 */
export async function startSystem(settings: Settings, on: HostName = 'offline'): Promise<System> {
  const running = findRun(settings.data);
  if (running !== undefined) {
    throw new Problem(
      `KooGate already runs on the data in ${settings.data} (process ${running.pid}, ${running.route}). ` +
        'Stop it first, or give this one another folder: KOOGATE_DATA.',
      `KooGate 已在 ${settings.data} 的数据上运行（进程 ${running.pid}，${running.route}）。` +
        '请先停止它，或用 KOOGATE_DATA 指定其他文件夹。',
    );
  }
  checkSellerUrl(settings);
  await refuseTakenPort(settings.port);
  const { config } = await readProject(settings);
  mkdirSync(settings.data, { recursive: true, mode: 0o700 });
  const secrets = await ensureLocalSecrets(
    settings.secretsFile,
    config.products.values(),
    existsSync(settings.database) || existsSync(postgresFolder(settings)),
  );
  const hasBackend = [...config.products.values()].some(({ backend }) => backend !== undefined);
  if (settings.sellerUrl !== undefined || hasBackend) checkSellerSecret(settings, secrets.seller.secret);
  const open = on === 'server' && settings.endpoint === undefined ? openLocalPostgres : openLocalDynamoDB;
  const { table, client, endpoint, database, stop: closeTable } = await open(settings);
  const stops = [closeTable];
  await register(table, config).catch(async (error) => {
    await closeTable();
    throw error;
  });
  const standIns =
    settings.openApiUrl === undefined
      ? await startStandIns(config, secrets, join(settings.data, 'orders.json'))
      : undefined;
  if (standIns !== undefined) stops.push(standIns.stop);
  const run: Run = {
    pid: process.pid,
    route: `http://127.0.0.1:${settings.port}/produce`,
    endpoint,
    ...(database === undefined ? {} : { database }),
    table: TABLE,
    openApi: settings.openApiUrl ?? standIns?.openApi ?? '',
    openApis: standIns?.openApis ?? {},
    data: settings.data,
    secrets: settings.secretsFile,
    products: [...config.products.values()].map(soldOf),
  };
  return {
    run,
    products: config.products,
    environment: {
      KOOGATE_STAGE: LOCAL_STAGE,
      KOOGATE_TABLE: TABLE,
      KOOGATE_SECRETS: settings.secretsFile,
      KOOGATE_OPENAPI_URL: run.openApi,
      KOOGATE_OPENAPI_SITES: JSON.stringify(run.openApis),
      KOOGATE_SELLER_URL: settings.sellerUrl ?? '',
      ...(database === undefined ? dynamoDBVariables(endpoint) : { KOOGATE_DATABASE: database }),
    },
    startFulfilment: (fulfil, complain) => playAws(run, client ?? noClient(), fulfil, complain),
    startUsageQueue: ({ handler, timeout = 300 }, complain) =>
      startUsageQueue({ handler: loadHandler(handler), maxReceiveCount: 5, timeout: timeout * 1_000, complain }),
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

function dynamoDBVariables(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function noClient(): never {
  throw new Error('Lambda is played on DynamoDB alone: this table is in PostgreSQL.');
}

/** Checks the address of the backend for all products; those of single products are checked with the settings. @throws Problem */
function checkSellerUrl({ sellerUrl }: Settings): void {
  if (sellerUrl === undefined) return;
  orProblem(() => checkedUrl(sellerUrl, "The address of the seller's server (KOOGATE_SELLER_URL)"));
}

/**
 * Checks the secret that signs the calls to backends, before a purchase needs it.
 * @param inFile the secret in the secrets file
 * @throws Problem
 */
function checkSellerSecret({ sellerSecret, secretsFile }: Settings, inFile: string): void {
  if (sellerSecret === undefined) orProblem(() => checkedSecret(inFile, `seller.secret in ${secretsFile}`));
  else orProblem(() => checkedSecret(sellerSecret, 'KOOGATE_SELLER_SECRET'));
}

/** Runs a check of the settings: its error is for the person at the terminal. @throws Problem */
function orProblem(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw new Problem(error instanceof Error ? error.message : String(error));
  }
}

async function playAws(
  run: Run,
  client: DynamoDBClient,
  fulfil: FulfilDefinition,
  complain: (message: string, error: unknown) => void,
): Promise<Fulfilment> {
  const stream = fulfil.events?.find((event) => event.stream !== undefined)?.stream ?? {};
  const { Table } = await client.send(new DescribeTableCommand({ TableName: run.table }));
  const streamArn = Table?.LatestStreamArn;
  const { endpoint } = run;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const streams = new DynamoDBStreamsClient({ endpoint, region: 'us-east-1', credentials });
  return startFulfilment({
    handler: loadHandler(fulfil.handler),
    isDue: () => isDue(client, run.table),
    ...(streamArn === undefined ? {} : { openStream: () => openStream(streams, streamArn) }),
    filter: compileFilter(stream.filterPatterns ?? []),
    batchSize: stream.batchSize ?? 10,
    maximumRetries: stream.maximumRetryAttempts ?? 10,
    timeout: (fulfil.timeout ?? 300) * 1_000,
    complain,
  });
}

/** Tells whether a change waits, due or not yet; usage has shards of its own, from 8 on. */
export async function isDue(client: DynamoDBClient, table: string): Promise<boolean> {
  const { Count = 0 } = await client.send(
    new ScanCommand({
      TableName: table,
      IndexName: 'due',
      FilterExpression: '#dueShard < :usage',
      ExpressionAttributeNames: { '#dueShard': 'dueShard' },
      ExpressionAttributeValues: { ':usage': { N: '8' } },
    }),
  );
  return Count > 0;
}

/** @throws Problem that says what of the settings to mend */
export async function readProject({ configFile }: Pick<Settings, 'configFile'>): Promise<Project> {
  return loadProject(configFile).catch((error) => {
    throw error instanceof ConfigError ? new Problem(error.message) : error;
  });
}

async function register(table: Table, config: Project['config']): Promise<void> {
  try {
    await registerProducts(table, config, new Date());
  } catch (error) {
    throw error instanceof ProductsMissing ? new Problem(error.message) : error;
  }
}

/** The function behind a definition such as `/data/functions/fulfil.handler`. */
function loadHandler(definition: string): Handler {
  const [, file = '', name = ''] = /^(.*)\.([^.]+)$/.exec(definition) ?? [];
  return createRequire(import.meta.url)(`${file}.cjs`)[name];
}

async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer();
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve).listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
  if (error === undefined) return;
  if (error.code !== 'EADDRINUSE') {
    throw new Problem(`Port ${port} cannot be used: ${error.message}.`, `无法使用端口 ${port}：${error.message}。`);
  }
  throw new Problem(
    `Port ${port} is in use. Stop what listens there, or choose another port, e.g. PORT=${port + 1} npm start.`,
    `端口 ${port} 已被占用。请停止占用它的程序，或使用其他端口，例如 PORT=${port + 1} npm start。`,
  );
}
