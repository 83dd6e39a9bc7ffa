import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createObservations } from '../../../lib/alarms/observations.ts';
import { fulfilItem } from '../../../lib/fulfilment/fulfil-item.ts';
import { acceptPurchase } from '../../../lib/instances/accept-purchase.ts';
import { acceptRelease } from '../../../lib/instances/accept-release.ts';
import { acceptRenewal } from '../../../lib/instances/accept-renewal.ts';
import { acceptStatus } from '../../../lib/instances/accept-status.ts';
import { keys } from '../../../lib/instances/keys.ts';
import { updateIf } from '../../../lib/instances/write.ts';
import { fingerprintOf } from '../../../lib/secrets/fingerprint.ts';
import type { Table } from '../../../lib/table/table.ts';
import { createTable, localClient, startDynoxide } from '../../../scripts/dev/engine.ts';
import { TABLE } from '../../../scripts/dev/local/settings.ts';
import { type World, world } from '../../fulfilment/world.ts';
import { secretsFile } from '../../secrets/fixture.ts';
import { temporaryFolder } from '../../support/command.ts';
import { listen } from '../../support/listen.ts';
import { operate } from './operate.ts';

const folder = temporaryFolder();
const HMAC = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
const plenty = () => 1_000_000;
let good = '';
let stuck = '';

async function onTable<Result>(use: (table: Table, w: World) => Promise<Result>): Promise<Result> {
  const engine = await startDynoxide({ dbPath: join(folder.path, 'dynamo.db') });
  const client = localClient(engine.endpoint);
  const table = { client, name: TABLE };
  try {
    return await use(table, world(table));
  } finally {
    client.destroy();
    await engine.stop();
  }
}

const run = (...args: readonly string[]) => operate(args, { KOOGATE_DATA: folder.path });
const json = async (...args: readonly string[]) => {
  const { output } = await run(...args, '--json');
  return JSON.parse(output.slice(output.indexOf('{')));
};

beforeAll(async () => {
  writeFileSync(join(folder.path, 'secrets.json'), JSON.stringify({ ...secretsFile(), hmac: HMAC }));
  await onTable(async (table, w) => {
    await createTable(table.client as Parameters<typeof createTable>[0], TABLE);
    const deps = { ...w.deps, hmacKeys: async () => HMAC };
    const buy = async (orderId: string) => {
      const call = { product: 'demo', orderId, orderLineId: `${orderId}-000001`, sentAt: 1 };
      const { instanceId } = await acceptPurchase(table, call, w.time.now);
      await fulfilItem(deps, keys.instance('demo', instanceId), plenty);
      return instanceId;
    };
    good = await buy('CS100000001');
    stuck = await buy('CS100000002');
    w.behaviour.current = () => {
      throw new Error('call 13800000000');
    };
    const order = { orderId: 'CS100000003', orderLineId: 'CS100000003-000001', scene: 'RENEWAL' } as const;
    await acceptRenewal(
      table,
      { product: 'demo', instanceId: stuck, ...order, expiresAt: 9e12, sentAt: 2 },
      w.time.now,
    );
    await fulfilItem(deps, keys.instance('demo', stuck), plenty);
    await acceptStatus(table, { product: 'demo', instanceId: stuck, status: 'FREEZE', sentAt: 3 }, w.time.now);
    const counts = createObservations(table, () => Date.now());
    const key = `base_0_${fingerprintOf(secretsFile().products.demo?.accessKeys.base?.[0] ?? '')}`;
    counts.count({ product: 'demo', proven: { isTest: true, resultCode: '000003', key, milliseconds: 700 } });
    counts.count({ product: 'demo', unproven: 'other' });
    await counts.flush();
  });
});
afterAll(folder.remove);

test('an instance is found by each id that a person may have', async () => {
  for (const id of [good, 'CS100000001', 'CS100000001-000001']) {
    expect(await json('find', id)).toMatchObject({ found: [{ instanceId: good, state: 'ACTIVE' }] });
  }
  expect((await json('find', '--customer', 'c')).found).toHaveLength(2);
  const { code, output } = await run('find', 'CS100000001');
  expect([code, output]).toEqual([0, expect.stringMatching(/active +active/)]);
});

