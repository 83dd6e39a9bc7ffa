import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { derivedIds, importInstance } from '../../lib/instances/import.ts';
import { keys } from '../../lib/instances/keys.ts';
import type { Change, Purchase, Renewal, Seller, Upgrade } from '../../lib/seller/contract.ts';
import { openValue, sealValue } from '../../scripts/marketplace/protocol/aes.ts';
import { type Installation, KEYS, startInstallation } from '../support/installation.ts';
import { bodySignHolds, routeEvent } from '../support/route.ts';
import { getEvent, signedQuery } from '../support/v1.ts';

type Parameters = Readonly<Record<string, string>>;

const KEY = KEYS.base[0] ?? '';
const ACCESS = { frontEndUrl: 'https://t.example.com', userName: '管理员', password: 'first-password', memo: '请修改' };

let installation: Installation;
let serial = 0;
let orderId = '';
/** Set to make `provision` slow, or to fail, or to refuse. */
let behaviour: ((purchase: Purchase) => unknown) | undefined;
const told: { hook: string; change: Change }[] = [];

const hook = (name: string) => async (change: Change) => void told.push({ hook: name, change });
const seller: Seller = {
  provision: async (purchase) => {
    told.push({ hook: 'provision', change: purchase });
    return ((await behaviour?.(purchase)) ?? { access: ACCESS }) as { access: typeof ACCESS };
  },
  renew: hook('renew'),
  freeze: hook('freeze'),
  unfreeze: hook('unfreeze'),
  upgrade: hook('upgrade'),
  release: hook('release'),
};

beforeAll(async () => {
  installation = await startInstallation(
    {
      legacy: { seller, families: ['saas-v1'] },
      small: { seller, families: ['saas-v1'], credentials: { scheme: 'aes-128' } },
      demand: { seller, families: ['saas-v1'], onDemand: true },
      strict: { seller, families: ['saas-v1'], renewalUnfreezes: false },
      both: { seller, families: ['saas-v1', 'saas-v2'] },
      plain: { seller },
    },
    { queryOrder: async () => Promise.reject(new Error('V1.0 asks for no order.')) },
  );
});
afterAll(() => installation.stop());
beforeEach(() => {
  serial += 1;
  orderId = `CS${serial}`;
  installation.time.now += 1_000;
  installation.calls.length = 0;
  installation.log.entries.length = 0;
  told.length = 0;
  behaviour = undefined;
});

const purchase = (): Parameters => ({
  activity: 'newInstance',
  businessId: `b-${Math.random()}`,
  customerId: 'c-1',
  customerName: '演示',
  orderId,
  productId: 'p-year',
  skuCode: 'sku-small',
  chargingMode: '1',
  periodType: 'year',
  periodNumber: '1',
  expireTime: '20251001155959',
  amount: '12',
  orderAmount: '9.900',
});

async function call(parameters: Parameters, product = 'legacy', key = KEY) {
  installation.time.now += 1;
  return installation.deliver(getEvent(key, parameters, { product, now: installation.time.now }));
}

async function code(parameters: Parameters, product = 'legacy'): Promise<string | undefined> {
  return (await call(parameters, product)).json.resultCode;
}

async function bought(product = 'legacy'): Promise<string> {
  const { json } = await call(purchase(), product);
  expect(json.resultCode).toBe('000000');
  told.length = 0;
  return String(json.instanceId);
}

function toldAs<Kind extends Change>(index = 0): Kind {
  const one = told[index];
  if (one === undefined) throw new Error('The seller was not told.');
  return one.change as Kind;
}

const hooks = () => told.map((one) => one.hook);

