import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openPostgres } from '../../../lib/table/postgres/open.ts';
import { migrate } from '../../../lib/table/postgres/schema.ts';
import type { Table } from '../../../lib/table/table.ts';
import { createTable, localClient, startDynoxide } from '../engine.ts';
import { keepDatabasePassword } from '../local-secrets.ts';
import { startPostgres } from '../postgres.ts';
import { type Settings, TABLE } from './settings.ts';

/** Milliseconds for making the table. */
const MIGRATION_MS = 60_000;

/** The table of a local run, and how everybody reaches it. */
export interface LocalTable {
  readonly table: Table;
  /** Address of the DynamoDB engine; empty where the table lies in PostgreSQL. */
  readonly endpoint: string;
  /** Address of the PostgreSQL database. */
  readonly database?: string;
  /** For what only DynamoDB has: its stream. */
  readonly client?: DynamoDBClient;
  stop(): Promise<void>;
}

/** Opens the table on DynamoDB: the engine that the settings name, else the embedded one. */
export async function openLocalDynamoDB({ endpoint: given, database }: Settings): Promise<LocalTable> {
  const engine = given === undefined ? await startDynoxide({ dbPath: database }) : undefined;
  const endpoint = engine?.endpoint ?? given ?? '';
  const client = localClient(endpoint);
  await createTable(client, TABLE);
  return {
    table: { client, name: TABLE },
    endpoint,
    client,
    stop: async () => {
      client.destroy();
      await engine?.stop();
    },
  };
}

/** Folder of the embedded PostgreSQL, within that of the data. */
export function postgresFolder({ data }: Pick<Settings, 'data'>): string {
  return join(data, 'postgres');
}

/** Opens the table on the embedded PostgreSQL. Its password is kept in the secrets file, where the server looks for it. */
export async function openLocalPostgres(settings: Settings): Promise<LocalTable> {
  if (process.getuid?.() === 0) chmodSync(settings.data, 0o711); // PostgreSQL then runs as nobody, and has to get there
  const server = await startPostgres({ data: postgresFolder(settings) });
  keepDatabasePassword(settings.secretsFile, server.password);
  const table = openPostgres({ database: server.url, password: async () => server.password, name: TABLE });
  await table.connections.lend((query) => migrate(query, TABLE), { timeoutMs: MIGRATION_MS });
  return {
    table,
    endpoint: '',
    database: server.url,
    stop: async () => {
      await table.close();
      await server.stop();
    },
  };
}