test('an order of a renewal is found by looking through the table; an unknown one is not found', async () => {
  expect((await run('find', 'CS100000003')).code).toBe(1);
  expect(await json('find', 'CS100000003', '--scan')).toMatchObject({ by: 'scan', found: [{ instanceId: stuck }] });
  expect((await run('find', 'CS9', '--scan')).code).toBe(1);
  expect((await run('find')).code).toBe(2);
});

test('an instance is shown with its history, which is verified', async () => {
  const shown = await json('show', 'CS100000001');
  expect(shown).toMatchObject({ chain: 'valid', history: [{ kind: 'provision', outcome: 'done', n: 1 }] });
  const { output } = await run('show', stuck);
  expect(output).toContain('chain valid');
  expect(output).toContain('renewal');
  expect((await run('show', 'CS9')).code).toBe(1);
});

test('the status names what fails, with the masked reason, and ends with 1', async () => {
  const { code, output } = await run('status', '--all');
  expect(code).toBe(1);
  expect(output).toContain(stuck);
  expect(output).not.toContain('13800000000');
  expect(await json('status')).toMatchObject({ failing: [{ id: stuck, kind: 'renew', attempts: 1 }] });
});

test('the status tells how near trouble is, in both languages', async () => {
  const { output } = await run('status');
  for (const text of [
    'at least 0 of 5',
    '1 of 5',
    ' 000003\n',
    '000003×1',
    '≤1000 ms 1',
    'newest',
    'No alarm is open',
    'DNS',
  ]) {
    expect(output).toContain(text);
  }
  const chinese = await operate(['status'], { KOOGATE_DATA: folder.path, LANG: 'zh_CN.UTF-8' });
  expect(chinese.output).toContain('至少 0/5');
  const [product] = (await json('status')).products;
  expect(product).toMatchObject({
    delisting: { failedOrders: 0, failedDays: 1 },
    lastDialTest: { resultCode: '000003' },
  });
  expect(product.calls).toHaveLength(24);
});

test('what an instance is stuck at is set aside, queued again and made due, each with an entry in its chain', async () => {
  const aside = await run('set-aside', 'CS100000002', '--as', 'li', '--why', 'the customer waits');
  expect([aside.code, aside.output]).toEqual([0, expect.stringContaining('set aside: renewal')]);
  expect((await run('requeue', 'CS100000002', '--as', 'wang')).output).toContain('queued again: renew');
  expect((await run('requeue', stuck)).output).toContain('nothing had been set aside');
  await onTable(async (table) => {
    const waits = { condition: 'attribute_exists(#dueShard)', values: { far: Date.now() + 1e9, one: 1 } };
    await updateIf(table, keys.instance('demo', stuck), 'SET #dueAt = :far, #attempts = :one', waits);
  });
  expect((await run('retry', stuck)).output).toContain('due at once');
  const { history, chain } = await json('show', stuck);
  expect(history.map(({ action }: { action?: string }) => action).filter(Boolean)).toEqual([
    'set-aside',
    'requeue',
    'retry',
  ]);
  expect(history).toContainEqual(expect.objectContaining({ action: 'set-aside', by: 'li' }));
  expect(JSON.stringify(history)).not.toContain('waits');
  expect(chain).toBe('valid');
  expect((await run('set-aside', good)).code).toBe(1);
});

test('histories verify until one entry is altered', async () => {
  const { code, output } = await run('audit', 'verify');
  expect([code, output]).toEqual([0, expect.stringContaining('Every history is whole.')]);
  const { root, until } = await json('audit', 'verify');
  expect((await run('audit', 'verify', '--until', until, '--root', root)).code).toBe(0);
  expect((await run('audit', 'verify', '--until', until, '--root', '00')).code).toBe(1);
  expect((await run('audit', 'verify', '--root', root)).code).toBe(2);
  expect((await run('audit', 'verify', '--until', 'soon')).code).toBe(2);
  expect((await run('audit')).code).toBe(2);
});

test('instances are exported for spreadsheets and for programs', async () => {
  const csv = (await run('export', '--state', 'ACTIVE')).output.split('\r\n');
  expect(csv[0]).toMatch(/^\uFEFFproduct,instanceId,/);
  expect(csv).toHaveLength(3);
  const file = join(folder.path, 'all.jsonl');
  expect((await run('export', '--format', 'jsonl', '--out', file, '--product', 'demo')).code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).orderId).sort()).toEqual(['CS100000001', 'CS100000002']);
  expect((await run('export', '--out', file)).code).toBe(1);
});

