import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from '../expressions/paths.ts';
import { TableUnfit } from './errors.ts';
import { escapeKey } from './keys.ts';

/** Characters of a schema's name; PostgreSQL cuts longer ones. */
const MAX_NAME_LENGTH = 48;

/** A row as statements return it. */
export interface Row {
  readonly item: string;
  /** Taken from a sequence at each write, so that no two images of an item ever share one. */
  readonly version: string;
}

/** Statements on one table, which has a schema of its own. */
export type Statements = ReturnType<typeof statementsOf>;

/** Quotes the name of a schema or a user. @throws TableUnfit if it is not a name */
export function schemaName(name: string, most = MAX_NAME_LENGTH): string {
  if (/^[\w.-]+$/.test(name) && name.length <= most) return `"${name}"`;
  throw new TableUnfit(`Expected a table's name of 1 to ${most} letters, digits, dots, hyphens and underscores.`);
}

/** Milliseconds that a statement in a transaction waits for a lock, and that it takes at most. */
const LOCAL_TIMEOUTS = { lock_timeout: 1_000, statement_timeout: 1_500, idle_in_transaction_session_timeout: 2_000 };

/** Begins a transaction; the isolation is set, whatever the database's default is. */
export const BEGIN = [
  'BEGIN ISOLATION LEVEL READ COMMITTED',
  ...Object.entries(LOCAL_TIMEOUTS).map(([name, value]) => `SET LOCAL ${name} = ${value}`),
].join('; ');

/** Spells out the statements on the table `name`. Parameters $1 and $2 are the key, $3 to $8 the item's columns. */
export function statementsOf(name: string) {
  const schema = schemaName(name);
  const [items, version] = [`${schema}.items`, `nextval('${schema}.version')`];
  const insert =
    `INSERT INTO ${items} (pk, sk, version, item, ttl, due_shard, due_at, order_key, line_key) ` +
    `VALUES ($1, $2, ${version}, $3, $4, $5, $6, $7, $8) ON CONFLICT (pk, sk) DO NOTHING`;
  const select = `SELECT item, version FROM ${items} WHERE pk = $1 AND sk = $2`;
  const update =
    `UPDATE ${items} SET version = ${version}, item = $3, ttl = $4, due_shard = $5, due_at = $6, ` +
    'order_key = $7, line_key = $8 WHERE pk = $1 AND sk = $2 AND version = $9';
  return {
    items,
    select,
    lock: `${select} FOR UPDATE`,
    insert,
    /** Inserts; or else reads what stands there. Another writer's row that came just now is neither: no row. */
    insertOrSelect:
      `WITH made AS (${insert} RETURNING version) SELECT NULL AS item, version FROM made UNION ALL ` +
      `(${select} AND NOT EXISTS (SELECT FROM made))`,
    update,
    delete: `DELETE FROM ${items} WHERE pk = $1 AND sk = $2 AND version = $3`,
    selectMany: `SELECT item FROM unnest($1::text[], $2::text[]) AS wanted (pk, sk) JOIN ${items} USING (pk, sk)`,
    deleteExpired:
      `DELETE FROM ${items} WHERE (pk, sk) IN (SELECT pk, sk FROM ${items} ` +
      'WHERE ttl < extract(epoch FROM clock_timestamp()) ORDER BY ttl LIMIT $1 FOR UPDATE SKIP LOCKED)',
  };
}

/** Columns of an item beside its key and version: the whole as text, and what indexes are made of. */
export function columnsOf(item: Attributes): readonly (string | null)[] {
  const { ttl, dueShard, dueAt, orderKey, lineKey } = item;
  const numbers = [ttl, dueShard, dueAt].map((value) => value?.N ?? null);
  return [JSON.stringify(item), ...numbers, ...[orderKey, lineKey].map((value) => textOf(value))];
}

function textOf(value: AttributeValue | undefined): string | null {
  return value?.S === undefined ? null : escapeKey(value.S);
}