describe('newInstance', () => {
  test('carries the purchase out and answers how the buyer gets in, encrypted and signed', async () => {
    const { json, text, headers } = await call(purchase());
    expect(json).toEqual({
      resultCode: '000000',
      resultMsg: 'success.',
      encryptType: '1',
      instanceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      appInfo: { ...ACCESS, userName: expect.any(String), password: expect.any(String) },
    });
    const { userName, password } = json.appInfo as { userName: string; password: string };
    expect(openValue(KEY, '1', userName)).toBe(ACCESS.userName);
    expect(openValue(KEY, '1', password)).toBe(ACCESS.password);
    expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(bodySignHolds(KEY, { headers, body: text })).toBe(true);
  });

  test('gives the seller the order that the call told, phone and e-mail in the clear', async () => {
    const form = Buffer.from(JSON.stringify([{ name: 'domain', value: '例' }])).toString('base64');
    await call({
      ...purchase(),
      mobilePhone: sealValue(KEY, '1', '13800000000'),
      email: sealValue(KEY, '2', 'buyer@example.com'), // the other size is tried too
      saasExtendParams: form,
    });
    expect(told).toHaveLength(1);
    expect(toldAs<Purchase>().order).toEqual({
      orderId,
      orderType: 'NEW',
      line: {
        orderLineId: '',
        chargingMode: 'PERIOD',
        expiresAt: new Date('2025-10-01T15:59:59Z'),
        periodType: 'year',
        periodNumber: 1,
        amountAfterDiscount: '9.900',
        products: [{ productId: 'p-year', skuCode: 'sku-small', linearValue: 12 }],
      },
      buyer: { customerId: 'c-1', customerName: '演示', mobilePhone: '13800000000', email: 'buyer@example.com' },
      extendParams: [{ name: 'domain', value: '例' }],
    });
  });

  const wrong: [string, string][] = [
    ['truncated', sealValue(KEY, '1', '13800000000').slice(0, -8)],
    ['of which only the IV is left', sealValue(KEY, '1', '13800000000').slice(0, 16)],
    ['of another key', sealValue('another-key', '1', '13800000000')],
    ['in the clear', '13800000000'],
  ];
  test.each(wrong)('a phone %s is left out, and the log does not show it', async (_, mobilePhone) => {
    const { json } = await call({ ...purchase(), mobilePhone });
    expect(json.resultCode).toBe('000000');
    expect(toldAs<Purchase>().order.buyer).toEqual({ customerId: 'c-1', customerName: '演示' });
    const warnings = installation.log.entries.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(installation.log.entries)).not.toContain(mobilePhone);
  });

  test('says the same again however often it comes, and provisions once', async () => {
    const first = await call(purchase());
    const again = await Promise.all(Array.from({ length: 20 }, () => call(purchase())));
    const late = await call({ ...purchase(), productId: 'another', periodNumber: '2' });
    for (const { json } of [...again, late]) {
      expect(json).toMatchObject({ resultCode: '000000', instanceId: first.json.instanceId, encryptType: '1' });
      expect(openValue(KEY, '1', (json.appInfo as { password: string }).password)).toBe(ACCESS.password);
    }
    expect(hooks()).toEqual(['provision']);
  });

  test('of 30 concurrent deliveries one is carried out; the others wait, or find it done', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => call(purchase())));
    expect(new Set(answers.map(({ json }) => json.instanceId)).size).toBe(1);
    expect(answers.filter(({ json }) => !['000000', '000004'].includes(json.resultCode ?? ''))).toEqual([]);
    expect(hooks()).toEqual(['provision']);
  });

  test('is answered 000004 when the seller fails, and the retry finds it done', async () => {
    behaviour = () => Promise.reject(new Error('down'));
    const first = await call(purchase());
    expect(first.json).toEqual({ resultCode: '000004', resultMsg: expect.any(String), instanceId: expect.any(String) });
    behaviour = undefined;
    installation.time.now += 60_000;
    await installation.sweep();
    const retry = await call(purchase());
    expect(retry.json).toMatchObject({ resultCode: '000000', instanceId: first.json.instanceId, encryptType: '1' });
    expect(toldAs<Purchase>(1).order.buyer?.customerName).toBe('演示'); // the sealed order was opened
  });

  test('is answered 000004 when a cold start has used up the time, without a lease', async () => {
    const event = getEvent(KEY, purchase(), { now: installation.time.now });
    event.requestContext.timeEpoch = installation.time.now - 3_600;
    expect((await installation.deliver(event)).json.resultCode).toBe('000004');
    await installation.sweep();
    expect(await code(purchase())).toBe('000000');
    expect(hooks()).toEqual(['provision']);
  });

  test('passes a refusal on, at once and again', async () => {
    behaviour = () => ({ refused: { resultCode: '000103', resultMsg: 'one is enough' } });
    expect((await call(purchase())).json).toMatchObject({ resultCode: '000103', resultMsg: 'one is enough' });
    expect((await call(purchase())).json).toMatchObject({ resultCode: '000103', resultMsg: 'one is enough' });
  });

  test('gives nothing of an instance that was released', async () => {
    const instanceId = await bought();
    await call({ activity: 'releaseInstance', instanceId, orderId });
    expect((await call(purchase())).json).toEqual({ resultCode: '000000', resultMsg: 'success.', instanceId });
  });

  test('an order is one instance, but for products that are charged on demand', async () => {
    const ids = async (product: string) => [
      await bought(product),
      String((await call({ ...purchase(), productId: 'p-package' }, product)).json.instanceId),
    ];
    expect(new Set(await ids('legacy')).size).toBe(1);
    expect(new Set(await ids('demand')).size).toBe(2);
  });

  test.each([
    ['5', 'ON_DEMAND'],
    ['1', 'PERIOD'],
  ])('a product on demand takes chargingMode %s for %s', async (chargingMode, expected) => {
    await call({ ...purchase(), chargingMode }, 'demand');
    expect(toldAs<Purchase>().order.line.chargingMode).toBe(expected);
  });

  test('credentials follow the size that the product has chosen', async () => {
    const { json } = await call(purchase(), 'small');
    expect(json.encryptType).toBe('2');
    expect(openValue(KEY, '2', (json.appInfo as { password: string }).password)).toBe(ACCESS.password);
  });

  test('the older key verifies, and then it signs and encrypts the answer', async () => {
    const older = KEYS.base[1] ?? '';
    const { json, text, headers } = await call(
      { ...purchase(), mobilePhone: sealValue(older, '1', '13800000000') },
      'legacy',
      older,
    );
    expect(bodySignHolds(older, { headers, body: text })).toBe(true);
    expect(openValue(older, '1', (json.appInfo as { password: string }).password)).toBe(ACCESS.password);
    expect(toldAs<Purchase>().order.buyer?.mobilePhone).toBe('13800000000');
  });

  test('neither credentials nor personal data are in the clear in the table or the log', async () => {
    behaviour = () => Promise.reject(new Error('down')); // the order stays sealed in the outbox
    await call({ ...purchase(), mobilePhone: sealValue(KEY, '1', '13912345678'), customerName: 'somebody' });
    behaviour = undefined;
    orderId = `${orderId}b`;
    await bought();
    const { client, table } = installation.engine;
    const { Items } = await client.send(new ScanCommand({ TableName: table.name, ConsistentRead: true }));
    const everything = JSON.stringify([Items, installation.log.entries]);
    expect(everything).toContain(orderId);
    expect(everything).not.toMatch(/13912345678|somebody|first-password/);
  });

  test('a hook that hands over more than fits is a failed attempt, not an answer that is cut', async () => {
    behaviour = () => ({ access: { ...ACCESS, password: 'x'.repeat(80) } });
    expect(await code(purchase())).toBe('000004');
    behaviour = () => ({ access: { ...ACCESS, password: 'x'.repeat(79) } });
    installation.time.now += 60_000;
    await installation.sweep();
    const { json } = await call(purchase());
    expect((json.appInfo as { password: string }).password).toHaveLength(128 - 4);
  });
});

