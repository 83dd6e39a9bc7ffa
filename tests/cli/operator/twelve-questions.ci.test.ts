import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createProduce } from '../../../handlers/create-produce.ts';
import { createAlarms } from '../../../lib/alarms/alarms.ts';
import { createObservations } from '../../../lib/alarms/observations.ts';
import type { Product } from '../../../lib/config/products.ts';
import type { Seller } from '../../../lib/seller/contract.ts';
import { reportUsage } from '../../../lib/usage/store.ts';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { recordingLog } from '../../middleware/support.ts';
import { secretsFile } from '../../secrets/fixture.ts';
import { makeCertificate } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/command.ts';
import { type Installation, KEYS, startInstallation } from '../../support/installation.ts';
import { lambdaContext, routeEvent } from '../../support/route.ts';
import { operate } from './operate.ts';
import { number, type Raw, rawTable, text } from './raw-table.ts';

/*
 * The twelve questions of a person on duty (docs/operate.md). The table is filled by playing the marketplace; each answer of a
 * command is compared with what the raw items say, read by code that knows nothing of lib/.
 */

const HOUR_MS = 3_600_000;
const HMAC = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
const folder = temporaryFolder();
const start = Date.now() - 30 * HOUR_MS;
/** Orders whose provisioning fails, with what the seller says. */
const broken = new Map<string, string>();
let installation: Installation;
let front: ReturnType<typeof createServer>;
let certificate: string;
const instances = new Map<string, string>();

const table = () => rawTable(installation.engine.client, installation.tools.table.name);
const raw = () => table().all();
const rawInstances = () => table().instances();
const ofOrder = (order: string) => table().ofOrder(order);

// ---- the marketplace, and what stands behind the table ------------------------------------------------------------------

const seller: Seller = {
  provision: async ({ order }) => {
    const reason = broken.get(order.orderId);
    if (reason !== undefined) throw new Error(reason);
    return { access: { frontEndUrl: 'https://tenant.example.com', userName: 'li', password: 'first-pass' } };
  },
  renew: async () => undefined,
  freeze: async () => undefined,
  unfreeze: async () => undefined,
  upgrade: async () => undefined,
  release: async () => undefined,
};

/** Sends a signed call, counted as the deployed route does. */
async function call(message: Record<string, unknown>, at: number, key = KEYS.base[0] ?? '', product = 'crm') {
  installation.time.now = at;
  const observations = createObservations(installation.tools.table, () => at);
  const produce = createProduce({ ...installation.tools, observations });
  const event = routeEvent(key, message, { now: at, product });
  const answer = (await produce(event, lambdaContext)) as APIGatewayProxyStructuredResultV2;
  await observations.flush();
  return JSON.parse(answer.body ?? '{}');
}

async function buy(orderId: string, at: number, key?: string, more: Record<string, unknown> = {}, product = 'crm') {
  const message = {
    activity: 'newInstance',
    orderId,
    orderLineId: `${orderId}-000001`,
    businessId: `b-${orderId}`,
    ...more,
  };
  const { instanceId } = await call(message, at, key, product);
  instances.set(orderId, instanceId);
  return String(instanceId);
}

const alarms = () =>
  createAlarms({
    table: installation.tools.table,
    products: [{ id: 'crm', onSale: true }],
    receivers: [{ name: 'ops', send: async () => {} }],
    from: 'shop prod',
    owner: 'test',
    observations: createObservations(installation.tools.table, () => installation.time.now),
    log: recordingLog(),
    clock: () => installation.time.now,
  });

