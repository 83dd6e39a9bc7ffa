import { type AttributeValue, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, expect, test } from '@jest/globals';
import { createAlarms } from '../../lib/alarms/alarms.ts';
import { createObservations } from '../../lib/alarms/observations.ts';
import { defineConfig } from '../../lib/config/config.ts';
import { closeTable, openTable } from '../../lib/instances/closing.ts';
import { importInstance } from '../../lib/instances/import.ts';
import { giveBackLease, takeLease } from '../../lib/instances/job-lease.ts';
import { ProductsMissing, registerProducts } from '../../lib/instances/registry.ts';
import { keepDigest, readDigest } from '../../lib/operations/digest/state.ts';
import { reseal } from '../../lib/operations/reseal.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import { reconcile } from '../../lib/reconcile/reconcile.ts';
import type { Order } from '../../lib/seller/contract.ts';
import { ITEM_TYPE } from '../../lib/table/item-type.ts';
import { readDepartments } from '../../lib/tenants/read-departments.ts';
import { usageKey } from '../../lib/usage/keys.ts';
import { reportUsage } from '../../lib/usage/store.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { demoLicenseSeller } from '../../scripts/dev/samples/demo-licenses.ts';
import { stored } from '../instances/support.ts';
import { type Installation, KEYS, order, type Received, startInstallation } from '../support/installation.ts';
import { encryptSecret, kitSender, kitTime } from '../support/kit.ts';
import { listening } from '../tenants/support.ts';
import { HOUR, plenty, putWritten, report, usageWorld } from '../usage/world.ts';

const BASE_KEY = KEYS.base[0] ?? '';
const GENERAL_KEY = KEYS.general[0] ?? '';
const LICENSE_KEY = KEYS.license[0] ?? '';

let installation: Installation;
afterEach(() => installation.stop());

type Item = Readonly<Record<string, unknown>>;

async function allItems(): Promise<readonly Item[]> {
  const { client, table } = installation.engine;
  const items: Item[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = new ScanCommand({ TableName: table.name, ...(from !== undefined && { ExclusiveStartKey: from }) });
    const { Items = [], LastEvaluatedKey } = await client.send(page);
    items.push(...Items.map((item) => unmarshall(item)));
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

/** Makes every item one that an older version has written. */
async function removeTypes(): Promise<void> {
  const { client, table } = installation.engine;
  for (const { pk, sk } of (await allItems()).filter((item) => 'type' in item)) {
    await client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: marshall({ pk, sk }),
        UpdateExpression: 'REMOVE #type',
        ExpressionAttributeNames: { '#type': 'type' },
      }),
    );
  }
}

/** Goes through whatever makes items, and through what happens to each afterwards; `look` is called after every step. */
async function playAll(look: () => Promise<void>): Promise<void> {
  const { hooks, heard } = listening();
  installation = await startInstallation(
    {
      demo: { seller: { ...demoSeller, tenants: hooks }, families: ['saas-v2', 'order-notify', 'kit-v2'] },
      license: { seller: demoLicenseSeller, families: ['license-2'] },
      online: { seller: demoLicenseSeller, families: ['license-online'] },
      model: { seller: { ...demoSeller, applyApikey: async () => ({ apikey: 'key' }) }, families: ['maas'] },
    },
    { queryOrder: async (...asked) => onDemand(...asked) },
  );
  await playInstance(look);
  await playImport(look);
  await playLicenses(look);
  await playApikey(look);
  await playTenant(look);
  expect(heard.map(({ hook }) => hook).sort()).toEqual([
    ...['applicationChanged', 'applicationChanged', 'departmentChanged', 'departmentChanged'],
    ...['departmentsReplaced', 'departmentsReplaced', 'tenantChanged', 'tenantChanged', 'userChanged', 'userChanged'],
  ]);
  await playUsage(look);
  await playReconcile(look);
  await playSealing(look);
  await playRegistry(look);
  await playClosing(look);
  await playAlarms(look);
  await playJob(look);
}

function onDemand(orderId: string, orderLineId?: string): Order {
  const bought = order(orderId, orderLineId);
  const { expiresAt: _, ...line } = bought.line;
  return { ...bought, line: { ...line, chargingMode: 'ON_DEMAND' } };
}