describe('a renewal', () => {
  const renewal = (instanceId: string, more: Parameters = {}): Parameters => ({
    activity: 'refreshInstance',
    instanceId,
    orderId: `${orderId}R`,
    expireTime: '20991231155959',
    ...more,
  });
  const frozen = async (product: string, ...calls: Parameters[]) => {
    const instanceId = await bought(product);
    for (const parameters of calls) expect(await code({ ...parameters, instanceId }, product)).toBe('000000');
    await installation.sweep();
    told.length = 0;
    return instanceId;
  };
  const expire = { activity: 'expireInstance' };
  const freeze = { activity: 'instanceStatus', instanceStatus: 'FREEZE' };
  const normal = { activity: 'instanceStatus', instanceStatus: 'NORMAL' };

  test('sets the date once, and tells the seller of its order', async () => {
    const instanceId = await bought();
    const paid = { periodType: 'year', periodNumber: '1', orderAmount: '8.5', productId: 'p-year' };
    expect(await code(renewal(instanceId, paid))).toBe('000000');
    expect(await code(renewal(instanceId, paid))).toBe('000000');
    await installation.sweep();
    expect(hooks()).toEqual(['renew']);
    const { scene, expiresAt, productId, renewalOrder } = toldAs<Renewal>();
    expect({ scene, expiresAt, productId }).toEqual({
      scene: 'RENEWAL',
      expiresAt: new Date('2099-12-31T15:59:59Z'),
      productId: 'p-year',
    });
    expect(renewalOrder).toMatchObject({
      orderType: 'RENEW',
      line: { periodType: 'year', amountAfterDiscount: '8.5' },
    });
  });

  test.each([
    ['absent', {}, 'RENEWAL'],
    ['empty', { trialToFormal: '', productId: '' }, 'RENEWAL'],
    ['1', { trialToFormal: '1' }, 'TRIAL_TO_FORMAL'],
    ['1 with a product', { trialToFormal: '1', productId: 'p-year' }, 'TRIAL_TO_FORMAL'],
  ])('trialToFormal %s', async (_, more: Parameters, scene) => {
    const instanceId = await bought();
    expect(await code(renewal(instanceId, more))).toBe('000000');
    await installation.sweep();
    expect(told[0]?.change).toMatchObject({ scene });
  });

  test('lets in again who was shut out for expiry, in the one write', async () => {
    const instanceId = await frozen('legacy', expire);
    installation.calls.length = 0;
    expect(await code(renewal(instanceId))).toBe('000000');
    expect(installation.calls).toEqual(['UpdateItemCommand']);
    await installation.sweep();
    expect(hooks()).toEqual(['renew', 'unfreeze']);
  });

  test.each([
    ['with a date that has passed', [expire], { expireTime: '20200101000000' }, 'legacy'],
    ['while the marketplace’s own freeze holds', [expire, freeze], {}, 'legacy'],
    ['in whatever order the freezes came', [freeze, expire], {}, 'legacy'],
    ['of a product that wants a call for it', [expire], {}, 'strict'],
  ])('does not %s', async (_, freezes, more, product) => {
    const instanceId = await frozen(product, ...freezes);
    expect(await code(renewal(instanceId, more), product)).toBe('000000');
    await installation.sweep();
    expect(hooks()).toEqual(['renew', 'freeze']);
    expect(await code({ ...normal, instanceId }, product)).toBe('000000');
    await installation.sweep();
    expect(hooks()).toEqual(['renew', 'freeze', 'unfreeze']);
  });

  test('an expiry that was signed before the renewal comes too late', async () => {
    const instanceId = await bought();
    const late = getEvent(KEY, { ...expire, instanceId }, { now: installation.time.now });
    expect(await code(renewal(instanceId))).toBe('000000');
    expect((await installation.deliver(late)).json.resultCode).toBe('000000');
    await installation.sweep();
    expect(hooks()).toEqual(['renew']);
  });

  test('a replay of any of these calls changes nothing', async () => {
    const instanceId = await bought();
    const events = [];
    for (const parameters of [renewal(instanceId), { ...expire, instanceId }, { ...normal, instanceId }]) {
      installation.time.now += 1;
      events.push(getEvent(KEY, parameters, { now: installation.time.now }));
    }
    for (const event of events) expect((await installation.deliver(event)).json.resultCode).toBe('000000');
    await installation.sweep();
    const before = hooks();
    for (const event of events) expect((await installation.deliver(event)).json.resultCode).toBe('000000');
    await installation.sweep();
    expect(hooks()).toEqual(before);
  });
});

