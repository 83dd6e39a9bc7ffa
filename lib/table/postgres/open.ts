import { ValidationException } from '../expressions/validation.ts';
import { type Command, readCommand } from '../request/read-command.ts';
import { isWrite, readWrite } from '../request/read-write.ts';
import type { OpenTable, Table } from '../table.ts';
import { readAddress } from './address.ts';
import { checkDatabase } from './check.ts';
import { type Connections, openConnections } from './connections.ts';
import { batchGet, getItem, queryPage, scanPage } from './read.ts';
import { statementsOf } from './statements.ts';
import { carryOut, transaction } from './write.ts';

/** Items deleted in one transaction when their time is over. */
const EXPIRED_BATCH = 500;

export interface PostgresOptions {
  /** `postgres://user@host:5432/database`, without the password. */
  readonly database: string;
  /** Asked at each new connection; undefined where the database asks for none. */
  readonly password: () => Promise<string | undefined>;
  /** Certificates in PEM that are trusted instead of the system's. */
  readonly ca?: string;
  /** Name of the table, which is that of its schema. */
  readonly name: string;
  /** Connections of this process at most; 10 unless told. */
  readonly connections?: number;
  /** Takes what `check` finds allowed and risky. */
  readonly warn?: (sentence: string) => void;
}

/** A table on PostgreSQL. */
export interface PostgresTable extends OpenTable {
  readonly connections: Connections;
}

/**
 * Opens a table on PostgreSQL, which answers DynamoDB's requests as far as KooGate sends them. No connection is made
 * before the first request.
 * @throws TableUnfit for an address or a name that is none
 */
export function openPostgres(options: PostgresOptions): PostgresTable {
  const { database, password, ca, name, connections: max, warn } = options;
  const connections = openConnections(readAddress(database, ca), { password, ...(max !== undefined && { max }) });
  return tableOn(connections, name, warn);
}

/** Makes a table of connections that are open already. Closing it closes them. @throws TableUnfit for a name that is none */
export function tableOn(
  connections: Connections,
  name: string,
  warn: (sentence: string) => void = () => {},
): PostgresTable {
  const sql = statementsOf(name);
  const { lend } = connections;
  return {
    name,
    connections,
    client: { send: sendOn(connections, name) },
    now: () =>
      lend(async (query) => {
        const { rows } = await query<{ now: string }>({ text: NOW });
        return Number(rows[0]?.now);
      }),
    check: async () => {
      for (const sentence of await lend((query) => checkDatabase(query, name))) warn(sentence);
    },
    deleteExpired: async () => {
      let deleted = 0;
      for (;;) {
        const batch = { text: sql.deleteExpired, values: [EXPIRED_BATCH] };
        const count = await lend((query) => transaction(query, async () => (await query(batch)).rowCount ?? 0));
        deleted += count;
        if (count < EXPIRED_BATCH) return deleted;
      }
    },
    close: () => connections.close(),
  };
}

const NOW = 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS now';

/** Makes the client's `send`. */
function sendOn({ lend }: Connections, name: string): Table['client']['send'] {
  const sql = statementsOf(name);
  const send = async (command: Command, options?: { readonly abortSignal?: AbortSignal }): Promise<object> => {
    const signal = options?.abortSignal;
    signal?.throwIfAborted();
    const { operation, input } = readCommand(command);
    const named = operation === 'BatchGetItem' ? Object.keys(input.RequestItems ?? {}) : [input.TableName];
    if (named.length !== 1 || named[0] !== name) throw new ValidationException(`The request is not for ${name} alone`);
    if (isWrite(operation)) {
      const write = readWrite(operation, input);
      return write.answer(await lend((query) => carryOut(query, sql, write), { signal }));
    }
    switch (operation) {
      case 'GetItem':
        return lend((query) => getItem(query, sql, input), { signal });
      case 'BatchGetItem':
        return lend((query) => batchGet(query, sql, name, input), { signal });
      case 'Query':
        return lend((query) => queryPage(query, sql, input), { signal });
      case 'Scan':
        return lend((query) => scanPage(query, sql, input), { signal });
    }
  };
  return send as unknown as Table['client']['send'];
}
