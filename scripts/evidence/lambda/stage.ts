import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { registerProducts } from '../../../lib/instances/registry.ts';
import type { Table } from '../../../lib/table/table.ts';
import { loadProject } from '../../build/project.ts';
import { PACKAGE_ROOT } from '../../build/roots.ts';
import { SAMPLES_CONFIG, type Stage } from '../../dev/demo/stage.ts';
import { createTable, localClient, startDynoxide } from '../../dev/engine.ts';
import { compileFilter } from '../../dev/local/event-filter.ts';
import { startFulfilment } from '../../dev/local/fulfilment.ts';
import { type Run, removeRun, soldOf, writeRun } from '../../dev/local/run-file.ts';
import { openStream } from '../../dev/local/stream-records.ts';
import { isDue } from '../../dev/local/system.ts';
import { startUsageQueue } from '../../dev/local/usage-queue.ts';
import { ensureLocalSecrets, type LocalSecrets } from '../../dev/local-secrets.ts';
import { Problem } from '../../dev/problem.ts';
import { startStandIn } from '../../marketplace/stand-in/server.ts';
import { type Access, createAccess } from './access.ts';
import { issueCredentials, variablesOf } from './credentials.ts';
import { answerOf, createFunction, type LambdaFunction } from './function.ts';
import { startGateway } from './gateway.ts';
import { type Packaged, packageService, run, STAGE } from './package.ts';
import { rightsOfLambda } from './rights-of-lambda.ts';
import { type Services, startServices } from './services.ts';
import type { Credentials } from './signature.ts';
import { ACCOUNT, named, type PackagedFunction } from './template.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/*
 * A small AWS on loopback around the packaged functions: an HTTP API, Lambda with its own runtime interface client, the
 * stream's and the queue's mappings, Parameter Store, DynamoDB, and the packaged roles. It is an emulation: where AWS
 * does not do what its documents say, this does not show it.
 */

/** Sandboxes that a function has at most: each is a process, and machines that run checks have few cores. */
const MOST_SANDBOXES: Readonly<Record<string, number>> = { produce: 4, fulfil: 2, meter: 2, reconcile: 1 };

/** Role that writes the parameters; the template has none for it. */
const DEPLOYER = 'Deployer';

/** The packaged functions, running; beside what every stage has. */
export interface LambdaStage extends Stage {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly access: Access;
  readonly services: Services;
  /** Faults of what wakes fulfil. */
  readonly mappings: { isStreamDead: boolean; isSweepDead: boolean; dropped: number };
  /** Sentences on everything that went wrong beside the calls themselves. */
  problems(): readonly string[];
}