test('a whole life: expiry, renewal, status, upgrade, query, release', async () => {
  const instanceId = await bought();
  const steps: [Parameters, string[]][] = [
    [{ activity: 'expireInstance', instanceId }, ['freeze']],
    [{ activity: 'expireInstance', instanceId }, []],
    [{ activity: 'refreshInstance', instanceId, orderId: 'R', expireTime: '20991231155959' }, ['renew', 'unfreeze']],
    [{ activity: 'instanceStatus', instanceId, instanceStatus: 'FREEZE' }, ['freeze']],
    [{ activity: 'instanceStatus', instanceId, instanceStatus: 'NORMAL' }, ['unfreeze']],
    [
      { activity: 'upgrade', instanceId, orderId: 'U', skuCode: 'sku-large', productId: 'p-large', diskSize: '50' },
      ['upgrade'],
    ],
    [{ activity: 'releaseInstance', instanceId, orderId }, ['release']],
    [{ activity: 'releaseInstance', instanceId, orderId }, []],
  ];
  for (const [parameters, expected] of steps) {
    told.length = 0;
    expect(await code(parameters)).toBe('000000');
    await installation.sweep();
    expect(hooks()).toEqual(expected);
    if (parameters.activity === 'upgrade') {
      const { upgradeOrder, order } = toldAs<Upgrade>();
      const products = [{ productId: 'p-large', skuCode: 'sku-large', linearValue: 50 }];
      expect(upgradeOrder).toMatchObject({ orderId: 'U', orderType: 'CHANGE', line: { products } });
      expect(order).toMatchObject({ orderId, buyer: { customerId: 'c-1' } });
    }
  }
  expect(await code({ activity: 'expireInstance', instanceId })).toBe('000003');
});