beforeAll(async () => {
  const settings = { crm: { seller }, metered: { seller, onDemand: true } };
  installation = await startInstallation(settings, {
    queryOrder: async (orderId, orderLineId = `${orderId}-000001`) => ({
      ...{ orderId, orderType: 'NEW', createdAt: new Date(start), extendParams: [] },
      line: {
        ...{ orderLineId, chargingMode: orderId.startsWith('OD') ? 'ON_DEMAND' : 'PERIOD' },
        ...{ expiresAt: new Date(start + 400 * 24 * HOUR_MS), periodType: 'year', periodNumber: 1 },
        products: [{ productId: 'p', skuCode: 's', linearValue: 1, productName: 'CRM' }],
      },
      buyer: {
        customerId: `customer-of-${orderId}`,
        customerName: '',
        mobilePhone: '13800000000',
        email: 'b@example.com',
      },
    }),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  writeFileSync(
    join(folder.path, 'koogate.config.ts'),
    `import { defineConfig } from ${JSON.stringify(join(ROOT, 'lib/config/config.ts'))};
import { demoSeller } from ${JSON.stringify(join(ROOT, 'scripts/dev/samples/demo.ts'))};
export default defineConfig({
  service: 'shop',
  products: { crm: { seller: demoSeller }, metered: { seller: demoSeller, onDemand: true } },
  stages: { prod: { purpose: 'demonstration', host: 'server' } },
});
`,
  );
  const accessKeys = { accessKeys: KEYS };
  const file = { ...secretsFile(), products: { crm: accessKeys, metered: accessKeys }, hmac: HMAC };
  writeFileSync(join(folder.path, 'secrets.json'), JSON.stringify(file), { mode: 0o600 });
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_DYNAMODB: installation.engine.engine, AWS_REGION: 'local' },
    ...{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
  });

  // A month in small: what went well, what was signed with the older key, what fails for good, what fails just now.
  const now = Date.now();
  await buy('CS100', start, KEYS.base[1]);
  await installation.sweep();
  await buy('CS101', start + HOUR_MS);
  await installation.sweep();
  await buy('OD103', start + 10 * HOUR_MS, undefined, { productId: 'p' }, 'metered');
  await installation.sweep();
  broken.set('CS102', 'the licence server is gone');
  await buy('CS102', now - 5 * HOUR_MS);
  await installation.sweep();
  installation.time.now = now - HOUR_MS; // its window has closed
  await installation.sweep();
  broken.set('CS104', 'no answer from https://crm.example.com');
  await buy('CS104', now - 40 * 60_000);
  for (const minutes of [40, 30, 1]) {
    installation.time.now = now - minutes * 60_000;
    await installation.sweep();
    await alarms().look();
  }
  installation.time.now = now;

  const own = makeCertificate(folder.path, 'front', undefined, 40);
  certificate = own.certificate;
  front = createServer({ key: readFileSync(own.key), cert: readFileSync(own.certificate) }, (_, response) =>
    response.end(),
  );
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', () => resolve()));
}, 60_000);

afterAll(async () => {
  front.close();
  await installation.stop();
  folder.remove();
});

const run = (...args: readonly string[]) =>
  operate([...args, '--table', installation.tools.table.name], {
    KOOGATE_CONFIG: join(folder.path, 'koogate.config.ts'),
    KOOGATE_SECRETS: join(folder.path, 'secrets.json'),
    KOOGATE_DATA: folder.path,
  });
const json = async (...args: readonly string[]) => {
  const { output } = await run(...args, '--json');
  return JSON.parse(output.slice(output.search(/[[{]/), output.search(/[\]}][^\]}]*$/) + 1));
};

// ---- the questions ------------------------------------------------------------------------------------------------------

test('1. where is order X', async () => {
  const item = await ofOrder('CS101');
  expect((await json('find', 'CS101')).found).toEqual([
    expect.objectContaining({ instanceId: text(item, 'instanceId'), state: text(item, 'state'), orderId: 'CS101' }),
  ]);
  expect(text(item, 'state')).toBe('ACTIVE');
});

test('2. why did it fail', async () => {
  const item = await ofOrder('CS104');
  const { summary } = await json('show', 'CS104');
  expect(summary.lastError).toBe(text(item, 'lastError'));
  expect(summary.lastError).toContain('no answer from https://crm.example.com');
});

test('3. what happens next', async () => {
  const item = await ofOrder('CS104');
  const [head] = item?.pending?.L ?? [];
  const closesAt = Number(head?.M?.acceptedAt?.N) + 3 * HOUR_MS; // the window that the products have
  expect((await json('status')).failing).toEqual([
    expect.objectContaining({
      orderId: 'CS104',
      nextAt: number(item, 'dueAt'),
      attempts: number(item, 'attempts'),
      closesAt,
    }),
  ]);
});

test('4. who was told', async () => {
  const told = (await raw())
    .filter((item) => text(item, 'pk') === 'ALARM' && item.openedAt !== undefined)
    .map((item) => [text(item, 'rule'), Object.keys(item.told?.M ?? {}).sort()]);
  const { alarms: open } = await json('status');
  const said = open.map(({ rule, told: names }: { rule: string; told: object }) => [rule, Object.keys(names).sort()]);
  expect(said.sort()).toEqual(told.sort());
  expect(JSON.stringify(said)).toContain('ops');
});

