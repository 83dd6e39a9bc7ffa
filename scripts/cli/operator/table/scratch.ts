import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from '../../../../lib/table/postgres/connections.ts';
import { openPostgres, type PostgresTable } from '../../../../lib/table/postgres/open.ts';
import { migrate, readVersion } from '../../../../lib/table/postgres/schema.ts';
import { schemaName } from '../../../../lib/table/postgres/statements.ts';
import type { OpenTable, Table } from '../../../../lib/table/table.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import type { DatabaseTable } from '../database.ts';
import { Broken, same } from '../table-check/bench.ts';
import { type Probe, probe } from '../table-check/probe.ts';
import { clientAt } from './endpoint.ts';
import { createPortable, removeTable } from './portable.ts';

/** Milliseconds by which an engine's clock may differ: a server takes no changes beyond it. */
const CLOCK_TOLERANCE_MS = 5_000;

/** A table made for the probes alone. */
export interface Scratch {
  readonly table: Table;
  /** Address of the engine, without user and password. */
  readonly engine: string;
  /** Probes of the engine itself, beside those of its table. */
  readonly probes: readonly Probe[];
  remove(): Promise<void>;
}

/** Makes the scratch table on an engine with DynamoDB's interface. @throws Problem if a table of that name is there */
export async function scratchAt(endpoint: string, name: string, env: Terminal['env']): Promise<Scratch> {
  const client = clientAt(endpoint, env);
  const { outcome, expires } = await createPortable(client, name, sleep);
  if (outcome === 'exists') throw new Problem('problem.scratch-exists', { table: name }, EXIT.found);
  return {
    table: { client, name },
    engine: endpoint,
    probes: [{ id: 'ttl', try: async () => (expires ? undefined : { remark: 'table-check.no-ttl' }) }],
    remove: async () => {
      await removeTable(client, name, sleep);
      client.destroy();
    },
  };
}

/** Makes the scratch table in a PostgreSQL database. @throws Problem if a table of that name is there */
export async function scratchIn(
  { database, password, name }: DatabaseTable,
  clock: Terminal['clock'],
): Promise<Scratch> {
  const warnings: string[] = [];
  const table = openPostgres({ database, password, name, connections: 10, warn: (text) => warnings.push(text) });
  const lend = <Result>(use: (query: Query) => Promise<Result>) => table.connections.lend(use, { timeoutMs: 60_000 });
  const isThere = await lend((query) => readVersion(query, name));
  if (isThere !== undefined) throw new Problem('problem.scratch-exists', { table: name }, EXIT.found);
  await lend((query) => migrate(query, name));
  const { host } = new URL(database);
  return {
    table,
    engine: host,
    probes: [durability(table, warnings), versions(table), clocks(table, clock)],
    remove: async () => {
      await lend((query) => query({ text: `DROP SCHEMA ${schemaName(name)} CASCADE` }));
      await table.close();
    },
  };
}

function durability(table: OpenTable, warnings: readonly string[]): Probe {
  return {
    id: 'durability',
    try: async () => {
      await table.check();
      return { warnings };
    },
  };
}

function versions({ connections, name }: PostgresTable): Probe {
  return probe('version', async (bench) => {
    const key = bench.key();
    const seen: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await bench.put({ ...key, round });
      const text = `SELECT version FROM ${schemaName(name)}.items WHERE pk = $1 AND sk = $2`;
      const { rows } = await connections.lend((query) =>
        query<{ version: string }>({ text, values: [key.pk, key.sk] }),
      );
      seen.push(Number(rows[0]?.version));
      await bench.delete(key);
    }
    same(
      'versions of one key, deleted in between',
      [...new Set(seen)].sort((a, b) => a - b),
      seen,
    );
  });
}

function clocks(table: OpenTable, clock: Terminal['clock']): Probe {
  return {
    id: 'clock',
    try: async () => {
      const before = clock();
      const there = await table.now();
      const aheadMs = Math.round(there - (before + clock()) / 2);
      if (Math.abs(aheadMs) > CLOCK_TOLERANCE_MS) {
        throw new Broken('clock', `at most ${CLOCK_TOLERANCE_MS} ms off`, `${aheadMs} ms`);
      }
      return { figures: { aheadMs } };
    },
  };
}

/** A name that no other table has. */
export function scratchName(): string {
  return `koogate-check-${randomBytes(6).toString('hex')}`;
}