test('an export of the console is compared with the table', async () => {
  const file = join(folder.path, 'orders.csv');
  writeFileSync(file, '订单号,商品\nCS100000001,a\nCS100000003,a\nCS100000009,a\n');
  expect(await json('import', file, '--orders')).toMatchObject({
    orders: 3,
    unknown: ['CS100000009'],
    unlisted: [{ orderId: 'CS100000002' }],
  });
  const { code, output } = await run('import', file, '--orders');
  expect([code, output]).toEqual([1, expect.stringContaining('CS100000009')]);
  writeFileSync(file, '订单号\nCS100000001\nCS100000002\nCS100000003\n');
  expect((await run('import', file, '--orders')).code).toBe(0);
  expect((await run('import', file, '--orders', '--column', 'nr')).code).toBe(2);
  expect((await run('import', join(folder.path, 'none.csv'), '--orders')).code).toBe(2);
});

test('the report for the support names times and reasons, and no person', async () => {
  const file = join(folder.path, 'report.json');
  expect((await run('report', 'CS100000002', '--out', file)).code).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ summary: { orderId: 'CS100000002' } });
  for (const hidden of ['13800000000', '"by"', 'first-pass', 'mac']) expect(text).not.toContain(hidden);
});

test('a customer is erased once nothing of theirs is sold any more, and only when told', async () => {
  const sold = await run('erase', '--customer', 'c', '--yes');
  expect([sold.code, sold.output]).toEqual([1, expect.stringContaining('still sold')]);
  expect((await run('erase')).code).toBe(2);
  expect((await run('erase', '--customer', 'nobody')).code).toBe(1);
  await onTable(async (table, w) => {
    const deps = { ...w.deps, hmacKeys: async () => HMAC };
    w.time.now = Date.now() + 2e9;
    for (const instanceId of [good, stuck]) {
      await acceptRelease(table, { product: 'demo', instanceId, sentAt: 9 }, w.time.now);
      await fulfilItem(deps, keys.instance('demo', instanceId), plenty);
    }
  });
  expect((await run('erase', '--customer', 'c')).output).toContain('Say --yes');
  const told: unknown[] = [];
  const answers = [500, 200];
  const server = await listen((_, body, response) => {
    told.push(JSON.parse(body));
    response.writeHead(answers.shift() ?? 200).end('{}');
  });
  try {
    const env = { KOOGATE_DATA: folder.path, KOOGATE_SELLER_URL: server.url };
    const refused = await operate(['erase', '--customer', 'c', '--yes'], env);
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('HTTP 500')]);
    expect((await json('find', '--customer', 'c')).found).toHaveLength(2); // nothing is gone
    const { output } = await operate(['erase', '--customer', 'c', '--yes', '--json'], env);
    expect(JSON.parse(output.slice(output.indexOf('{')))).toMatchObject({ erased: true, told: ['demo'], untold: [] });
  } finally {
    await server.close();
  }
  const ids = expect.arrayContaining([good, stuck]);
  expect(told[1]).toMatchObject({ event: 'erase', product: 'demo', customerId: 'c', instanceIds: ids });
  expect((await run('erase', '--customer', 'c', '--yes')).code).toBe(1);
  expect((await run('audit', 'verify')).code).toBe(0);
});

test('the keys are shown by fingerprints', async () => {
  const { output } = await run('keys', 'status');
  expect(output).toContain('newest');
  const { access, sealing } = await json('keys', 'status');
  expect(access[0].fingerprint).toMatch(/^[0-9a-f]{12}$/);
  expect(access[0].lastAt).toBeGreaterThan(0);
  expect(sealing).toContainEqual(expect.objectContaining({ kind: 'personal', use: 'seals' }));
});

test('whoever is on duty gets what the commands need on AWS', async () => {
  expect((await run('policy', 'operator', '--read')).code).toBe(2);
  expect((await run('policy', 'operator', '--stage', 'nowhere', '--read')).code).toBe(2);
});

test.each([
  'find',
  'show',
  'status',
  'set-aside',
  'requeue',
  'audit',
  'export',
  'report',
  'policy',
  'erase',
  'keys status',
])('%s says how it is used', async (name) => {
  const { code, output } = await run(...name.split(' '), '--help');
  expect([code, output]).toEqual([0, expect.stringContaining(`koogate ${name}`)]);
});