test('6. which customers are affected', async () => {
  const affected = (await rawInstances())
    .filter(
      (item) =>
        item.lastError !== undefined ||
        text(item, 'state') === 'FAILED' ||
        Object.keys(item.failed?.M ?? {}).length > 0,
    )
    .map((item) => text(item, 'orderId'));
  const { output } = await run('export', '--affected', '--json');
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.map((line) => JSON.parse(line).orderId).sort()).toEqual(affected.sort());
  expect(affected).toEqual(['CS102', 'CS104']);
});

test('7. how near is delisting', async () => {
  const { products } = await json('status');
  const [crm] = products;
  const lost = (await rawInstances())
    .filter((item) => text(item, 'state') === 'FAILED')
    .map((item) => text(item, 'orderId'));
  const failed = (await raw()).filter(
    (item) =>
      text(item, 'outcome') === 'failed' &&
      lost.includes(text(item, 'orderId')) &&
      number(item, 'endedAt') >= crm.delisting.month,
  );
  expect(crm.delisting).toMatchObject({ failedOrders: failed.length, mostFailedOrders: 5, failedDays: 0 });
});

test('8. is the old key still used', async () => {
  const fingerprint = (key = '') => createHash('sha256').update(key).digest('hex').slice(0, 12);
  const lastAt = async (key = '') => {
    const ending = `_${fingerprint(key)}`;
    const times = (await raw())
      .filter((item) => text(item, 'pk') === 'OBSERVED#crm')
      .flatMap((item) =>
        Object.keys(item)
          .filter((name) => name.startsWith('t_key_base_') && name.endsWith(ending))
          .map((name) => number(item, name)),
      );
    return Math.max(...times);
  };
  const { access } = await json('keys', 'status');
  const [newest, older] = access.filter(
    (one: { product: string; keyClass: string }) => one.product === 'crm' && one.keyClass === 'base',
  );
  expect(newest).toMatchObject({ fingerprint: fingerprint(KEYS.base[0]), lastAt: await lastAt(KEYS.base[0]) });
  expect(older).toMatchObject({ fingerprint: fingerprint(KEYS.base[1]), lastAt: await lastAt(KEYS.base[1]) });
  const hours = (await raw())
    .filter((item) => text(item, 'pk') === 'OBSERVED#crm' && JSON.stringify(item).includes(fingerprint(KEYS.base[0])))
    .map((item) => Number(text(item, 'sk')?.replace('HOUR#', '')));
  const alone = Math.max(Math.min(...hours) * HOUR_MS, older.lastAt); // since then the newest has verified alone
  expect(older.removableSince).toBe(alone + 24 * HOUR_MS);
});

test('9. did yesterday’s usage go out', async () => {
  const products = installation.products as ReadonlyMap<string, Product>;
  const instanceId = instances.get('OD103') ?? '';
  const end = Math.floor((start + 13 * HOUR_MS) / HOUR_MS) * HOUR_MS;
  const reports = [end - 2 * HOUR_MS, end - HOUR_MS].map((begin, index) => ({
    ...{ product: 'metered', instanceId, value: index + 1, id: `r-${index}` },
    ...{ begin: new Date(begin).toISOString(), end: new Date(begin + HOUR_MS).toISOString() },
  }));
  for (const report of reports) {
    const { outcome } = await reportUsage(
      { table: installation.tools.table, products, clock: () => Date.now() },
      report,
    );
    expect(outcome).toBe('stored');
  }
  const [first] = (await raw()).filter((item) => text(item, 'pk')?.startsWith('USAGE#'));
  const { dueShard: _, dueAt: __, ...rest } = first ?? {};
  await table().put({ ...rest, state: { S: 'accepted' } });

  const day = new Date(end - 2 * HOUR_MS + 8 * HOUR_MS).toISOString().slice(0, 10);
  const stored = (await raw())
    .filter((item) => text(item, 'pk')?.startsWith('USAGE#') && item.state !== undefined)
    .filter((item) => dayInBeijing(text(item, 'sk') ?? '') === day)
    .map((item) => [text(item, 'reportId'), text(item, 'state')]);
  const { code, output } = await run('usage', 'list', '--day', day, '--json');
  const listed = JSON.parse(output).map(({ reportId, state }: { reportId: string; state: string }) => [
    reportId,
    state,
  ]);
  expect(listed.sort()).toEqual(stored.sort());
  expect(code).toBe(stored.some(([, state]) => state !== 'accepted') ? 1 : 0);
  expect(JSON.parse((await run('usage', 'list', '--day', '2020-01-01', '--json')).output)).toEqual([]);
  expect((await run('usage', 'list', '--day', 'yesterday')).code).toBe(2);
});

