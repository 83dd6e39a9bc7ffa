import type { Query } from './connections.ts';
import { TableUnfit } from './errors.ts';
import { readVersion, SCHEMA_VERSION } from './schema.ts';

/** Settings of the database that its promises depend on. */
interface Facts {
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
  readonly synchronous_standby_names: string;
  readonly standbys: number;
  readonly encoding: string;
  readonly lock_timeout: string;
}

const FACTS = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_standby_names') AS synchronous_standby_names,
  (SELECT count(*)::int FROM pg_stat_replication) AS standbys,
  current_setting('server_encoding') AS encoding, current_setting('lock_timeout') AS lock_timeout`;

/**
 * Refuses a table or a database that cannot be relied on.
 * @returns sentences about what is allowed and risky
 * @throws TableUnfit with one sentence
 */
export async function checkDatabase(query: Query, name: string): Promise<readonly string[]> {
  const stored = await readVersion(query, name);
  if (stored === undefined) {
    throw new TableUnfit(`The database has no table "${name}": make it with "koogate table create".`);
  }
  const { version, oldest } = stored;
  if (version < SCHEMA_VERSION) {
    throw new TableUnfit(
      `The table "${name}" has schema version ${version}, and this KooGate needs ${SCHEMA_VERSION}: run "koogate table migrate".`,
    );
  }
  if (oldest > SCHEMA_VERSION) {
    throw new TableUnfit(
      `The table "${name}" has schema version ${version}, which needs a KooGate for version ${oldest} or later; this one is for ${SCHEMA_VERSION}.`,
    );
  }
  const { rows } = await query<Facts & Record<string, unknown>>({ text: FACTS });
  const [facts] = rows;
  if (facts === undefined) throw new TableUnfit('The database did not say how it is set.');
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'] as const) {
    if (facts[setting] === 'off') {
      throw new TableUnfit(
        `The database runs with ${setting} = off: what it has answered may be lost after a crash. Set it to on.`,
      );
    }
  }
  if (facts.encoding !== 'UTF8') {
    throw new TableUnfit(`The database is encoded in ${facts.encoding}: make one with the encoding UTF8.`);
  }
  return warnings(facts);
}

function warnings(facts: Facts): readonly string[] {
  const isLocal = facts.synchronous_commit === 'local' || facts.synchronous_standby_names === '';
  return [
    ...(facts.standbys > 0 && isLocal
      ? ['The standby is not synchronous: after a failover, purchases that were answered may be missing.']
      : []),
    ...(facts.lock_timeout === '0'
      ? ['The role has no lock_timeout: a lock that is held for long ties up connections. See "koogate table create".']
      : []),
  ];
}
