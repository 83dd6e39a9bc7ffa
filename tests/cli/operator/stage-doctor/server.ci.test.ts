import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defineConfig } from '../../../../lib/config/config.ts';
import { resolveStage } from '../../../../lib/config/stage.ts';
import type { PostgresTable } from '../../../../lib/table/postgres/open.ts';
import type { Place } from '../../../../scripts/cli/operator/place.ts';
import type { CheckName } from '../../../../scripts/cli/operator/stage-doctor/finding.ts';
import { runDoctor } from '../../../../scripts/cli/operator/stage-doctor/run.ts';
import { readSettings } from '../../../../scripts/dev/local/settings.ts';
import { secretsFile } from '../../../secrets/fixture.ts';
import { temporaryFolder } from '../../../support/command.ts';
import { KEYS } from '../../../support/installation.ts';
import { newTable, type Reached, sharedPostgres } from '../../../support/postgres.ts';
import { PRODUCTS, terminalOf, troubles } from './world.ts';

const folder = temporaryFolder();
const file = join(folder.path, 'secrets.json');
let reached: Reached;
let table: PostgresTable;
/** A mail server that lets everybody in, or nobody. */
const mail = { refuses: false, lines: [] as string[] };
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.write(mail.refuses ? '554 not you\r\n' : '220 here\r\n');
  createInterface({ input: socket }).on('line', (line) => {
    mail.lines.push(line);
    socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
  });
});

beforeAll(async () => {
  reached = await sharedPostgres();
  table = await newTable(reached);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
}, 60_000);
afterAll(async () => {
  await table.close();
  server.close();
  folder.remove();
});

function place(name = table.name, clock?: () => number): Place {
  const prod = { host: 'server', region: 'cn-north-4', receivers: ['ops'], table: name } as const;
  const config = defineConfig({ service: 'shop', products: PRODUCTS, stages: { prod } });
  const env = { KOOGATE_SECRETS: file, KOOGATE_DATA: folder.path, KOOGATE_CONFIG: file, PGPASSWORD: reached.password };
  const terminal = terminalOf(env, clock);
  const stage = resolveStage(config, 'prod');
  return { settings: readSettings(env), config, stage, isNamed: true, table: name, database: reached.url, terminal };
}

function keep(more: object = {}): void {
  const { sealing, ...rest } = secretsFile();
  const [kit] = sealing?.personal ?? [];
  const content = {
    ...{ ...rest, sealing: { ...sealing, kit: [kit] } },
    products: {
      crm: { accessKeys: KEYS, kitPrivateKey: secretsFile().marketplace?.privateKey },
      codes: { accessKeys: { license: KEYS.license } },
    },
    hmac: { audit: 'a'.repeat(32), customer: 'c'.repeat(32) },
    receivers: { ops: 'ops@example.com' },
    mail: { host: '127.0.0.1', port: Object(server.address()).port, from: 'koogate@example.com' },
    ...more,
  };
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
}

const look = async (only: readonly CheckName[], at?: Place) => runDoctor(at ?? place(), { only });
const INSIDE = ['secrets', 'keys', 'table', 'account', 'receivers'] as const;

test('a sound server has nothing to do inside, and its mail server is greeted and sent nothing', async () => {
  keep();
  const { findings, isFine } = await look(INSIDE);
  expect(troubles(findings)).toEqual([]);
  expect(isFine).toBe(true);
  expect(findings.map(({ name }) => name)).toEqual(expect.arrayContaining(['schema', 'clock-right', 'mail']));
  expect(mail.lines.filter((line) => /^(MAIL|RCPT|DATA)/.test(line))).toEqual([]);
});

test('whose machine it is, and its address, could not be told', async () => {
  const { findings } = await look(['settings', 'address']);
  expect(troubles(findings)).toEqual([
    'advice settings.no-heartbeat',
    'todo address.unset',
    'unknown settings.hosting',
  ]);
});

test.each<[string, CheckName, object, string[]]>([
  ['a receiver without an address', 'secrets', { receivers: {} }, ['todo secrets.gone']],
  ['no mail server', 'secrets', { mail: undefined }, ['todo secrets.gone']],
  ['a mail server without a port', 'secrets', { mail: { host: 'm', from: 'a@b.c' } }, ['todo secrets.unfit']],
  ['no hmac', 'secrets', { hmac: undefined }, ['advice secrets.no-hmac']],
])('%s', async (_, check, more, expected) => {
  keep(more);
  expect(troubles((await look([check])).findings)).toEqual(expected);
});

test('a mail server that refuses is named with the cause', async () => {
  keep();
  mail.refuses = true;
  const { findings } = await look(['receivers']);
  expect(troubles(findings)).toEqual(['todo receivers.mail-refused']);
  mail.refuses = false;
});

test('a table that is not there, and a database out of reach', async () => {
  keep();
  expect(troubles((await look(['table'], place('nothing-here'))).findings)).toEqual(['todo table.unfit']);
  const at = place();
  const gone = await look(['table'], { ...at, database: 'postgres://koogate@127.0.0.1:1/koogate' });
  expect([troubles(gone.findings), gone.isFine]).toEqual([['todo table.failed'], false]);
});

test('a clock that is off', async () => {
  const { findings } = await look(
    ['table'],
    place(table.name, () => Date.now() + 20_000),
  );
  expect(troubles(findings)).toEqual(['advice table.clock']);
});
