import { openDynamoDB } from '../../lib/table/dynamodb.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import type { Settings } from './settings.ts';

/** Opens the table of a server, on PostgreSQL where KOOGATE_DATABASE names one, else by DynamoDB's protocol. */
export function openServerTable({ table }: Settings): OpenTable {
  return openDynamoDB(table);
}
