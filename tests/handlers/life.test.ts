import { constants, privateDecrypt } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { keys } from '../../lib/instances/keys.ts';
import { updateIf } from '../../lib/instances/write.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type Installation, KEYS, startInstallation } from '../support/installation.ts';
import { bodySignHolds } from '../support/route.ts';

let installation: Installation;
let serial = 0;
let orderId = '';

beforeAll(async () => {
  installation = await startInstallation({
    demo: { seller: demoSeller, credentials: { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' } },
    plain: { seller: demoSeller },
  });
});
afterAll(() => installation.stop());
beforeEach(() => {
  serial += 1;
  orderId = `CS${serial}`;
  installation.time.now += 1_000;
  installation.calls.length = 0;
});

const purchase = () => ({
  activity: 'newInstance',
  businessId: `b-${Math.random()}`,
  orderId,
  orderLineId: `${orderId}-1`,
});

async function bought(product = 'demo'): Promise<string> {
  const { json } = await installation.call(purchase(), { product });
  await installation.sweep();
  return String(json.instanceId);
}

async function call(message: Record<string, unknown>, product = 'demo'): Promise<string | undefined> {
  installation.time.now += 1;
  return (await installation.call(message, { product })).json.resultCode;
}

test('a purchase is accepted at once, and every repeat names the same instance', async () => {
  const first = await installation.call(purchase());
  const second = await installation.call(purchase());
  expect(first.json).toMatchObject({ resultCode: '000004', instanceId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(second.json).toEqual(first.json);
  await installation.sweep();
  expect((await installation.call(purchase())).json).toMatchObject({
    resultCode: '000000',
    instanceId: first.json.instanceId,
  });
});

test('two products never share an instance', async () => {
  expect(await bought('demo')).not.toBe(await bought('plain'));
});

test('queryInstance waits with 000004, then gives credentials that only the marketplace opens', async () => {
  const { json } = await installation.call(purchase());
  const query = { activity: 'queryInstance', instanceId: json.instanceId };
  expect(await call(query)).toBe('000004');
  await installation.sweep();
  const { json: ready } = await installation.call(query);
  const info = ready.info as { instanceId: string; appInfo: { userName: string; password: string; memo: string } }[];
  const opened = privateDecrypt(
    { key: installation.wire.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(info[0]?.appInfo.userName ?? '', 'base64'),
  );
  expect(ready.resultCode).toBe('000000');
  expect(opened.toString()).toBe('owner');
  expect(info[0]?.appInfo.password).toHaveLength(512);
});

test('an instance whose access no key opens is left out and counted; alone it is an internal error', async () => {
  const good = await bought('plain');
  orderId = `${orderId}B`;
  const bad = await bought('plain');
  const { table } = installation.tools;
  const { pk, sk } = keys.instance('plain', bad);
  await updateIf(table, { pk, sk }, 'SET #access = :access', {
    condition: 'attribute_exists(#access)',
    values: { access: 'sealed under a key that is gone' },
  });
  const query = { activity: 'queryInstance', instanceId: `${good},${bad}` };
  const { json } = await installation.call(query, { product: 'plain' });
  expect(json).toMatchObject({ resultCode: '000000', info: [{ instanceId: good }] });
  expect(installation.log.entries).toContainEqual(expect.objectContaining({ message: 'FaultyInstance' }));
  expect(await call({ ...query, instanceId: bad }, 'plain')).toBe('000005');
});

test('product plain answers credentials as the V2.0 documents have them, in ASCII', async () => {
  const instanceId = await bought('plain');
  const { text, json } = await installation.call({ activity: 'queryInstance', instanceId }, { product: 'plain' });
  expect(json.info).toEqual([
    {
      instanceId,
      appInfo: expect.objectContaining({ userName: 'owner', password: expect.stringMatching(/^\S{20}$/) }),
    },
  ]);
  expect(text).toMatch(/\\u9996/);
  expect(text).toMatch(/^[\x20-\x7e]+$/);
});

test('neither credentials nor personal data are in the clear in the table', async () => {
  const instanceId = await bought('plain');
  const { ScanCommand } = await import('@aws-sdk/client-dynamodb');
  const { Items } = await installation.engine.client.send(
    new ScanCommand({ TableName: installation.engine.table.name, ConsistentRead: true }),
  );
  const { json } = await installation.call({ activity: 'queryInstance', instanceId }, { product: 'plain' });
  const password = (json.info as { appInfo: { password: string } }[])[0]?.appInfo.password ?? 'absent';
  const stored = JSON.stringify(Items);
  expect(stored).toContain(instanceId);
  expect(stored).not.toContain(password);
  expect(stored).not.toMatch(/13800000000|buyer@example\.com/);
});

test('a whole life: renewal, freeze, unfreeze, check, upgrade, release', async () => {
  const instanceId = await bought();
  const renewal = {
    activity: 'refreshInstance',
    scene: 'RENEWAL',
    instanceId,
    orderId: `${orderId}R`,
    orderLineId: `${orderId}R-1`,
    expireTime: '20261001155959',
  };
  expect(await call(renewal)).toBe('000000');
  expect(await call(renewal)).toBe('000000');
  expect(await call({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' })).toBe('000000');
  expect(await call({ activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' })).toBe('000000');
  expect(await call({ activity: 'changeInstanceCheck', instanceId, productInfo: { linearValue: 20 } })).toBe('000000');
  expect(await call({ activity: 'changeInstanceCheck', instanceId, productInfo: '{"linearValue":1}' })).toBe('000005');
  expect(
    await call({ activity: 'upgradeInstance', instanceId, orderId: `${orderId}U`, orderLineId: `${orderId}U-1` }),
  ).toBe('000000');
  await installation.sweep();
  expect(await call({ activity: 'queryInstance', instanceId })).toBe('000000');
  expect(await call({ activity: 'releaseInstance', instanceId })).toBe('000000');
  expect(await call({ activity: 'releaseInstance', instanceId })).toBe('000000');
  await installation.sweep();
  expect(await call({ activity: 'queryInstance', instanceId })).toBe('000003');
  expect(await call(renewal)).toBe('000003');
});

test('a withdrawn renewal that carries the renewal’s own order id is applied', async () => {
  const instanceId = await bought();
  const renewal = { activity: 'refreshInstance', instanceId, orderId: `${orderId}R`, orderLineId: `${orderId}R-1` };
  expect(await call({ ...renewal, scene: 'RENEWAL', expireTime: '20271001155959' })).toBe('000000');
  installation.calls.length = 0;
  expect(await call({ ...renewal, scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', expireTime: '20261001155959' })).toBe('000000');
  expect(installation.calls).toEqual(['UpdateItemCommand']);
});

test('a query answers for those that are ready; ids are trimmed and counted once', async () => {
  const ready = await bought();
  const { json } = await installation.call({ activity: 'queryInstance', instanceId: ` ${ready} , nobody,${ready}` });
  expect(json.resultCode).toBe('000000');
  expect(json.info).toHaveLength(1);
});

test.each([
  ['a blank id', ' , '],
  ['101 ids', Array.from({ length: 101 }, (_, index) => `i${index}`).join(',')],
])('a query for %s is 000002', async (_, instanceId) => {
  expect(await call({ activity: 'queryInstance', instanceId })).toBe('000002');
});

test('a query for 100 unknown ids is one answer: 000003', async () => {
  const instanceId = Array.from({ length: 100 }, (_, index) => `i${index}`).join(',');
  expect(await call({ activity: 'queryInstance', instanceId })).toBe('000003');
});

test('a replayed query gives nothing away', async () => {
  const instanceId = await bought();
  const query = { activity: 'queryInstance', instanceId };
  expect((await installation.call(query, { nonce: 'once' })).json.resultCode).toBe('000000');
  const replay = await installation.call(query, { nonce: 'once' });
  expect(replay.json).toEqual({ resultCode: '000001', resultMsg: expect.any(String) });
});

test.each([
  ['refreshInstance', { scene: 'RENEWAL', orderId: 'o', orderLineId: 'l', expireTime: '20261001155959' }],
  ['updateInstanceStatus', { status: 'FREEZE' }],
  ['upgradeInstance', { orderId: 'o', orderLineId: 'l' }],
  ['releaseInstance', {}],
  ['changeInstanceCheck', { productInfo: {} }],
  ['queryInstance', {}],
])('%s on an instance nobody created is 000003', async (activity, members) => {
  for (const instanceId of ['nobody', 'a#b', 'with blanks', '实例', '../x']) {
    expect(await call({ activity, instanceId, ...members })).toBe('000003');
  }
});

test('the instance of another product is unknown', async () => {
  const instanceId = await bought('demo');
  expect(await call({ activity: 'releaseInstance', instanceId }, 'plain')).toBe('000003');
});

test('DynamoDB calls: 1 for a first delivery, 1 for a repeat, 1 for each change, 2 in parallel for a query', async () => {
  const counted = async (message: Record<string, unknown>) => {
    installation.calls.length = 0;
    await call(message);
    return [...installation.calls];
  };
  expect(await counted(purchase())).toEqual(['PutItemCommand']);
  expect(await counted(purchase())).toEqual(['PutItemCommand']);
  const instanceId = await bought();
  const orderLineId = `${orderId}-2`;
  expect(await counted({ activity: 'upgradeInstance', instanceId, orderId, orderLineId })).toHaveLength(1);
  expect(await counted({ activity: 'upgradeInstance', instanceId, orderId, orderLineId })).toHaveLength(1);
  expect(await counted({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' })).toHaveLength(1);
  expect(await counted({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' })).toHaveLength(1);
  const renewal = { scene: 'RENEWAL', orderId, orderLineId, expireTime: '20261001155959' };
  expect(await counted({ activity: 'refreshInstance', instanceId, ...renewal })).toHaveLength(1);
  expect(await counted({ activity: 'refreshInstance', instanceId, ...renewal })).toHaveLength(1);
  expect((await counted({ activity: 'queryInstance', instanceId })).sort()).toEqual([
    'BatchGetItemCommand',
    'PutItemCommand',
  ]);
  expect(await counted({ activity: 'releaseInstance', instanceId })).toHaveLength(1);
  expect(await counted({ activity: 'releaseInstance', instanceId })).toHaveLength(1);
});

test.each([
  [{ activity: 'newInstance', businessId: 'b', orderId: 'o', orderLineId: 'l', testFlag: '1' }],
  [{ activity: 'queryInstance', instanceId: 'a,b', testFlag: 1 }],
  [
    {
      activity: 'refreshInstance',
      scene: 'TRIAL_TO_FORMAL',
      instanceId: 'a',
      orderId: 'o',
      orderLineId: 'l',
      expireTime: '20261001155959000',
      testFlag: '1',
    },
  ],
  [{ activity: 'updateInstanceStatus', instanceId: 'a', status: 'UNFREEZE', testFlag: '1' }],
  [{ activity: 'releaseInstance', instanceId: 'a', testFlag: '1' }],
  [{ activity: 'upgradeInstance', instanceId: 'a', orderId: 'o', orderLineId: 'l', testFlag: '1' }],
  [{ activity: 'changeInstanceCheck', instanceId: 'a', productInfo: {}, testFlag: '1' }],
])('the debugging call %j succeeds without the table, twice', async (message) => {
  installation.calls.length = 0;
  for (const product of ['demo', 'plain']) {
    const first = await installation.call(message, { product });
    const second = await installation.call(message, { product });
    expect(first.json.resultCode).toBe('000000');
    if (product === 'plain') expect(second.json).toEqual(first.json); // a cipher text is another one each time
  }
  expect(installation.calls).toEqual([]);
});

test('a debugging order notification succeeds without the table', async () => {
  installation.calls.length = 0;
  const message = { activity: 'orderNotify', orderId: 'o', orderLineId: 'l', testFlag: '1' };
  const { json } = await installation.call(message, { key: KEYS.general[0] ?? '' });
  expect(json.resultCode).toBe('000000');
  expect(installation.calls).toEqual([]);
});

test('an order notification is kept once, in one call', async () => {
  const message = { activity: 'orderNotify', orderId, orderLineId: `${orderId}-1` };
  for (const _ of ['first', 'repeat']) {
    installation.calls.length = 0;
    const answer = await installation.call(message, { key: KEYS.general[0] ?? '' });
    expect(answer.json.resultCode).toBe('000000');
    expect(bodySignHolds(KEYS.general[0] ?? '', { headers: answer.headers, body: answer.text })).toBe(true);
    expect(installation.calls).toHaveLength(1);
  }
});
