import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../lib/table/table.ts';
import {
  createTable,
  definitionFile,
  type Engine,
  localClient,
  startDynoxide,
  tableDefinition,
} from '../../scripts/dev/engine.ts';
import { kept } from './kept.ts';
import type { PostgresClient } from './postgres.ts';

/** A fresh engine with the table in it. Count, delay or break calls by wrapping `table.client`. */
export interface TestTable {
  readonly table: Table;
  readonly client: DynamoDBClient;
  readonly engine: string;
  stop(): Promise<void>;
}

/** An engine, by name or by its address. */
export type EngineName = 'dynoxide' | 'dynalite' | 'postgres' | `http${string}`;

/**
 * The engines that the store's tests run on: those that `TEST_ENGINE` names, with commas between them. Without it the
 * quick one alone; the lane of `.ci/run` takes the others too: dynalite's conditional writes give no old item, and PostgreSQL
 * is a store of its own.
 */
export const ENGINES: readonly EngineName[] = (process.env.TEST_ENGINE || 'dynoxide').split(',').map(engineName);

function engineName(name: string): EngineName {
  if (name === 'dynoxide' || name === 'dynalite' || name === 'postgres') return name;
  if (name.startsWith('http')) return name as EngineName;
  throw new Error(`TEST_ENGINE names no engine: ${name}`);
}

export async function startTable(name: EngineName = ENGINES[0] ?? 'dynoxide'): Promise<TestTable> {
  if (name === 'postgres') return startPostgresTable();
  const engine = await startEngine(name);
  const client = localClient(engine.endpoint);
  const tableName = `koogate-${process.pid}-${Date.now().toString(36)}`;
  await createTestTable(client, tableName);
  return {
    table: { client, name: tableName },
    client,
    engine: engine.endpoint,
    stop: async () => {
      client.destroy();
      await engine.stop();
    },
  };
}

async function startPostgresTable(): Promise<TestTable> {
  const { PostgresClient, sharedPostgres } = await import('./postgres.ts'); // a quarter of a second for each suite that needs neither
  const postgres = new PostgresClient(await sharedPostgres());
  const name = `koogate-${process.pid}-${Date.now().toString(36)}`;
  await postgres.create(name);
  const client = postgres as unknown as DynamoDBClient; // as far as KooGate and its tests call one
  return { table: { client, name }, client, engine: 'postgres', stop: () => postgres.close() };
}

const ENGINE = new URL('../../scripts/dev/engine.ts', import.meta.url);

/** Creates the table of the deployed system under this name. */
export async function createTestTable(client: DynamoDBClient | PostgresClient, name: string): Promise<void> {
  if ('create' in client) {
    await client.create(name);
    return;
  }
  const version = createHash('sha256')
    .update(readFileSync(definitionFile()))
    .update(readFileSync(ENGINE))
    .digest('hex');
  const make = async () => JSON.stringify(await tableDefinition());
  await createTable(client, name, JSON.parse(await kept(`table-${version}.json`, make)));
}

async function startEngine(name: EngineName): Promise<Engine> {
  if (name === 'dynoxide') return startDynoxide();
  if (name !== 'dynalite') return { endpoint: name, stop: async () => {} };
  const { default: dynalite } = await import('dynalite');
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite gave no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
