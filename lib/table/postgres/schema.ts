import type { Query } from './connections.ts';
import { schemaName } from './statements.ts';
import { transaction } from './write.ts';

/*
 * A table lies in a schema of its own, named like the table. Its version says what it looks like; a KooGate runs on its
 * own version and on the next one: a migration first adds what the new version needs (expand), and only the migration
 * after it takes away what the old one needed (contract). `oldest` is the oldest version whose KooGate still runs on it.
 */

/** Version of the schema that this code is written for. */
export const SCHEMA_VERSION = 2;

/** A step to a version. */
export interface Migration {
  readonly version: number;
  /** Oldest version whose code still runs on the result. */
  readonly oldest: number;
  statements(schema: string): readonly string[];
}

/**
 * All steps so far. Rows are rewritten a few times and then rest: pages keep room for the next image, and are cleaned
 * and counted early.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    oldest: 1,
    statements: (schema) => [
      `CREATE SEQUENCE ${schema}.version`,
      `CREATE TABLE ${schema}.items (
        pk text COLLATE "C" NOT NULL,
        sk text COLLATE "C" NOT NULL,
        version bigint NOT NULL,
        item text NOT NULL,
        ttl numeric,
        due_shard numeric,
        due_at numeric,
        PRIMARY KEY (pk, sk)
      ) WITH (
        fillfactor = 70,
        autovacuum_vacuum_scale_factor = 0.02,
        autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_scale_factor = 0.05,
        autovacuum_analyze_scale_factor = 0.05
      )`,
      `CREATE INDEX due ON ${schema}.items (due_shard, due_at, pk, sk) WHERE due_at IS NOT NULL`,
      `CREATE INDEX ttl ON ${schema}.items (ttl) WHERE ttl IS NOT NULL`,
    ],
  },
  {
    version: 2,
    oldest: 1, // a server of before leaves the columns empty, as it does the attributes
    statements: (schema) => [
      `ALTER TABLE ${schema}.items ADD COLUMN order_key text COLLATE "C", ADD COLUMN line_key text COLLATE "C"`,
      `CREATE INDEX orders ON ${schema}.items (order_key, line_key) WHERE order_key IS NOT NULL`,
    ],
  },
];

/** A schema's version as it is stored. */
export interface SchemaVersion {
  readonly version: number;
  readonly oldest: number;
}

/** Reads a schema's version; undefined if there is no table of this name. */
export async function readVersion(query: Query, name: string): Promise<SchemaVersion | undefined> {
  const schema = schemaName(name);
  const { rows: there } = await query<{ found: string | null }>({
    text: 'SELECT to_regclass($1)::text AS found',
    values: [`${schema}.schema`],
  });
  if (there[0]?.found == null) return undefined;
  const { rows } = await query<{ version: number; oldest: number }>({
    text: `SELECT version, oldest FROM ${schema}.schema`,
  });
  return rows[0];
}

export interface MigrateOptions {
  readonly migrations?: readonly Migration[];
  /** Runs in the same transaction, with the table at its newest version. */
  readonly also?: (query: Query) => Promise<unknown>;
}

/**
 * Creates the table, or brings it to the newest version; one process after the other, whoever else does so too.
 * @returns versions that were added, none if there was nothing to do
 */
export function migrate(
  query: Query,
  name: string,
  { migrations = MIGRATIONS, also = async () => {} }: MigrateOptions = {},
): Promise<readonly number[]> {
  const schema = schemaName(name);
  return transaction(query, async () => {
    await query({ text: 'SET LOCAL lock_timeout = 0' }); // the other process may take a while
    await query({ text: 'SET LOCAL statement_timeout = 0' });
    await query({ text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', values: [`koogate ${name}`] });
    const before = await readVersion(query, name);
    if (before === undefined) {
      await query({ text: `CREATE SCHEMA IF NOT EXISTS ${schema}` });
      await query({ text: `CREATE TABLE ${schema}.schema (version integer NOT NULL, oldest integer NOT NULL)` });
      await query({ text: `INSERT INTO ${schema}.schema VALUES (0, 0)` });
    }
    const missing = migrations.filter(({ version }) => version > (before?.version ?? 0));
    for (const { version, oldest, statements } of missing) {
      for (const text of statements(schema)) await query({ text });
      await query({ text: `UPDATE ${schema}.schema SET version = $1, oldest = $2`, values: [version, oldest] });
    }
    await also(query);
    return missing.map(({ version }) => version);
  });
}
