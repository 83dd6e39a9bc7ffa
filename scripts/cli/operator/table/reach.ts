import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openPostgres } from '../../../../lib/table/postgres/open.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { readSettings } from '../../../dev/local/settings.ts';
import { readProject } from '../../../dev/local/system.ts';
import { Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { databaseOf, passwordOf } from '../database.ts';
import { stageNamed } from '../place.ts';
import { clientAt } from './endpoint.ts';

/** A table that a command works on. */
export interface TableAt {
  readonly table: Table;
  /** Place of the table, for people; without user and password. */
  readonly place: string;
  close(): Promise<void>;
}

/**
 * Opens a table on any engine: that of a stage by its name, or ADDRESS#TABLE with the address of an engine with the
 * interface of DynamoDB (http, https) or of a PostgreSQL database.
 * @throws Problem for what is neither
 */
export async function tableAt(text: string, terminal: Terminal): Promise<TableAt> {
  if (!text.includes('://')) return tableOfStage(text, terminal);
  const [address = '', name = ''] = text.split('#');
  if (!/^[\w.-]{1,255}$/.test(name)) throw new Problem('problem.table-address', { given: address });
  const settings = readSettings(terminal.env);
  if (/^postgres(ql)?:/.test(address)) {
    return inDatabase({ database: address, name, password: () => passwordOf(settings, terminal) });
  }
  const client = clientAt(address, terminal.env);
  return { table: { client, name }, place: `${address} ${name}`, close: async () => client.destroy() };
}

async function tableOfStage(name: string, terminal: Terminal): Promise<TableAt> {
  const settings = readSettings(terminal.env);
  const { config } = await readProject(settings);
  const stage = stageNamed(config, name);
  if (stage.host === 'aws') {
    if (stage.region === undefined) throw new Problem('problem.region', { stage: name });
    const client = new DynamoDBClient({ region: stage.region });
    const { table } = stage;
    return { table: { client, name: table }, place: `${stage.region} ${table}`, close: async () => client.destroy() };
  }
  const at = databaseOf({ stage: name }, { config, settings, terminal });
  if (at === undefined) throw new Problem('problem.database', { stage: name });
  return inDatabase(at);
}

function inDatabase(at: { database: string; name: string; password: () => Promise<string | undefined> }): TableAt {
  const table = openPostgres(at);
  return { table, place: `${new URL(at.database).host} ${at.name}`, close: () => table.close() };
}
