import { readAddress } from '../../../../lib/table/postgres/address.ts';
import { openConnections, type Query } from '../../../../lib/table/postgres/connections.ts';
import {
  createRoleStatements,
  ensureRoles,
  grantAgain,
  grantStatements,
  ROLE_KINDS,
} from '../../../../lib/table/postgres/roles.ts';
import { MIGRATIONS, migrate, readVersion, SCHEMA_VERSION } from '../../../../lib/table/postgres/schema.ts';
import { schemaName } from '../../../../lib/table/postgres/statements.ts';
import { readSettings } from '../../../dev/local/settings.ts';
import { readProject } from '../../../dev/local/system.ts';
import { COMMON, readArguments } from '../../terminal/arguments.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { type DatabaseTable, databaseOf } from '../database.ts';
import { createAt } from './create-at.ts';

const OPTIONS = {
  ...COMMON,
  stage: { type: 'string' },
  database: { type: 'string' },
  table: { type: 'string' },
} as const;

/** Milliseconds that a migration may take: it may rewrite a table. */
const MIGRATION_TIMEOUT_MS = 3_600_000;

/**
 * Creates the table in a database and the users that reach it, as far as they are missing. It may run twice, and on two
 * machines at once.
 */
export async function createTable(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, {
    ...OPTIONS,
    endpoint: { type: 'string' },
    print: { type: 'boolean' },
  });
  if (positionals.length > 0) throw new Problem('problem.table-words', { given: positionals.join(' ') });
  if (values.endpoint !== undefined) return createAt(values.endpoint, values, terminal);
  const at = await databaseTable(values, terminal);
  const { say, out } = terminal;
  if (values.print) {
    out(statementsOf(at.name));
    return EXIT.good;
  }
  let made: readonly string[] = [];
  const versions = await withConnection(at, (query) =>
    migrate(query, at.name, {
      also: async () => {
        made = await ensureRoles(query, at.name);
      },
    }),
  );
  if (values.json)
    out(JSON.stringify({ table: at.name, version: SCHEMA_VERSION, migrated: versions, roles: made }, null, 2));
  else {
    out(say(versions.length > 0 ? 'table.created' : 'table.there', { table: at.name, version: SCHEMA_VERSION }));
    for (const role of made) out(say('table.role', { role }));
  }
  return EXIT.good;
}

/** Brings an existing table to the newest version of its schema. It may run twice, and on two machines at once. */
export async function migrateTable(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (positionals.length > 0) throw new Problem('problem.table-words', { given: positionals.join(' ') });
  const at = await databaseTable(values, terminal);
  const { say, out } = terminal;
  const versions = await withConnection(at, async (query) => {
    if ((await readVersion(query, at.name)) === undefined) {
      throw new Problem('problem.no-table', { table: at.name }, EXIT.found);
    }
    return migrate(query, at.name, { also: () => grantAgain(query, at.name) });
  });
  if (values.json) out(JSON.stringify({ table: at.name, version: SCHEMA_VERSION, migrated: versions }, null, 2));
  else {
    const id = versions.length > 0 ? 'table.migrated' : 'table.newest';
    out(say(id, { table: at.name, version: SCHEMA_VERSION }));
  }
  return EXIT.good;
}

async function databaseTable(
  values: {
    readonly database?: string | undefined;
    readonly stage?: string | undefined;
    readonly table?: string | undefined;
  },
  terminal: Terminal,
): Promise<DatabaseTable> {
  const settings = readSettings(terminal.env);
  const { config } = await readProject(settings);
  const at = databaseOf(values, { config, settings, terminal });
  if (at === undefined) throw new Problem('problem.table-where');
  return at;
}

async function withConnection<Result>(
  { database, password }: DatabaseTable,
  use: (query: Query) => Promise<Result>,
): Promise<Result> {
  const connections = openConnections(readAddress(database), { password, max: 1 });
  try {
    return await connections.lend(use, { timeoutMs: MIGRATION_TIMEOUT_MS });
  } finally {
    await connections.close();
  }
}

/** Everything that `create` runs on an empty database, for whoever wants to read or run it by hand. */
function statementsOf(name: string): string {
  const schema = schemaName(name);
  const { version, oldest } = MIGRATIONS.at(-1) ?? { version: 0, oldest: 0 };
  return [
    'BEGIN',
    `CREATE SCHEMA ${schema}`,
    `CREATE TABLE ${schema}.schema (version integer NOT NULL, oldest integer NOT NULL)`,
    ...MIGRATIONS.flatMap(({ statements }) => statements(schema)),
    `INSERT INTO ${schema}.schema VALUES (${version}, ${oldest})`,
    ...ROLE_KINDS.flatMap((kind) => [...createRoleStatements(name, kind), ...grantStatements(name, kind)]),
    'COMMIT',
  ]
    .map((text) => `${text};`)
    .join('\n');
}