/** Day in Beijing on which a period begins, of a key such as `…20260131T080000Z#…`. */
function dayInBeijing(key: string): string {
  const [, year, month, day, hour] = /(\d{4})(\d\d)(\d\d)T(\d\d)/.exec(key) ?? [];
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour) + 8)).toISOString().slice(0, 10);
}

test('10. when does the certificate end', async () => {
  const { stdout } = spawnSync('openssl', ['x509', '-noout', '-enddate', '-in', certificate], { encoding: 'utf8' });
  const end = new Date(stdout.replace('notAfter=', '')).toISOString().slice(0, 10);
  const at = `https://localhost:${Object(front.address()).port}`;
  const { findings } = await json('doctor', '--stage', 'prod', '--only', 'address', '--at', at);
  expect(findings).toContainEqual(
    expect.objectContaining({ name: 'certificate', values: expect.objectContaining({ end, days: 39 }) }),
  );
});

test('5. retry it', async () => {
  broken.delete('CS104');
  const waiting = await ofOrder('CS104');
  const later = { ...waiting, dueAt: { N: String(Date.now() + HOUR_MS) } }; // the next attempt is far
  await table().put(later);
  const { code } = await run('retry', 'CS104', '--as', 'li');
  expect(code).toBe(0);
  expect(number(await ofOrder('CS104'), 'dueAt')).toBeLessThanOrEqual(Date.now());
  installation.time.now = Date.now() + 1_000;
  await installation.sweep();
  expect(text(await ofOrder('CS104'), 'state')).toBe('ACTIVE');
});

test('12. prove what happened', async () => {
  const { chain, history } = await json('show', 'CS104');
  const item = await ofOrder('CS104');
  const entries = (await raw()).filter(
    (one) => text(one, 'pk') !== undefined && text(one, 'sk')?.startsWith('AUDIT') && belongs(one, item),
  );
  expect([chain, history.length]).toEqual(['valid', entries.length]);
  expect(history).toContainEqual(expect.objectContaining({ action: 'retry', by: 'li' }));
  expect((await run('audit', 'verify')).code).toBe(0);
  const [entry] = entries.filter((one) => text(one, 'action') === 'retry');
  const forged = { ...entry, by: { S: 'wang' } };
  const { put } = table();
  await put(forged);
  const { code, output } = await run('audit', 'verify');
  expect([code, output]).toEqual([1, expect.stringContaining(text(item, 'instanceId') ?? '-')]);
  await put({ ...entry });
});

function belongs(entry: Raw, item: Raw | undefined): boolean {
  return JSON.stringify(entry).includes(text(item, 'instanceId') ?? '-');
}

test('11. erase customer Y', async () => {
  const customer = 'customer-of-CS100';
  expect((await run('erase', '--customer', customer, '--yes')).code).toBe(1); // still sold
  await call({ activity: 'releaseInstance', instanceId: instances.get('CS100') }, Date.now());
  installation.time.now = Date.now() + 2_000;
  await installation.sweep();
  const before = (await raw()).filter((item) => text(item, 'pk')?.includes('CUSTOMER')).length;
  const erased = await json('erase', '--customer', customer, '--yes');
  expect(erased).toMatchObject({ erased: true, instances: 1 });
  const after = await raw();
  expect(JSON.stringify(after)).not.toContain(customer);
  expect(after.filter((item) => text(item, 'pk')?.includes('CUSTOMER'))).toHaveLength(before - 1);
  const item = await ofOrder('CS100');
  expect([item?.buyer, item?.access, item?.personal]).toEqual([undefined, undefined, undefined]);
  expect((await run('find', '--customer', customer)).code).toBe(1);
  expect((await run('audit', 'verify')).code).toBe(0);
});
