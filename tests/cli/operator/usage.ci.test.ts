import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asTable } from '../../../scripts/cli/operator/usage/table-text.ts';
import { createTable } from '../../../scripts/dev/engine.ts';
import { TABLE } from '../../../scripts/dev/local/settings.ts';
import { ensureLocalSecrets } from '../../../scripts/dev/local-secrets.ts';
import { type StandIn, startStandIn } from '../../../scripts/marketplace/stand-in/server.ts';
import { temporaryFolder } from '../../support/command.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { instanceOf, opened } from '../../usage/world.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
let running: TestTable;
let table: TestTable['table'];
let standIn: StandIn;
let env: Record<string, string>;

beforeAll(async () => {
  running = await startTable();
  await createTable(running.client, TABLE);
  table = { ...running.table, name: TABLE };
  const secrets = await ensureLocalSecrets(
    join(folder.path, 'secrets.json'),
    [{ id: 'demo', families: ['saas-v2'] }],
    false,
  );
  const accessKey = secrets.products.demo?.accessKeys.base?.[0] ?? '';
  standIn = await startStandIn({ keys: secrets.marketplace, accessKey });
  env = {
    KOOGATE_DATA: folder.path,
    KOOGATE_OPENAPI_URL: standIn.url,
    AWS_ENDPOINT_URL_DYNAMODB: running.engine,
  };
});
afterAll(async () => {
  await standIn.stop();
  await running.stop();
  folder.remove();
});

const usage = (...args: string[]) => operate(['usage', ...args], env);
const hour = (ago: number) => `${new Date(Date.now() - ago * 3_600_000).toISOString().slice(0, 13)}:00Z`;

describe('npm run usage', () => {
  test('reports, lists and pushes usage, and shows tables that a person can read', async () => {
    const instanceId = await opened(table, { createdAt: 0 });
    const times = ['--begin', hour(2), '--end', hour(1)];
    const reported = await usage('report', instanceId, ...times, '--value', '12.5', '--id', 'mine');
    expect(reported.output).toMatch(/^instance +id +outcome +metering number or reason$/m);
    expect(reported.output).toMatch(new RegExp(`^${instanceId} +mine +stored +[0-9a-f]{32}$`, 'm'));
    const again = await usage('report', instanceId, ...times, '--value', '13', '--id', 'mine');
    expect(again.code).toBe(1);
    expect(again.output).toContain(
      'conflict: this period of the instance has been reported already with 12.5 (id mine)',
    );

    expect((await usage('list')).output).toMatch(new RegExp(`^${instanceId} .* 12\\.5 +due +mine`, 'm'));
    const pushed = await usage('push');
    expect(pushed).toMatchObject({ code: 0, output: expect.stringMatching(/^accepted +1$/m) });
    expect([...standIn.usage.charged.values()]).toMatchObject([{ instance_id: instanceId, usage_value: '12.5' }]);
    expect((await usage('list')).output).toContain('There is no usage that is due');
    const listed = await usage('list', instanceId);
    expect(listed.output).toMatch(/12\.5 +accepted +mine/);
    expect(listed.output).toContain('total 12.5, up to ');
    expect(JSON.parse((await usage('list', '--all', '--json')).output)).toMatchObject([{ state: 'accepted' }]);
  }, 60_000);

  test('takes a file of reports, shaped as for the queue', async () => {
    const instanceId = await opened(table, { createdAt: 0 });
    const file = join(folder.path, 'reports.json');
    const report = { product: 'demo', instanceId, begin: hour(4), end: hour(3), value: 2, id: 'a' };
    writeFileSync(file, JSON.stringify([report, { ...report, value: 0 }]));
    const { code, output } = await usage('report', '--file', file);
    expect(code).toBe(1);
    expect(output).toMatch(/a +stored/);
    expect(output).toMatch(/a +refused +bad-value: value is 0/);
  }, 60_000);

  test('sets a record aside and makes it due again, by the key that the list shows', async () => {
    const instanceId = await opened(table, { createdAt: 0 });
    await usage('report', instanceId, '--begin', hour(6), '--end', hour(5), '--value', '3', '--id', 'c');
    const listed = (await usage('list', instanceId)).output;
    const key = listed.match(new RegExp(`${instanceId}#\\d{8}T\\d{6}Z#\\d{8}T\\d{6}Z`))?.[0] ?? '';
    const rejected = await usage('reject', key, '--reason', 'a test run');
    expect(rejected).toMatchObject({ code: 0, output: expect.stringContaining('is rejected') });
    expect((await usage('list', instanceId)).output).toMatch(/3 +rejected +c .*by-hand: a test run/);
    expect((await usage('reject', key)).code).toBe(1);
    expect(await usage('requeue', key)).toMatchObject({ code: 0, output: expect.stringContaining('is due now') });
    const unknown = await usage('requeue', key.replace(instanceId, 'nobody'));
    expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('There is no record nobody#') });
  }, 60_000);

  test('pushes a test record for the debugging case, and stores nothing', async () => {
    const { code, output } = await usage('push', '--test', 'od-of-the-console');
    expect(code).toBe(0);
    expect(output).toMatch(/^od-of-the-console .* accepted$/m);
    expect([...standIn.usage.charged.values()].map(({ instance_id }) => instance_id)).toContain('od-of-the-console');
    expect((await usage('list', 'od-of-the-console')).output).toContain('There is no usage of od-of-the-console');
  }, 60_000);

  test.each([
    [[], 'koogate usage with one of report, list, push, reject, requeue'],
    [['list', '--product', 'other'], 'There is no product "other"'],
    [['report', '--file', '/nowhere.json'], 'cannot be read as JSON'],
    [['report', 'od-1', '--begin', '2025-09-01T08:00Z'], 'A report needs an instance, --begin, --end and --value'],
    [['reject', 'od-1'], 'Expected the key of a record'],
    [['list', '--nonsense'], '--nonsense'],
  ])('%j is a usage error', async (args, sentence) => {
    const { code, output } = await usage(...args);
    expect(code).toBe(2);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/\n\s+at /);
  });
});

describe('npm run reconcile', () => {
  test('shows what differs, writes it as JSON, and repairs it when asked to', async () => {
    const instanceId = await opened(table, { orderId: 'CS9RENEW', chargingMode: undefined });
    const file = join(folder.path, 'drift.json');
    const shown = await operate(['reconcile', '--json', file], env);
    expect(shown.code).toBe(0);
    expect(shown.output).toMatch(
      new RegExp(`^demo +${instanceId} +expiry-unknown +unknown +\\d{4}-\\d\\d-\\d\\d`, 'm'),
    );
    const { drifts } = JSON.parse(readFileSync(file, 'utf8')) as { drifts: { instanceId: string; kind: string }[] };
    const kinds = drifts.filter((drift) => drift.instanceId === instanceId).map(({ kind }) => kind);
    expect(kinds).toEqual(['expiry-unknown', 'charging-unknown']);
    const repaired = await operate(['reconcile', '--repair'], env);
    expect(repaired.output).toMatch(/repaired$/m);
    expect(await instanceOf(table, instanceId)).toMatchObject({
      chargingMode: 'PERIOD',
      expiresAt: expect.any(Number),
    });
  }, 60_000);
});

test('a table is as wide as it needs to be, numbers to the right', () => {
  const rows = [
    ['a', '1.5'],
    ['long name', '10'],
  ];
  expect(asTable(['name', 'n'], rows)).toBe(
    ['name         n', '─────────  ───', 'a          1.5', 'long name   10'].join('\n'),
  );
});
