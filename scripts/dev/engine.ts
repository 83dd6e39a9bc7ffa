import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  type DynamoDBClientConfig,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { PACKAGE_ROOT } from '../build/roots.ts';
import { spawnGuarded } from './guard.ts';
import { Problem } from './problem.ts';

/** A DynamoDB engine on loopback. */
export interface Engine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Below the ports that Linux, macOS and Windows hand to outgoing connections and to servers that name none. */
const PORTS = { from: 15_000, to: 32_000 } as const;
const given = new Set<number>();

/**
 * A port of 127.0.0.1 that is free, for a server in another process. No connection of this machine takes it in the
 * meantime, as it may take one that the system picks; this process gives it to nobody else.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
  throw new Problem(
    `No port of 127.0.0.1 between ${PORTS.from} and ${PORTS.to} is free.`,
    `127.0.0.1 上 ${PORTS.from} 至 ${PORTS.to} 之间没有空闲端口。`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false, // taken, or kept by the system
  );
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

/**
 * Starts the embedded engine dynoxide: in memory, or on the file `dbPath`.
 * `DYNOXIDE_BIN` names another binary, for platforms whose package is not installed.
 */
export async function startDynoxide(options: { dbPath?: string } = {}): Promise<Engine> {
  const port = await freePort();
  const child = spawnGuarded(dynoxideBinary(), [
    ...['serve', '--host', '127.0.0.1', '--port', String(port)],
    ...(options.dbPath ? ['--db-path', options.dbPath] : []),
  ]);
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint, child);
  return {
    endpoint,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

function dynoxideBinary(): string {
  if (process.env.DYNOXIDE_BIN) return process.env.DYNOXIDE_BIN;
  const name = `@dynoxide/${process.platform}-${process.arch}/dynoxide`;
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Problem(
      `The embedded DynamoDB engine has no package for ${process.platform}-${process.arch}. Set DYNOXIDE_BIN to a ` +
        'dynoxide binary, or AWS_ENDPOINT_URL_DYNAMODB to any DynamoDB-compatible endpoint.',
      `内置 DynamoDB 引擎没有 ${process.platform}-${process.arch} 的安装包。请将 DYNOXIDE_BIN 设为 dynoxide 程序，` +
        '或将 AWS_ENDPOINT_URL_DYNAMODB 设为任一 DynamoDB 兼容地址。',
    );
  }
}

async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (child.exitCode !== null)
      throw new Problem(
        `The DynamoDB engine ended at once (exit code ${child.exitCode}).`,
        `DynamoDB 引擎立即退出（退出码 ${child.exitCode}）。`,
      );
    const up = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill();
  throw new Problem('The DynamoDB engine did not answer within five seconds.', 'DynamoDB 引擎五秒内没有响应。');
}

/** A table but for its name. */
export type TableDefinition = Omit<CreateTableCommandInput, 'TableName'>;

/**
 * Reads the table's definition of the deployed system, the single source of its keys and indexes. Leaves out what is
 * CloudFormation's alone, and what no engine on loopback knows.
 */
export async function tableDefinition(): Promise<TableDefinition> {
  const { parse } = await import('yaml'); // takes longer to load than most of what needs no table
  const text = readFileSync(definitionFile(), 'utf8');
  const { TimeToLiveSpecification, PointInTimeRecoverySpecification, SSESpecification, TableName, ...rest } = tableIn(
    parse(text, { logLevel: 'error' }),
  ); // CloudFormation's tags are unknown to it
  const { StreamViewType } = rest.StreamSpecification;
  return { ...rest, StreamSpecification: { StreamEnabled: true, StreamViewType } };
}

/** In the repository the table stands in serverless.yml; a package has it apart, for the sellers' own. */
export function definitionFile(): string {
  const apart = join(PACKAGE_ROOT, 'deploy/aws/table.yml');
  return existsSync(apart) ? apart : join(PACKAGE_ROOT, 'serverless.yml');
}

function tableIn(document: { resources?: unknown; Resources?: unknown }) {
  const templates = [document.resources ?? document].flat() as { Resources?: { Table?: { Properties: unknown } } }[];
  const table = templates.find(({ Resources }) => Resources?.Table)?.Resources?.Table;
  if (table === undefined) throw new Error('The definition of the table is missing from serverless.yml.');
  return table.Properties as Record<string, unknown> & CreateTableCommandInput & { StreamSpecification: object };
}

/** Creates the table unless it exists. */
export async function createTable(client: DynamoDBClient, name: string, definition?: TableDefinition): Promise<void> {
  try {
    await client.send(new CreateTableCommand({ ...(definition ?? (await tableDefinition())), TableName: name }));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceInUseException') return;
    throw error;
  }
  await client
    .send(
      new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      }),
    )
    .catch((error: Error) => {
      if (error.name !== 'UnknownOperationException') throw error; // dynalite has no TTL; nothing relies on it
    });
}

/**
 * A logger without a method to call: the SDK's own silent one has them all, and each request and answer is rendered for
 * it, at a seventh of a request's cost.
 */
const SILENT = {} as NonNullable<DynamoDBClientConfig['logger']>;

/** A client for an engine on loopback; engines check no signatures, so the keys are any text. */
export function localClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    logger: SILENT,
  });
}