test('queryInstance takes 100 ids, encrypts each, and needs no nonce', async () => {
  const first = await bought();
  orderId = `${orderId}b`;
  const second = await bought();
  const ids = [first, second, ...Array.from({ length: 98 }, (_, index) => `nobody-${index}`)];
  installation.calls.length = 0;
  const event = getEvent(KEY, { activity: 'queryInstance', instanceId: ids.join(',') }, { now: installation.time.now });
  for (const _ of ['first', 'again']) {
    const { json } = await installation.deliver(event);
    const info = json.info as { instanceId: string; appInfo: { userName: string } }[];
    expect(json).toMatchObject({ resultCode: '000000', encryptType: '1' });
    expect(info.map((one) => one.instanceId)).toEqual([first, second]);
    expect(openValue(KEY, '1', info[1]?.appInfo.userName ?? '')).toBe(ACCESS.userName);
  }
  expect(installation.calls).toEqual(['BatchGetItemCommand', 'BatchGetItemCommand']);
  expect(await code({ activity: 'queryInstance', instanceId: [...ids, 'one-more'].join(',') })).toBe('000002');
});

test('DynamoDB calls: those of V2.0, and what carrying out inline needs', async () => {
  const counted = async (parameters: Parameters) => {
    installation.calls.length = 0;
    expect(await code(parameters)).toBe('000000');
    return [...installation.calls];
  };
  // Put, then: the held item, the audit entry, the buyer's pointer, the outcome.
  expect(await counted(purchase())).toEqual([
    'PutItemCommand',
    'GetItemCommand',
    'PutItemCommand',
    'PutItemCommand',
    'UpdateItemCommand',
  ]);
  expect(await counted(purchase())).toEqual(['PutItemCommand']);
  const { json } = await call(purchase());
  const instanceId = String(json.instanceId);
  const changes: Parameters[] = [
    { activity: 'refreshInstance', instanceId, orderId: 'R', expireTime: '20991231155959' },
    { activity: 'expireInstance', instanceId },
    { activity: 'instanceStatus', instanceId, instanceStatus: 'NORMAL' },
    { activity: 'upgrade', instanceId, orderId: 'U', skuCode: 's', productId: 'p' },
    { activity: 'releaseInstance', instanceId, orderId },
  ];
  for (const change of changes) {
    expect(await counted(change)).toHaveLength(1);
    expect(await counted(change)).toHaveLength(1);
  }
});

