import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { PostgresTable } from '../../../../lib/table/postgres/open.ts';
import { createPortable } from '../../../../scripts/cli/operator/table/portable.ts';
import { scratchIn } from '../../../../scripts/cli/operator/table/scratch.ts';
import { Bench } from '../../../../scripts/cli/operator/table-check/bench.ts';
import { PROBES, tryProbes } from '../../../../scripts/cli/operator/table-check/check.ts';
import { localClient } from '../../../../scripts/dev/engine.ts';
import { startProxy } from '../../../support/dynamodb-proxy.ts';
import { ownPostgres } from '../../../support/postgres.ts';
import { startTable, type TestTable } from '../../../support/table.ts';
import { koogate } from '../../desk.ts';
import { BROKEN } from './broken-engines.ts';

let honest: TestTable;
beforeAll(async () => {
  honest = await startTable('dynoxide');
});
afterAll(() => honest.stop());

const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

test.each(['dynoxide', 'dynalite'] as const)(
  'finds nothing wrong with %s, and leaves nothing there',
  async (name) => {
    const engine = await startTable(name);
    open.push(engine);
    const { code, out } = await koogate(['table', 'check', '--endpoint', engine.engine, '--json']);
    const { passed, findings, table } = JSON.parse(out);
    expect(findings.filter((finding: { passed: boolean }) => !finding.passed)).toEqual([]);
    expect([code, passed]).toEqual([0, true]);
    expect(findings.map(({ id }: { id: string }) => id)).toEqual([...PROBES.map(({ id }) => id), 'ttl']);
    expect((await createPortable(engine.client, table, async () => {})).outcome).toBe('created');
  },
  120_000,
);

test('finds nothing wrong with PostgreSQL, and leaves nothing there', async () => {
  const server = await ownPostgres({ settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } });
  open.push(server);
  const args = ['table', 'check', '--database', server.url, '--table', 'tried', '--json'];
  const { code, out, notes } = await koogate(args, { env: { PGPASSWORD: server.password } });
  expect(notes).toBe('');
  const { passed, findings } = JSON.parse(out);
  expect(findings.filter((finding: { passed: boolean }) => !finding.passed)).toEqual([]);
  expect([code, passed]).toEqual([0, true]);
  expect(findings.map(({ id }: { id: string }) => id)).toEqual([
    ...PROBES.map(({ id }) => id),
    ...['durability', 'version', 'clock'],
  ]);
}, 120_000);

test('names what a PostgreSQL breaks: durability, versions, its clock', async () => {
  const server = await ownPostgres({ settings: { fsync: 'off' } });
  open.push(server);
  const at = { database: server.url, password: async () => server.password, name: 'tried' };
  const scratch = await scratchIn(at, () => Date.now() - 60_000);
  const { connections } = scratch.table as PostgresTable;
  await connections.lend((query) => query({ text: 'ALTER SEQUENCE tried.version MAXVALUE 2 CYCLE' }));
  const bench = new Bench(scratch.table, { run: 'broken', clock: Date.now, sleep: async () => {} });
  const findings = await tryProbes(bench, scratch.probes);
  expect(findings.map(({ id, passed }) => [id, passed])).toEqual([
    ['durability', false],
    ['version', false],
    ['clock', false],
  ]);
  await scratch.remove();
});

test('there is a broken engine for each probe', () => {
  expect(Object.keys(BROKEN).sort()).toEqual(PROBES.map(({ id }) => id).sort());
});

test.each(PROBES.map((probe) => [probe.id, probe] as const))(
  'names an engine that breaks %s',
  async (id, probe) => {
    const proxy = await startProxy(
      honest.engine,
      BROKEN[id]?.() ?? (() => Promise.reject(new Error(`Nothing breaks ${id}.`))),
    );
    open.push(proxy);
    const client = localClient(proxy.url);
    let now = Date.now();
    const sleep = async (milliseconds: number) => {
      now += milliseconds;
    };
    const bench = new Bench({ client, name: honest.table.name }, { run: `broken-${id}`, clock: () => now, sleep });
    const [finding] = await tryProbes(bench, [probe]);
    expect(finding).toMatchObject({ id, passed: false });
    client.destroy();
  },
  60_000,
);
