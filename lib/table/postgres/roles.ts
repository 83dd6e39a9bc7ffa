import type { Query } from './connections.ts';
import { schemaName } from './statements.ts';

/*
 * Three users of the database, named after the table: `<table>_server` serves calls and fulfils, `<table>_read` is for
 * operators who look, `<table>_act` for operators who repair. They are made without a password, so none can sign in
 * before somebody sets one. Time-outs lie on the users: they hold behind a pool of connections too.
 */

/** Kinds of users. */
export type RoleKind = 'server' | 'read' | 'act';

interface RoleRules {
  /** Rights on the items. */
  readonly items: string;
  readonly writes: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

const USUAL = { default_transaction_isolation: 'read committed', idle_in_transaction_session_timeout: '5s' } as const;

const ROLES: Readonly<Record<RoleKind, RoleRules>> = {
  server: {
    items: 'SELECT, INSERT, UPDATE, DELETE',
    writes: true,
    settings: { ...USUAL, lock_timeout: '1s', statement_timeout: '2s', client_connection_check_interval: '1s' },
  },
  read: { items: 'SELECT', writes: false, settings: { ...USUAL, statement_timeout: '30s', lock_timeout: '1s' } },
  act: {
    items: 'SELECT, INSERT, UPDATE',
    writes: true,
    settings: { ...USUAL, statement_timeout: '30s', lock_timeout: '1s' },
  },
};

/** Kinds of users in the order in which they are made. */
export const ROLE_KINDS = Object.keys(ROLES) as readonly RoleKind[];

/** Name of a user of the table. */
export function roleName(table: string, kind: RoleKind): string {
  return `${table}_${kind}`;
}

/** Spells out what makes a user, but for its rights. */
export function createRoleStatements(table: string, kind: RoleKind): readonly string[] {
  const role = schemaName(roleName(table, kind), MAX_ROLE_LENGTH);
  const settings = Object.entries(ROLES[kind].settings);
  return [
    `CREATE ROLE ${role} LOGIN`,
    ...settings.map(([name, value]) => `ALTER ROLE ${role} SET ${name} = '${value}'`),
  ];
}

/** Spells out the rights of a user on the table as it is now. */
export function grantStatements(table: string, kind: RoleKind): readonly string[] {
  const role = schemaName(roleName(table, kind), MAX_ROLE_LENGTH);
  const schema = schemaName(table);
  const { items, writes } = ROLES[kind];
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
    `GRANT SELECT ON ${schema}.schema TO ${role}`,
    `GRANT ${items} ON ${schema}.items TO ${role}`,
    ...(writes ? [`GRANT USAGE ON SEQUENCE ${schema}.version TO ${role}`] : []),
  ];
}

/** PostgreSQL cuts longer names. */
const MAX_ROLE_LENGTH = 63;

/** Makes the users that are missing, and gives all of them their rights. @returns names of those that were made */
export async function ensureRoles(query: Query, table: string): Promise<readonly string[]> {
  const present = await presentRoles(query, table);
  const made: string[] = [];
  for (const kind of ROLE_KINDS) {
    if (!present.has(kind)) {
      for (const text of createRoleStatements(table, kind)) await query({ text });
      made.push(roleName(table, kind));
    }
    for (const text of grantStatements(table, kind)) await query({ text });
  }
  return made;
}

/** Gives the users that exist their rights on what a migration has made. */
export async function grantAgain(query: Query, table: string): Promise<void> {
  for (const kind of await presentRoles(query, table)) {
    for (const text of grantStatements(table, kind)) await query({ text });
  }
}

async function presentRoles(query: Query, table: string): Promise<ReadonlySet<RoleKind>> {
  const names = ROLE_KINDS.map((kind) => roleName(table, kind));
  const { rows } = await query<{ rolname: string }>({
    text: 'SELECT rolname FROM pg_roles WHERE rolname = ANY($1::text[])',
    values: [names],
  });
  const found = new Set(rows.map(({ rolname }) => rolname));
  return new Set(ROLE_KINDS.filter((kind) => found.has(roleName(table, kind))));
}