/** https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649420.html: what must have been debugged. */
const CASES: readonly Parameters[] = [
  {
    activity: 'newInstance',
    customerId: 'c',
    businessId: 'b',
    orderId: 'CS1906666666ABCDE',
    productId: '00301-666666-0--0',
    chargingMode: '1',
    periodType: 'month',
    periodNumber: '1',
    expireTime: '20260101000000',
    mobilePhone: 'undecryptable',
  },
  {
    activity: 'newInstance',
    customerId: 'c',
    businessId: 'b',
    orderId: 'CS1906666666ABCDE',
    productId: 'one-time',
    chargingMode: '3',
  },
  {
    activity: 'newInstance',
    customerId: 'c',
    businessId: 'b',
    orderId: 'CS1906666666ABCDE',
    productId: 'on-demand',
    chargingMode: '5',
  },
  { activity: 'refreshInstance', instanceId: 'huaiweitest123456', orderId: 'o', expireTime: '20260101000000' },
  {
    activity: 'refreshInstance',
    instanceId: 'huaiweitest123456',
    orderId: 'o',
    expireTime: '20260101000000',
    trialToFormal: '1',
    productId: '',
  },
  {
    activity: 'refreshInstance',
    instanceId: 'huaiweitest123456',
    orderId: 'o',
    expireTime: '20260101000000',
    trialToFormal: '1',
    productId: 'p',
  },
  { activity: 'expireInstance', instanceId: 'huaiweitest123456', orderId: 'o' },
  { activity: 'releaseInstance', instanceId: 'huaiweitest123456', orderId: 'o' },
  { activity: 'instanceStatus', instanceId: 'huaiweitest123456', instanceStatus: 'FREEZE' },
  { activity: 'instanceStatus', instanceId: 'huaiweitest123456', instanceStatus: 'NORMAL' },
  { activity: 'upgrade', instanceId: 'huaiweitest123456', orderId: 'o', skuCode: 's', productId: 'p' },
  { activity: 'queryInstance', instanceId: 'huaiweitest123456,another' },
];

test.each([
  ['in order', CASES],
  ['the other way round', CASES.toReversed()],
])('the required debugging cases succeed %s, twice in a row, without the table and the seller', async (_, cases) => {
  for (const product of ['legacy', 'demand', 'small', 'both']) {
    for (const parameters of cases) {
      for (const __ of ['first', 'again']) {
        const { json, headers, text } = await call({ ...parameters, testFlag: '1' }, product);
        expect({ parameters, code: json.resultCode }).toEqual({ parameters, code: '000000' });
        expect(bodySignHolds(KEY, { headers, body: text })).toBe(true);
        if (parameters.activity === 'newInstance') {
          expect(json).toMatchObject({ instanceId: expect.any(String), encryptType: expect.stringMatching(/^[12]$/) });
        }
      }
    }
  }
  expect(installation.calls).toEqual([]);
  expect(told).toEqual([]);
});

