import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MIGRATIONS, readVersion, SCHEMA_VERSION } from '../../../lib/table/postgres/schema.ts';
import { type Reached, reach, sharedPostgres } from '../../support/postgres.ts';
import { operate } from './operate.ts';

let server: Reached;
let env: Readonly<Record<string, string>>;
const name = `cli-${process.pid}-${Date.now().toString(36)}`;

beforeAll(async () => {
  server = await sharedPostgres();
  env = { PGPASSWORD: server.password };
});
afterAll(async () => {
  const table = reach(server, name);
  await table.connections.lend((query) =>
    query({
      text: `DROP SCHEMA "${name}" CASCADE; DROP ROLE "${name}_server"; DROP ROLE "${name}_read"; DROP ROLE "${name}_act"`,
    }),
  );
  await table.close();
});

const table = (action: string, ...more: readonly string[]) =>
  operate(['table', action, '--database', server.url, '--table', name, ...more], env);

test('nothing to migrate is said before there is a table', async () => {
  const { code, output } = await table('migrate');
  expect([code, output]).toEqual([
    1,
    `koogate: The database has no table "${name}": make it with "koogate table create".`,
  ]);
});

test('two machines create the table and its users at once, and a third time nothing is left to do', async () => {
  const both = await Promise.all([table('create', '--json'), table('create', '--json')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const made = both.map(({ output }) => JSON.parse(output) as { migrated: number[]; roles: string[] });
  expect(made.flatMap(({ migrated }) => migrated)).toEqual(MIGRATIONS.map(({ version }) => version));
  expect(made.flatMap(({ roles }) => roles)).toEqual(['server', 'read', 'act'].map((kind) => `${name}_${kind}`));
  const { code, output } = await table('create');
  expect([code, output]).toEqual([0, `The table "${name}" was there already, at schema version ${SCHEMA_VERSION}.`]);
  expect((await table('migrate')).output).toBe(`The table "${name}" has schema version ${SCHEMA_VERSION} already.`);
  const own = reach(server, name);
  expect(await own.connections.lend((query) => readVersion(query, name))).toEqual({
    version: SCHEMA_VERSION,
    oldest: MIGRATIONS.at(-1)?.oldest,
  });
  await own.close();
});

test('the users may do what they are for, and no more', async () => {
  const admin = reach(server, name);
  const tries: Record<string, readonly string[]> = {
    read: ['SELECT * FROM', 'DELETE FROM', 'UPDATE'],
    act: ['SELECT * FROM', 'DELETE FROM', 'UPDATE'],
    server: ['SELECT * FROM', 'DELETE FROM', 'UPDATE'],
  };
  const may: Record<string, boolean[]> = {};
  for (const [kind, statements] of Object.entries(tries)) {
    const { rows } = await admin.connections.lend((query) =>
      query<Record<string, boolean>>({
        text: `SELECT has_table_privilege($1, $2, 'SELECT') AS "SELECT * FROM",
          has_table_privilege($1, $2, 'DELETE') AS "DELETE FROM", has_table_privilege($1, $2, 'UPDATE') AS "UPDATE"`,
        values: [`${name}_${kind}`, `"${name}".items`],
      }),
    );
    may[kind] = statements.map((statement) => rows[0]?.[statement] === true);
  }
  await admin.close();
  expect(may).toEqual({ read: [true, false, false], act: [true, false, true], server: [true, true, true] });
});

test('the statements can be read instead of run', async () => {
  const { code, output } = await table('create', '--print');
  expect(code).toBe(0);
  expect(output).toContain(`CREATE TABLE "${name}".items`);
  expect(output).toContain(`GRANT SELECT ON "${name}".items TO "${name}_read"`);
});

test.each([
  [[], 'What is to be done with the table? Expected one of create, migrate'],
  [['create'], 'Which database?'],
  [['create', '--database', 'postgres://u@127.0.0.1/x'], 'Which table?'],
  [['create', '--database', 'postgres://u:geheim@127.0.0.1/x', '--table', 'x'], 'must not hold its password'],
  [['create', '--database', 'postgres://u@127.0.0.1:1/x', '--table', 'x'], 'The database gave no connection'],
])('what is missing or wrong is said: %j', async (args, sentence) => {
  const { code, output } = await operate(['table', ...args], env);
  expect(code).toBeGreaterThan(0);
  expect(output).toContain(sentence);
  expect(output).not.toContain('geheim');
});
