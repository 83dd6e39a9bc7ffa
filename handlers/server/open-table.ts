import type { Log } from '../../lib/log.ts';
import type { Secrets } from '../../lib/secrets/secrets.ts';
import { openDynamoDB } from '../../lib/table/dynamodb.ts';
import { openPostgres } from '../../lib/table/postgres/open.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import type { Settings } from './settings.ts';

/** Connections to PostgreSQL, as they are now. */
export interface PoolCounts {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** The table of a server, and the connections to it where it keeps some. */
export interface ServerTable {
  readonly table: OpenTable;
  readonly counts?: () => PoolCounts;
}

/** Opens the table of a server, on PostgreSQL where KOOGATE_DATABASE names one, else by DynamoDB's protocol. */
export function openServerTable(
  { database, table: name }: Settings,
  secrets: Pick<Secrets, 'database'>,
  log: Pick<Log, 'warn'>,
): ServerTable {
  if (database === undefined) return { table: openDynamoDB(name) };
  const password = async () => (await secrets.database()) || undefined;
  const table = openPostgres({ database, name, password, warn: (sentence) => log.warn(sentence) });
  return { table, counts: () => table.connections.counts() };
}