describe('a call that is not as it should be is refused with a signature, and changes nothing', () => {
  const now = () => installation.time.now;
  const valid = () => signedQuery(KEY, purchase(), now());
  const token = /authToken=[^&]+/;
  test.each<[string, () => string, string]>([
    ['a token of another key', () => signedQuery('nobody-knows', purchase(), now()), '000001'],
    ['a token of the key of order notifications', () => signedQuery('general-key-new', purchase(), now()), '000001'],
    ['a token of the key of licences', () => signedQuery('license-key-new', purchase(), now()), '000001'],
    ['no token', () => valid().replace(token, 'authTokens=x'), '000001'],
    ['an empty token', () => valid().replace(token, 'authToken='), '000001'],
    ['a token twice', () => `${valid()}&${token.exec(valid())?.[0]}`, '000002'],
    ['another order', () => valid().replace(/orderId=[^&]+/, 'orderId=stolen'), '000001'],
    ['a parameter more', () => `${valid()}&trialFlag=1`, '000001'],
    ['a parameter less', () => valid().replace(/periodNumber=[^&]+&/, ''), '000001'],
    ['no timeStamp', () => valid().replace(/&timeStamp=\d+/, ''), '000002'],
    ['a timeStamp that is no time', () => valid().replace(/timeStamp=\d+/, 'timeStamp=20251399000000000'), '000002'],
    ['broken encoding', () => valid().replace(/customerName=[^&]+/, 'customerName=%E6%'), '000002'],
    ['no query', () => '', '000002'],
    ['a parameter hidden in another', () => signedQuery(KEY, { ...purchase(), memo: 'x&testFlag=1' }, now()), '000001'],
    ['no order', () => signedQuery(KEY, { ...purchase(), orderId: '' }, now()), '000002'],
    ['an unknown activity', () => signedQuery(KEY, { ...purchase(), activity: 'toString' }, now()), '000002'],
    ['an activity of V2.0', () => signedQuery(KEY, { ...purchase(), activity: 'upgradeInstance' }, now()), '000002'],
    ['one of License 1.0', () => signedQuery(KEY, { ...purchase(), activity: 'getLicense' }, now()), '000002'],
    ['a testFlag that says neither', () => signedQuery(KEY, { ...purchase(), testFlag: 'yes' }, now()), '000002'],
    ['a V2.0 signature', () => routeEvent(KEY, '', { now: now() }).rawQueryString, '000002'],
  ])('%s', async (_, query, expected) => {
    const answer = await installation.deliver(getEvent(KEY, {}, { now: now(), query: query() }));
    expect(answer).toMatchObject({ status: 200, json: { resultCode: expected } });
    expect(bodySignHolds(KEY, { headers: answer.headers, body: answer.text })).toBe(true);
    expect(installation.calls).toEqual([]);
    expect(told).toEqual([]);
  });

  test.each(['refreshInstance', 'expireInstance', 'instanceStatus', 'releaseInstance', 'upgrade', 'queryInstance'])(
    '%s of an instance that nobody bought is 000003',
    async (activity) => {
      const rest = {
        orderId: 'o',
        expireTime: '20991231155959',
        instanceStatus: 'FREEZE',
        skuCode: 's',
        productId: 'p',
      };
      for (const instanceId of ['nobody', 'a#b', '实例', '../x']) {
        expect(await code({ activity, instanceId, ...rest })).toBe('000003');
      }
    },
  );

  test('a product without V1.0 takes no GET, one with it alone no POST', async () => {
    const get = await installation.deliver(getEvent(KEY, purchase(), { product: 'plain', now: now() }));
    const post = await installation.call({ activity: 'newInstance' }, { product: 'legacy' });
    expect([get.status, post.status]).toEqual([405, 405]);
    expect([get.headers.Allow, post.headers.Allow]).toEqual(['POST', 'GET']);
  });

  test('a product with both takes each by its own door', async () => {
    const { json } = await call(purchase(), 'both');
    const query = { activity: 'queryInstance', instanceId: json.instanceId };
    const asked = await installation.call(query, { product: 'both' });
    expect(asked.json).toMatchObject({ resultCode: '000000' });
    expect(asked.json).not.toHaveProperty('encryptType'); // V2.0 knows none: its credentials are plain text
  });
});

test('an instance given out before keeps its id: newInstance answers it, with its access', async () => {
  const instanceId = `given-out-${orderId}`;
  const access = await installation.sealer.seal('credentials', ACCESS, keys.instance('legacy', instanceId));
  const from = { product: 'legacy', orderId, isToldByOrder: true };
  const instance = { product: 'legacy', instanceId, orderId, orderLineId: '', access, derivedIds: derivedIds(from) };
  await importInstance(installation.engine.table, instance, installation.time.now);
  installation.calls.length = 0;
  const { json } = await call(purchase());
  expect(installation.calls).toEqual(['PutItemCommand', 'BatchGetItemCommand']);
  expect(json).toMatchObject({ resultCode: '000000', instanceId, encryptType: '1' });
  expect(openValue(KEY, '1', (json.appInfo as { password: string }).password)).toBe(ACCESS.password);
  expect(await code({ activity: 'releaseInstance', instanceId, orderId })).toBe('000000');
  expect((await call(purchase())).json).toEqual({ resultCode: '000000', resultMsg: 'success.', instanceId });
  expect(hooks()).toEqual([]);
});
