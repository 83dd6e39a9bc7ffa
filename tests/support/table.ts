import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { Table } from '../../lib/table/table.ts';
import { createTable, type Engine, localClient, startDynoxide } from '../../scripts/dev/engine.ts';

/** A fresh engine with the table in it. Count, delay or break calls by wrapping `table.client`. */
export interface TestTable {
  readonly table: Table;
  readonly client: DynamoDBClient;
  readonly engine: string;
  stop(): Promise<void>;
}

/** The engines the store's tests run on: `TEST_ENGINE` = dynoxide (default), dynalite, or the address of another. */
export type EngineName = 'dynoxide' | 'dynalite' | `http${string}`;

export async function startTable(
  name: EngineName = (process.env.TEST_ENGINE as EngineName) || 'dynoxide',
): Promise<TestTable> {
  const engine = await startEngine(name);
  const client = localClient(engine.endpoint);
  const tableName = `koogate-${process.pid}-${Date.now().toString(36)}`;
  await createTable(client, tableName);
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

async function startEngine(name: EngineName): Promise<Engine> {
  if (name === 'dynoxide') return startDynoxide();
  if (name !== 'dynalite') return { endpoint: name, stop: async () => {} };
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite gave no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
