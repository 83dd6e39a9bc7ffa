import { existsSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openPostgres, type PostgresOptions } from '../../../lib/table/postgres/open.ts';
import type { Table } from '../../../lib/table/table.ts';
import type { Sentence } from '../../language/sentence.ts';
import { localClient, startDynoxide } from '../engine.ts';
import { readLocalSecrets } from '../local-secrets.ts';
import { Problem } from '../problem.ts';
import { openLocalPostgres, postgresFolder } from './local-table.ts';
import { findRun, type Run } from './run-file.ts';
import { type Settings, TABLE } from './settings.ts';

/** A table, what it is to be called, and whether a KooGate works on it right now. */
export interface ReachedTable {
  readonly table: Table;
  readonly place: Sentence;
  readonly live: boolean;
}

/** A deployed table: on DynamoDB, or in a PostgreSQL database. */
export type DeployedTable =
  | {
      readonly name: string;
      /** Its region; otherwise that of the environment. */
      readonly region?: string;
    }
  | Pick<PostgresOptions, 'name' | 'database' | 'password'>;

/**
 * Lends the table: the deployed one, else that of the KooGate that runs here, else the data in their folder
 * with an engine for the moment. @throws Problem if there is none
 */
export async function withTable<Result>(
  settings: Settings,
  deployed: DeployedTable | undefined,
  use: (reached: ReachedTable) => Promise<Result>,
): Promise<Result> {
  if (deployed !== undefined && 'database' in deployed) {
    const { name, database } = deployed;
    const table = openPostgres(deployed);
    const { host } = new URL(database);
    const place: Sentence = [`the table ${name} in ${host}`, `${host} 中的表 ${name}`];
    return use({ table, place, live: true }).finally(() => table.close());
  }
  if (deployed !== undefined) {
    const { name, region } = deployed;
    const client = new DynamoDBClient(region === undefined ? {} : { region });
    return lend(client, name, [`the table ${name}`, `表 ${name}`], true, use);
  }
  const run = findRun(settings.data);
  if (run !== undefined) {
    const place: Sentence = [`the running ${run.route}`, `正在运行的 ${run.route}`];
    const { table, close } = openRunTable(run);
    try {
      return await use({ table, place, live: true });
    } finally {
      await close();
    }
  }
  if (settings.endpoint !== undefined) {
    return lend(localClient(settings.endpoint), TABLE, [settings.endpoint, settings.endpoint], false, use);
  }
  if (!existsSync(settings.database) && existsSync(postgresFolder(settings))) {
    const { table, stop } = await openLocalPostgres(settings);
    const folder = postgresFolder(settings);
    return use({ table, place: [folder, folder], live: false }).finally(stop);
  }
  if (!existsSync(settings.database)) {
    throw new Problem(
      `There are no data in ${settings.data}. KOOGATE_DATA names another folder, --stage a deployed stage.`,
      `${settings.data} 中没有数据。可用 KOOGATE_DATA 指定其他文件夹，或用 --stage 指定已部署的阶段。`,
    );
  }
  const engine = await startDynoxide({ dbPath: settings.database });
  try {
    return await lend(localClient(engine.endpoint), TABLE, [settings.database, settings.database], false, use);
  } finally {
    await engine.stop();
  }
}

/** Opens the table of the KooGate that runs here. */
export function openRunTable(run: Run): { readonly table: Table; close(): Promise<void> } {
  const { database, endpoint, table: name, secrets } = run;
  if (database === undefined) {
    const client = localClient(endpoint);
    return { table: { client, name }, close: async () => client.destroy() };
  }
  const table = openPostgres({ database, name, password: async () => readLocalSecrets(secrets).database?.password });
  return { table, close: () => table.close() };
}

async function lend<Result>(
  client: DynamoDBClient,
  name: string,
  place: Sentence,
  live: boolean,
  use: (reached: ReachedTable) => Promise<Result>,
): Promise<Result> {
  try {
    return await use({ table: { client, name }, place, live });
  } finally {
    client.destroy();
  }
}