/** Packages the service and starts everything around it. @throws Problem */
export async function setUpLambda(): Promise<LambdaStage> {
  const data = mkdtempSync(join(tmpdir(), 'koogate-lambda-'));
  const removeData = () => rmSync(data, { recursive: true, force: true });
  process.once('exit', removeData);
  const stops = [async () => void process.off('exit', removeData), async () => removeData()];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    return await start(data, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(data: string, stops: (() => Promise<unknown>)[], stop: () => Promise<void>): Promise<LambdaStage> {
  const { config } = await loadProject(SAMPLES_CONFIG);
  const secretsFile = join(data, 'secrets.json');
  const secrets = await ensureLocalSecrets(secretsFile, config.products.values(), false);
  const standIn = await startStandIn({ keys: secrets.marketplace, accessKey: accessKeys(secrets) });
  stops.push(standIn.stop);
  const packaged = await packageService(data, standIn.url);
  const { deployment, service } = packaged;
  const engine = await startDynoxide();
  stops.push(engine.stop);
  const client = localClient(engine.endpoint);
  stops.push(async () => client.destroy());
  const table: Table = { client, name: deployment.table.name };
  await createTable(client, table.name);
  await registerProducts(table, config, new Date());

  const access = createAccess(
    new Map([...deployment.roles, [DEPLOYER, [{ Effect: 'Allow', Action: 'ssm:*', Resource: '*' }]]]),
  );
  const credentials = new Map<string, Credentials>();
  const issue = (role: string) => issueCredentials(role, credentials);
  const { region } = deployment;
  const services = await startServices({ region, account: ACCOUNT, engine: engine.endpoint, access, credentials });
  stops.push(services.stop);
  const keys = (role: string) => variablesOf(issue(role), services.url, region);
  await run(
    join(PACKAGE_ROOT, 'scripts/bin.mjs'),
    service,
    ['parameters', '--stage', STAGE, '--file', secretsFile, '--yes'],
    keys(DEPLOYER),
  );
  await rightsOfLambda(deployment, access);

  const log: string[] = [];
  const complaints: string[] = [];
  const complain = (message: string, error: unknown) => complaints.push(`${message}. ${error ?? ''}`);
  const watchdog = startWatchdog();
  stops.push(async () => watchdog.stop());
  const functions = createFunctions(packaged, watchdog, keys, (text) => log.push(text));
  stops.push(() => Promise.all([...functions.values()].map((one) => one.stop())));
  const invoke = (name: string) => (event: unknown) => named(functions, name).invoke(event);
  const gateway = await startGateway(deployment.routes, invoke('produce'));
  stops.push(gateway.stop);

  const { stream, queue } = deployment;
  const mappings = { isStreamDead: false, isSweepDead: false, dropped: 0 };
  const { Table: described } = await client.send(new DescribeTableCommand({ TableName: table.name }));
  const streams = new DynamoDBStreamsClient({
    endpoint: engine.endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const fulfilment = startFulfilment({
    handler: async (event) => {
      const isOfStream = Object.hasOwn(Object(event), 'Records');
      if (!isOfStream || !mappings.isStreamDead) return answerOf(invoke(stream.function)(event));
      mappings.dropped += 1;
      return {};
    },
    isDue: async () => !mappings.isSweepDead && isDue(client, table.name),
    openStream: () => openStream(streams, described?.LatestStreamArn ?? ''),
    filter: compileFilter(stream.filterPatterns),
    batchSize: stream.batchSize,
    maximumRetries: stream.maximumRetries,
    timeout: named(deployment.functions, stream.function).timeoutMs,
    complain,
  });
  const usage = await startUsageQueue({
    handler: (event) => answerOf(invoke(queue.function)(event)),
    maxReceiveCount: queue.maxReceiveCount,
    timeout: named(deployment.functions, queue.function).timeoutMs,
    complain,
  });
  stops.push(usage.stop, fulfilment.stop);

  const whole: Run = {
    pid: process.pid,
    route: gateway.route,
    endpoint: engine.endpoint,
    table: table.name,
    openApi: standIn.url,
    usageQueue: usage.url,
    data,
    secrets: secretsFile,
    products: [...config.products.values()].map(soldOf),
  };
  writeRun(whole);
  stops.push(async () => removeRun(data));
  const server = { run: whole, output: () => log.join(''), ended: new Promise<number>(() => {}), stop };
  const problems = () => [
    ...access.denied.map(({ role, action, resource }) => `denied: ${role} ${action} on ${resource}`),
    ...services.unsigned,
    ...[...functions.values()].flatMap(({ faults }) => faults),
    ...complaints,
  ];
  return { server, secrets, standIn, table, stop, functions, access, services, mappings, problems };
}

function accessKeys({ products }: LocalSecrets): readonly string[] {
  return Object.values(products).flatMap(({ accessKeys: keys }) => keys.base?.slice(0, 1) ?? []);
}

function createFunctions(
  { deployment, folders }: Packaged,
  watchdog: Watchdog,
  keys: (role: string) => Readonly<Record<string, string>>,
  write: (text: string) => void,
): ReadonlyMap<string, LambdaFunction> {
  return new Map(
    [...deployment.functions].map(([name, definition]) => {
      const [most, folder] = [MOST_SANDBOXES[name], folders.get(name)];
      if (most === undefined || folder === undefined) {
        throw new Error(`The rehearsal does not know how to run ${name}: scripts/evidence/lambda/stage.ts.`);
      }
      requireRuntime(definition);
      const environment = keys(definition.role);
      return [name, createFunction({ definition, folder, environment, watchdog, most, write })];
    }),
  );
}

/** Refuses another Node than Lambda's. @throws Problem */
function requireRuntime({ name, runtime }: PackagedFunction): void {
  const major = process.versions.node.split('.')[0];
  if (runtime === `nodejs${major}.x`) return;
  throw new Problem(
    `${name} is packaged for ${runtime}, and this is Node ${process.versions.node}: npm run rehearse -- --on lambda takes ` +
      'the one that npm installed.',
  );
}

/** Invokes the functions that a clock wakes, as EventBridge does. @throws Error if the template has other functions */
export async function wakeTimedFunctions({ functions }: LambdaStage): Promise<void> {
  for (const name of ['fulfil', 'meter', 'reconcile']) {
    await named(functions, name).invoke({
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: ACCOUNT,
      time: new Date().toISOString(),
      resources: [],
      detail: {},
    });
  }
}

/** Says what has happened around the functions. */
export function summaryOf({ functions, access, services }: LambdaStage): string {
  const all = [...functions.values()].map(({ counts }) => counts);
  const sum = (name: keyof (typeof all)[number]) => all.reduce((total, counts) => total + counts[name], 0);
  const calls = [...services.calls.values()].reduce((total, count) => total + count, 0);
  return (
    `, ${sum('invocations')} invocations of ${functions.size} functions in ${sum('coldStarts')} sandboxes that were frozen ` +
    `${sum('freezes')} times, ${calls} calls of AWS with ${access.denied.length} denied`
  );
}