/** Sends a call, carries out what it has caused, and gives the answer. */
async function send(
  look: () => Promise<void>,
  message: Record<string, unknown>,
  { product = 'demo', key = BASE_KEY } = {},
): Promise<Received['json']> {
  installation.time.now += 1_000;
  const { json } = await installation.call(message, { product, key });
  await look();
  await installation.sweep();
  await look();
  return json;
}

const bought = { activity: 'newInstance', businessId: 'b', orderId: 'CS1', orderLineId: 'CS1-1' };

async function playInstance(look: () => Promise<void>): Promise<void> {
  const { table } = installation.engine;
  const { resultCode, instanceId = '' } = await send(look, bought);
  expect(resultCode).toBe('000004');
  expect(await send(look, bought)).toMatchObject({ resultCode: '000000', instanceId });
  const line = { orderId: 'CS2', orderLineId: 'CS2-1' };
  const renewal = { activity: 'refreshInstance', scene: 'RENEWAL', instanceId, ...line, expireTime: '20261001155959' };
  const steps: readonly [Record<string, unknown>, object][] = [
    [renewal, { state: 'ACTIVE', expiresAt: Date.UTC(2026, 9, 1, 15, 59, 59) }],
    [renewal, { state: 'ACTIVE' }],
    [{ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' }, { state: 'FROZEN' }],
    [{ activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' }, { state: 'ACTIVE' }],
    [{ activity: 'upgradeInstance', instanceId, orderId: 'CS3', orderLineId: 'CS3-1' }, { state: 'ACTIVE' }],
    [{ activity: 'queryInstance', instanceId }, { state: 'ACTIVE' }],
    [{ activity: 'releaseInstance', instanceId }, { state: 'RELEASED' }],
    [{ activity: 'releaseInstance', instanceId }, { state: 'RELEASED' }],
  ];
  for (const [message, expected] of steps) {
    expect([message, (await send(look, message)).resultCode]).toEqual([message, '000000']);
    expect(await stored(table, instanceId)).toMatchObject({ ...expected, pending: [], failed: {} });
  }
  const notice = { activity: 'orderNotify', orderId: 'CS4', orderLineId: 'CS4-1' };
  for (const _ of ['first', 'repeat']) {
    expect((await send(look, notice, { key: GENERAL_KEY })).resultCode).toBe('000000');
  }
}

async function playImport(look: () => Promise<void>): Promise<void> {
  const line = { orderId: 'CS5', orderLineId: 'CS5-1' };
  const derivedIds = [deriveInstanceId('demo', line.orderId, line.orderLineId)];
  const given = { product: 'demo', instanceId: 'given-out', ...line, derivedIds };
  for (const isNew of [true, false]) {
    expect(await importInstance(installation.engine.table, given, installation.time.now)).toBe(isNew);
    await look();
  }
  expect(await send(look, { ...bought, ...line })).toMatchObject({ resultCode: '000000', instanceId: 'given-out' });
  expect((await send(look, { activity: 'releaseInstance', instanceId: 'given-out' })).resultCode).toBe('000000');
  expect(await stored(installation.engine.table, 'given-out')).toMatchObject({ state: 'RELEASED' });
}

async function playLicenses(look: () => Promise<void>): Promise<void> {
  const line = { orderId: 'CS6', orderLineId: 'CS6-1' };
  const code = { license: 'LIC-1' };
  for (const message of [
    { activity: 'refreshLicenseCode', ...code, scene: 'RENEWAL', ...line, expireTime: '20261001115959' },
    { activity: 'updateLicenseCodeStatus', ...code, status: 'FREEZE' },
    { activity: 'releaseLicenseCode', ...code },
  ]) {
    const { resultCode } = await send(look, message, { product: 'license', key: LICENSE_KEY });
    expect([message, resultCode]).toEqual([message, '000000']);
  }
  const { instanceId } = await send(look, bought, { product: 'online' });
  const times = { effectiveTime: '2023-09-01 10:30:15 z', expireTime: '2099-09-01 10:30:15 z' };
  const application = { activity: 'getLicenseAsync', instanceId, eventId: 'e', ...times, deviceFingerprint: 'd' };
  for (const _ of ['first', 'repeat']) {
    expect((await send(look, application, { product: 'online' })).resultCode).toBe('000000');
  }
  expect(installation.delivered).toMatchObject([{ eventId: 'e' }]);
}

async function playApikey(look: () => Promise<void>): Promise<void> {
  const message = { activity: 'applyApikey', chargingMode: 'ON_DEMAND', customerId: 'c-1', customerName: 'buyer' };
  for (const _ of ['first', 'repeat']) {
    expect(await send(look, message, { product: 'model' })).toMatchObject({ resultCode: '000000', Apikey: 'key' });
  }
}

async function playTenant(look: () => Promise<void>): Promise<void> {
  const kit = kitSender(installation);
  const binding = { product: 'demo', instanceId: 'i-1', tenantId: 't-1' };
  const common = { instanceId: 'i-1', tenantId: 't-1', testFlag: 0 };
  for (const [flag, round] of [
    [1, 'added'],
    [2, 'changed'],
  ] as const) {
    installation.time.now += 10_000;
    const clientSecret = encryptSecret(installation.kitPublicKey, round);
    const users = [
      { userName: 'jdoe', name: round, orgCode: '100', role: 'admin', enable: 'true', email: 'j@example.com' },
    ];
    const single = { orgCode: '110', orgName: round, parentCode: '100', flag };
    const tree = [{ orgCode: '100', orgName: round, parentCode: '' }];
    const calls: Readonly<Record<string, object>> = {
      tenantSync: { orderId: 'CS1', tenantCode: 'a', name: round, domainName: 'https://a.example.com', flag },
      applicationSync: { appId: 'app-1', clientId: 'c', clientSecret, flag },
      authSync: { appId: 'app-1', currentSyncTime: kitTime(installation.time.now), userList: users, flag },
      allOrgSync: { orgInfoList: tree },
      singleOrgSync: single,
    };
    for (const [activity, members] of Object.entries(calls)) {
      installation.time.now += 1;
      const { json } = await kit(activity, { ...common, ...members }, { product: 'demo' });
      expect([activity, json.resultCode]).toEqual([activity, '000000']);
      await look();
      await installation.sweep();
      await look();
    }
    expect(await readDepartments(installation.engine.table, binding)).toEqual([
      { orgCode: '100', orgName: round, parentCode: '' },
      { orgCode: '110', orgName: round, parentCode: '100' },
    ]);
  }
}

async function playUsage(look: () => Promise<void>): Promise<void> {
  const { table } = installation.engine;
  const { instanceId = '' } = await send(look, { ...bought, orderId: 'CS7', orderLineId: 'CS7-1' });
  const w = usageWorld(table);
  const end = installation.time.now - (installation.time.now % HOUR) + 2 * HOUR;
  installation.time.now = end + HOUR;
  w.time.now = installation.time.now;
  const period = { begin: end - HOUR, end };
  const reported = report(instanceId, 0, {
    begin: new Date(period.begin).toISOString(),
    end: new Date(period.end).toISOString(),
  });
  w.billing.objection = () => '003';
  expect(await reportUsage(w.deps, reported)).toMatchObject({ outcome: 'stored' });
  await look();
  expect(await reportUsage(w.deps, reported)).toMatchObject({ outcome: 'known' });
  expect(await w.sweep()).toMatchObject({ rejected: 1 });
  await look();
  w.billing.objection = () => undefined;
  expect(await reportUsage(w.deps, reported)).toMatchObject({ outcome: 'stored', record: { revision: 1 } });
  await look();
  const own = { value: '2', id: 'own', dueShard: 9, dueAt: 0 };
  const next = { begin: end, end: end + HOUR };
  const later = { begin: end + HOUR, end: end + 2 * HOUR };
  await putWritten(table, { ...usageKey('demo', instanceId, next), ...own });
  await putWritten(table, { ...usageKey('demo', instanceId, later), ...own, value: 'much' });
  w.time.now += HOUR;
  expect(await w.sweep()).toMatchObject({ accepted: 2 });
  await look();
  expect((await stored(table, instanceId)).usage).toMatchObject({ total: '3.5' });
}

async function playReconcile(look: () => Promise<void>): Promise<void> {
  const { engine, sealer, time } = installation;
  for (const _ of ['first', 'second']) {
    time.now += HOUR;
    const { end, round } = await reconcile(
      {
        table: engine.table,
        queryOrder: async ({ orderId, orderLineId }) => onDemand(orderId, orderLineId),
        openOrder: async (sealed, at) => (await sealer.open('personal', sealed, at)) as Order,
        clock: () => time.now,
        sleep: async () => {},
      },
      { repair: true, every: 0, remaining: plenty, found: () => {} },
    );
    expect([end, round.checked]).toEqual(['finished', 5]);
    await look();
  }
}

async function playSealing(look: () => Promise<void>): Promise<void> {
  const { engine, sealer, tools, time } = installation;
  const { secrets } = tools;
  expect(await reseal({ table: engine.table, secrets, sealer, clock: () => time.now })).toMatchObject({
    isMarked: true,
  });
  await look();
}

async function playRegistry(look: () => Promise<void>): Promise<void> {
  const { table } = installation.engine;
  const served = (...names: readonly string[]) => {
    const products = Object.fromEntries(names.map((name) => [name, { seller: demoSeller }]));
    return defineConfig({ service: 'koogate', products, stages: {} });
  };
  for (const config of [served('demo'), served('demo', 'another')]) {
    await registerProducts(table, config, new Date(installation.time.now));
    await look();
  }
  await expect(registerProducts(table, served('another'), new Date(0))).rejects.toThrow(ProductsMissing);
}

async function playClosing(look: () => Promise<void>): Promise<void> {
  const { table } = installation.engine;
  for (const move of [closeTable, openTable]) {
    await move(table, installation.time.now);
    await look();
  }
}

async function playAlarms(look: () => Promise<void>): Promise<void> {
  const { table } = installation.engine;
  const clock = () => installation.time.now;
  const observations = createObservations(table, clock);
  observations.count({ product: 'demo', unproven: 'keys-gone' });
  await observations.flush();
  const common = { products: [{ id: 'demo', onSale: true }], receivers: [], from: 'shop', owner: 'one' };
  const alarms = createAlarms({ ...common, table, clock, observations, log: installation.log });
  for (const _ of ['opened', 'closed']) {
    expect(await alarms.look()).toBe(true);
    await keepDigest(table, await readDigest(table));
    await look();
    installation.time.now += HOUR;
  }
}

async function playJob(look: () => Promise<void>): Promise<void> {
  const { table } = installation.engine;
  const { now } = installation.time;
  expect(await takeLease(table, 'meter', { owner: 'one', now, until: now + HOUR })).toEqual({ held: true });
  await look();
  expect(await takeLease(table, 'meter', { owner: 'two', now, until: now + HOUR })).toMatchObject({ held: false });
  await giveBackLease(table, 'meter', { owner: 'one', next: now });
  await look();
  expect(await takeLease(table, 'meter', { owner: 'two', now, until: now + HOUR })).toEqual({ held: true });
  await look();
}

test('every item that comes to lie in the table says what it is, and there are items of every type', async () => {
  const types: ReadonlySet<unknown> = new Set(Object.values(ITEM_TYPE));
  const [seen, unnamed] = [new Set<unknown>(), new Set<string>()];
  await playAll(async () => {
    for (const { pk, sk, type } of await allItems()) {
      if (types.has(type)) seen.add(type);
      else unnamed.add(`${pk} ${sk}: ${type}`);
    }
  });
  expect([...unnamed]).toEqual([]);
  expect(seen).toEqual(types);
});

test('items of older versions, which say nothing, live on as all others', async () => {
  let removed = 0;
  await playAll(async () => {
    removed += (await allItems()).filter((item) => 'type' in item).length;
    await removeTypes();
  });
  expect(removed).toBeGreaterThan(Object.keys(ITEM_TYPE).length);
});
