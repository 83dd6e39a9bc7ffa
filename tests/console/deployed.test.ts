import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { keepOpen } from '../../lib/alarms/state.ts';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { acceptOrderNotice } from '../../lib/instances/accept-order-notice.ts';
import { acceptPurchase } from '../../lib/instances/accept-purchase.ts';
import { acceptRenewal } from '../../lib/instances/accept-renewal.ts';
import { acceptStatus } from '../../lib/instances/accept-status.ts';
import { closeTable } from '../../lib/instances/closing.ts';
import { rememberCustomer } from '../../lib/instances/customer.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { putIf } from '../../lib/instances/write.ts';
import { createSealer } from '../../lib/sealing/sealer.ts';
import { type Secrets, SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import type { Table } from '../../lib/table/table.ts';
import { usageKey, usageShardOf } from '../../lib/usage/keys.ts';
import { createDeployedApi } from '../../scripts/console/deployed/api.ts';
import type { DeployedDependencies } from '../../scripts/console/deployed/dependencies.ts';
import type { Examine } from '../../scripts/console/deployed/doctor.ts';
import { lasting } from '../../scripts/console/deployed/lasting.ts';
import { saidOf } from '../../scripts/console/deployed/problems.ts';
import type { InstanceHistory, ScanLine } from '../../scripts/console/deployed/shapes.ts';
import { Forbidden } from '../../scripts/console/guard.ts';
import { type World, world } from '../fulfilment/world.ts';
import { memoryTable } from '../support/memory-table.ts';
import { namedPair, privatePem, publicPem } from '../support/rsa.ts';

const HMAC = { audit: 'a'.repeat(32), customer: 'c'.repeat(32) };
const pair = namedPair('credentials');
const secrets = {
  sealing: async (_: string, half: string) => [
    { kid: 'k', key: half === 'public' ? publicPem(pair.publicKey) : privatePem(pair.privateKey) },
  ],
} as unknown as Secrets;
const plenty = () => 1_000_000;
let table: Table;
let w: World;

beforeEach(() => {
  table = memoryTable();
  w = world(table);
});

function api(more: Partial<DeployedDependencies> = {}) {
  const made = createDeployedApi({
    table,
    place: 'the table',
    products: w.deps.products,
    writes: true,
    clock: () => w.time.now,
    keys: async () => HMAC,
    recorder: async (why) => (action, subject) => ({
      action,
      by: 'li',
      at: w.time.now,
      key: HMAC.audit,
      ...(subject !== undefined && { subject }),
      ...(why !== undefined && { note: { text: why, seal: async () => 'sealed' } }),
    }),
    secrets: async () => secrets,
    ...more,
  });
  return async <Answer>(path: string, body: object = {}, tell: (line: object) => void = () => {}): Promise<Answer> =>
    (await made.get(path)?.(body, tell)) as Answer;
}

async function buy(orderId: string): Promise<InstanceItem> {
  const call = { product: 'demo', orderId, orderLineId: `${orderId}-000001`, sentAt: 1 };
  return (await acceptPurchase(table, call, w.time.now)).item;
}
const fulfil = (item: InstanceItem) =>
  fulfilItem({ ...w.deps, sealer: createSealer(secrets), hmacKeys: async () => HMAC }, item, plenty);
/** An instance at which a renewal fails and a freeze waits. */
async function stuck(): Promise<InstanceItem> {
  const item = await buy('CS1');
  await fulfil(item);
  w.behaviour.current = () => {
    throw new Error('down');
  };
  const { product, instanceId } = item;
  const order = { orderId: 'R1', orderLineId: 'R1-1', scene: 'RENEWAL', expiresAt: 9e12, sentAt: 2 } as const;
  await acceptRenewal(table, { product, instanceId, ...order }, w.time.now);
  await fulfil(item);
  await acceptStatus(table, { product, instanceId, status: 'FREEZE', sentAt: 3 }, w.time.now);
  return item;
}
const of = ({ product, instanceId }: InstanceItem) => ({ product, instanceId });

describe('finding', () => {
  test('takes orders, lines, instances and customers', async () => {
    const item = await buy('CS1');
    await rememberCustomer(table, HMAC.customer, item, 'who');
    const ask = api();
    for (const id of ['CS1', ' CS1-000001 ', item.instanceId]) {
      expect(await ask('/api/find', { id, isCustomer: false })).toMatchObject({ items: [of(item)] });
    }
    expect(await ask('/api/find', { id: 'who', isCustomer: true, product: 'demo' })).toMatchObject({
      by: 'customer',
      items: [of(item)],
    });
    expect(await ask('/api/find', { id: 'CS9', isCustomer: false })).toEqual({ by: 'nothing', items: [] });
    const without = api({ keys: async () => undefined })('/api/find', { id: 'who', isCustomer: true });
    await expect(without).rejects.toThrow('page.problem.no-customer-key');
  });

  test('a pass over the table filters by state, date, trouble and order', async () => {
    const first = await stuck();
    w.time.now += 1_000;
    await buy('CX2');
    const scan = async (asked: object) => {
      const lines: ScanLine[] = [];
      await api()('/api/scan', asked, (line) => lines.push(line as ScanLine));
      return lines.at(-1);
    };
    expect(await scan({})).toMatchObject({ matched: 2, done: true, items: [{ orderId: 'CX2' }, of(first)] });
    for (const asked of [
      { state: 'ACTIVE', product: 'demo' },
      { until: w.time.now },
      { trouble: 'failing' },
      { order: 'R1' },
    ]) {
      expect(await scan(asked)).toMatchObject({ matched: 1, items: [of(first)] });
    }
    for (const asked of [{ product: 'other' }, { trouble: 'set-aside' }, { state: 'ACTIVE', from: w.time.now }]) {
      expect(await scan(asked)).toMatchObject({ matched: 0 });
    }
  });

  test('a long pass says how far it is, keeps the newest, and ends once nobody listens', async () => {
    await buy('CX1');
    const { Items: [one = {}] = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    let pages = 0;
    const send = async () => {
      pages += 1;
      const Items = Array.from({ length: 100 }, (_, n) => ({ ...one, createdAt: { N: String(pages * 100 + n) } }));
      return { Items, ...(pages < 110 && { LastEvaluatedKey: { pk: { S: 'p' }, sk: { S: 's' } } }) };
    };
    const long = { name: table.name, client: { send } as unknown as Table['client'] };
    const lines: ScanLine[] = [];
    await api({ table: long })('/api/scan', {}, (line) => lines.push(line as ScanLine));
    expect(lines[0]).toEqual({ read: 1_000, matched: 1_000, done: false });
    expect(lines.filter(({ items }) => items !== undefined).map(({ read }) => read)).toEqual([10_000, 11_000]);
    expect(lines.at(-1)?.items).toHaveLength(200);
    expect(lines.at(-1)?.items?.[0]?.createdAt).toBe(11_099);
    const leave = () => {
      throw new Error('nobody listens');
    };
    pages = 0;
    await expect(api({ table: long })('/api/scan', {}, leave)).rejects.toThrow('nobody listens');
    expect(pages).toBe(10);
  });
});

describe('one instance', () => {
  test('is shown with its attempts, what operators did, and whether its chain is valid', async () => {
    const item = await stuck();
    const ask = api();
    await ask('/api/act', { ...of(item), action: 'set-aside', isNotice: false, why: 'waits' });
    const history = await ask<InstanceHistory>('/api/history', of(item));
    expect(history).toMatchObject({ chain: 'valid', hasCredentials: true, usage: [], summary: { setAside: 1 } });
    expect(history.events.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['done', 'accepted', 'acted', 'next']),
    );
    expect(history.events).toContainEqual({ at: w.time.now, what: 'acted', action: 'set-aside', by: 'li' });
    expect(JSON.stringify(history)).not.toMatch(/waits|eyJ|first-pass/);
    const unknown = await api({ keys: async () => undefined })<InstanceHistory>('/api/history', of(item));
    expect(unknown.chain).toBe('unknown');
    await expect(ask('/api/history', { product: 'demo', instanceId: 'nobody' })).rejects.toThrow('no-instance');
  });

  test('a purchase says until when it is tried; its notice stands beside it', async () => {
    const item = await buy('CS1');
    await acceptOrderNotice(
      table,
      { product: 'demo', orderId: 'CS1', orderLineId: 'CS1-000001', sentAt: 1 },
      w.time.now,
    );
    const { closesAt, notice } = await api()<InstanceHistory>('/api/history', of(item));
    expect(closesAt).toBe(w.time.now + (w.deps.products.get('demo')?.provisionWindow ?? 0));
    expect(notice).toMatchObject({ orderId: 'CS1', orderLineId: 'CS1-000001', waiting: 1 });
  });
});

test('the picture has the words of open alarms; what fails is told by itself too', async () => {
  const item = await stuck();
  await keepOpen(table, { rule: 'change-failing', group: 'demo', openedAt: w.time.now });
  const failing = [expect.objectContaining({ id: item.instanceId, kind: 'renew', reason: 'Error: down' })];
  expect(await api()('/api/overview')).toMatchObject({
    failing,
    alarms: [{ title: { en: expect.any(String), zh: expect.any(String) }, group: 'demo' }],
    products: [{ product: 'demo', waiting: 1, delisting: { failedOrders: 0 } }],
  });
  expect(await api()('/api/failing')).toEqual(failing);
});

describe('acting', () => {
  test('is refused unless the console was started to', async () => {
    const item = await stuck();
    const ask = api({ writes: false });
    for (const [path, body] of [
      ['/api/act', { action: 'retry', isNotice: false }],
      ['/api/usage', { action: 'reject', name: `${item.instanceId}#x` }],
      ['/api/credentials', {}],
    ] as const) {
      await expect(ask(path, { ...of(item), ...body })).rejects.toBeInstanceOf(Forbidden);
    }
    expect((await ask<InstanceHistory>('/api/history', of(item))).summary).toMatchObject({ waiting: 2, setAside: 0 });
  });

  test('is refused while the table is moved', async () => {
    const item = await stuck();
    await closeTable(table, w.time.now);
    const act = api()('/api/act', { ...of(item), action: 'retry', isNotice: false });
    await expect(act).rejects.toThrow('page.problem.closed');
  });

  test('retries, queues again and sets aside, each with an entry of the history', async () => {
    const item = await stuck();
    const ask = api();
    const act = (action: string, isNotice = false) => ask('/api/act', { ...of(item), action, isNotice });
    expect(await act('requeue')).toEqual({ outcome: 'nothing', count: 0, isChained: true });
    expect(await act('set-aside')).toMatchObject({ outcome: 'aside', count: 1 });
    expect(await act('retry')).toMatchObject({ outcome: 'queued', count: 1 });
    expect(await act('retry')).toMatchObject({ outcome: 'nothing' });
    await expect(act('retry', true)).rejects.toThrow('no-instance');
    const { events, chain } = await ask<InstanceHistory>('/api/history', of(item));
    const done = events.flatMap((event) => (event.what === 'acted' ? [event.action] : []));
    expect([chain, done]).toEqual(['valid', ['set-aside', 'retry']]);
  });

  test('a notice is given to the seller again once it has been set aside or waits', async () => {
    const item = await buy('CS1');
    const notice = { product: 'demo', orderId: 'CS1', orderLineId: 'CS1-000001', sentAt: 1 };
    await acceptOrderNotice(table, notice, w.time.now);
    w.behaviour.current = () => {
      throw new Error('down');
    };
    await fulfilItem(w.deps, keys.orderLine('demo', 'CS1', 'CS1-000001'), plenty);
    const acted = await api()('/api/act', { ...of(item), action: 'retry', isNotice: true });
    expect(acted).toMatchObject({ outcome: 'woken' });
    expect(await api()('/api/act', { ...of(item), action: 'set-aside', isNotice: false })).toMatchObject({
      outcome: 'purchase',
      count: 0,
    });
  });

  test('login data are opened on request, and the history says so', async () => {
    const item = await stuck();
    const ask = api();
    expect(await ask('/api/credentials', { ...of(item), why: 'the customer asked' })).toMatchObject({
      userName: 'owner',
      password: 'first-pass',
    });
    const { events } = await ask<InstanceHistory>('/api/history', of(item));
    expect(events).toContainEqual(expect.objectContaining({ action: 'credentials', by: 'li' }));
    const pending = await buy('CS2');
    await expect(ask('/api/credentials', of(pending))).rejects.toThrow('no-credentials');
  });

  test('usage is set aside and made due again, each with an entry of the history of its instance', async () => {
    const item = await buy('CS1');
    const end = Math.floor(w.time.now / 3_600_000) * 3_600_000;
    const at = usageKey('demo', item.instanceId, { begin: end - 3_600_000, end });
    const record = { state: 'due', value: '7', revision: 0, dueShard: usageShardOf(at), dueAt: 1, storedAt: 1 };
    await putIf(table, { ...at, ...record } as never, { condition: 'attribute_not_exists(#pk)', values: {} });
    const ask = api();
    const [line] = (await ask<InstanceHistory>('/api/history', of(item))).usage;
    const settle = (action: string) => ask('/api/usage', { ...of(item), action, name: line?.name });
    expect(await settle('reject')).toEqual({ outcome: 'usage-reject', count: 1, isChained: true });
    expect(await settle('reject')).toMatchObject({ outcome: 'nothing' });
    await expect(settle('requeue')).rejects.toThrow('page.problem.usage-refused');
    const { events, usage, chain } = await ask<InstanceHistory>('/api/history', of(item));
    expect([chain, usage[0]?.state]).toEqual(['valid', 'rejected']);
    expect(events).toContainEqual(expect.objectContaining({ action: 'usage reject', subject: line?.name }));
  });

  test('usage is named by its instance alone', async () => {
    const item = await buy('CS1');
    const settle = (name: string) => api()('/api/usage', { ...of(item), action: 'reject', name });
    await expect(settle('other#2026-01-01T00:00:00Z#2026-01-01T01:00:00Z')).rejects.toThrow('no-instance');
    await expect(settle(`${item.instanceId}#never`)).rejects.toThrow('no-instance');
  });
});

test('usage that waits is listed with its instance', async () => {
  const period = { begin: Date.parse('2026-01-01T00:00:00Z'), end: Date.parse('2026-01-01T01:00:00Z') };
  const at = usageKey('demo', 'i-1', period);
  const record = {
    state: 'due',
    value: '7',
    revision: 0,
    code: 'busy',
    reason: 'later',
    dueShard: usageShardOf(at),
    dueAt: 1,
  };
  await putIf(table, { ...at, ...record } as never, { condition: 'attribute_not_exists(#pk)', values: {} });
  expect(await api()('/api/waiting-usage')).toEqual([
    expect.objectContaining({
      product: 'demo',
      instanceId: 'i-1',
      value: '7',
      state: 'due',
      reason: 'busy: later',
      ...period,
    }),
  ]);
});

test('an examination is told step by step, in both languages', async () => {
  const lines: object[] = [];
  const hear = (line: object) => lines.push(line);
  const examine: Examine = async ({ onStep, onFinding }) => {
    onStep?.('table', 0, 1);
    onFinding?.({ check: 'table', state: 'todo', name: 'failed', values: { cause: 'no' } });
    onStep?.('', 1, 1);
  };
  await api({ examine })('/api/doctor', {}, hear);
  expect(lines).toEqual([
    { step: { en: 'table', zh: '数据表' }, done: 0, total: 1 },
    { found: expect.objectContaining({ state: 'todo', check: { en: 'table', zh: '数据表' } }) },
    { step: { en: '', zh: '' }, done: 1, total: 1 },
  ]);
  await expect(api()('/api/doctor', {}, hear)).rejects.toThrow('page.problem.no-stage');
});

test('what the cloud, the table or the secrets refuse becomes a sentence; a defect stays one', () => {
  const named = (name: string, more: object = {}) => Object.assign(new Error('no'), { name, ...more });
  expect(saidOf(named('CredentialsProviderError'))).toMatchObject({ id: 'page.problem.aws-credentials' });
  expect(saidOf(named('AccessDenied', { $metadata: {} }))).toMatchObject({ id: 'page.problem.aws' });
  expect(saidOf(new SecretsUnavailable('no key'))).toMatchObject({ id: 'page.problem.said' });
  const defect = new Error('oops');
  expect(saidOf(defect)).toBe(defect);
});

test('what was read is kept; what was not there is looked for again after a while, a failure at once', async () => {
  let now = 0;
  const answers: (() => Promise<string | undefined>)[] = [
    () => Promise.reject(new Error('down')),
    async () => undefined,
    async () => 'there',
  ];
  const read = lasting(
    () => answers.shift()?.() ?? Promise.resolve('none'),
    () => now,
    10,
  );
  await expect(read()).rejects.toThrow('down');
  expect([await read(), await read()]).toEqual([undefined, undefined]);
  now = 10;
  expect([await read(), await read()]).toEqual(['there', 'there']);
});
