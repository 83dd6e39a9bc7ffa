import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { kit } from '../../handlers/activities/kit/index.ts';
import type { Call } from '../../lib/protocol/call.ts';
import { encryptOaep } from '../../lib/protocol/oaep.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { rsaPair } from '../secrets/fixture.ts';
import { type Installation, KEYS, startInstallation } from '../support/installation.ts';
import { encryptSecret, kitEvent, kitSender, kitTime } from '../support/kit.ts';
import { bodySignHolds, sign } from '../support/route.ts';

let installation: Installation;
let send: ReturnType<typeof kitSender>;
let serial = 0;
let tenantId = '';

beforeAll(async () => {
  const families = ['saas-v2', 'order-notify', 'kit-v2', 'kit-v1'] as const;
  installation = await startInstallation({
    kit: { seller: demoSeller, families },
    keeps: { seller: demoSeller, families, kitTest: 'store' },
    plain: { seller: demoSeller },
    'v2-only': { seller: demoSeller, families: ['kit-v2'] },
  });
  send = kitSender(installation);
});
afterAll(() => installation.stop());
beforeEach(() => {
  serial += 1;
  tenantId = `t-${serial}`;
  installation.time.now += 10_000;
  installation.calls.length = 0;
});

const common = () => ({ instanceId: 'i-1', tenantId, testFlag: 0 });
const tenant = () => ({
  ...common(),
  orderId: 'CS1',
  tenantCode: 'acme',
  name: 'Acme Ltd',
  domainName: 'https://acme.identity.example.com',
  flag: 1,
});
const application = (secret = 's3cret') => ({
  ...common(),
  appId: 'app-1001',
  clientId: 'c-7f31',
  clientSecret: encryptSecret(installation.kitPublicKey, secret),
  flag: 1,
});
const jdoe = {
  userName: 'jdoe',
  name: 'J. Doe',
  orgCode: '100',
  role: 'admin',
  enable: 'true',
  email: 'jdoe@example.com',
};
const users = (userList: unknown = [jdoe]) => ({
  ...common(),
  appId: 'app-1001',
  currentSyncTime: kitTime(installation.time.now),
  userList,
  flag: 1,
});
const department = () => ({ ...common(), orgCode: '100', orgName: 'Research', parentCode: '', flag: 1 });
const tree = (orgInfoList: unknown = [{ orgCode: '100', orgName: 'Research', parentCode: '' }]) => ({
  ...common(),
  orgInfoList,
});

async function stored(pk = `TENANT#kit#${tenantId}`): Promise<Record<string, unknown>[]> {
  const { client, table } = installation.engine;
  const items: Record<string, unknown>[] = [];
  const query = {
    TableName: table.name,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    items.push(...Items.map((item) => unmarshall(item)));
  return items;
}

const CALLS = (): [string, Record<string, unknown>][] => [
  ['tenantSync', tenant()],
  ['applicationSync', application()],
  ['authSync', users()],
  ['singleOrgSync', department()],
  ['allOrgSync', tree()],
];

describe.each(['v2', 'v1'] as const)('the five calls, %s', (version) => {
  test('are answered with success, signed with the key that signed them', async () => {
    for (const key of KEYS.kit) {
      installation.time.now += 1_000;
      for (const [activity, message] of CALLS()) {
        const answer = await send(activity, message, { version, key });
        expect([activity, answer.json]).toEqual([activity, { resultCode: '000000', resultMsg: expect.any(String) }]);
        expect(bodySignHolds(key, { headers: answer.headers, body: answer.text })).toBe(true);
      }
    }
    expect((await stored()).length).toBeGreaterThanOrEqual(6);
  });

  test('take lists as texts, and the names of the other document', async () => {
    const forms: [string, Record<string, unknown>][] = [
      ['authSync', users(JSON.stringify([jdoe]))],
      [
        'allOrgSync',
        tree('[{orgCode:"100",orgName:"Research",parentCode:""},{orgCode:"110",OrgName:"Lab",parentCode:"100"}]'),
      ],
      ['allOrgSync', { ...common(), orgInfo: '[{"orgCode":"100","name":"Research","parentCode":""}]' }],
      ['tenantSync', { ...tenant(), flag: '1', instanceId: '', orderId: '' }],
    ];
    for (const [activity, message] of forms) {
      expect([activity, (await send(activity, message, { version })).json.resultCode]).toEqual([activity, '000000']);
      installation.time.now += 1;
    }
  });

  test('succeed again and again, whether they add, modify or delete, and whatever was there', async () => {
    for (const flag of [0, 0, 1, 1, 2, 0, 2, 0]) {
      for (const [activity, message] of CALLS().slice(0, 4)) {
        const { json } = await send(activity, { ...message, flag }, { version });
        expect([activity, flag, json.resultCode]).toEqual([activity, flag, '000000']);
      }
      installation.time.now += 1;
    }
  });
});

test('the documentation’s own example repeats a member, and is taken', async () => {
  const text = `{"flag":1,"instanceId":"i-1","instanceId":"i-1","orgCode":"100","orgName":"R","tenantId":"${tenantId}","testFlag":0,"timeStamp":"x"}`;
  const message = text.replace('"x"', JSON.stringify(kitTime(installation.time.now)));
  expect((await send('singleOrgSync', message)).json.resultCode).toBe('000000');
});

test('neither secrets nor personal data are in the clear in the table, nor whose account it is', async () => {
  await send('applicationSync', application('the-client-secret'));
  await send('authSync', users([{ ...jdoe, userName: '13800000000', mobile: '13900000000' }]));
  const text = JSON.stringify(await stored(), (_, value) => (value instanceof Set ? [...value] : value));
  expect(text).toContain('c-7f31');
  expect(text).not.toMatch(/the-client-secret|13800000000|13900000000|J\. Doe|jdoe@example/);
});

describe('DynamoDB calls', () => {
  test('one for each key, a repeat too', async () => {
    for (const [activity, message] of CALLS().slice(0, 4)) {
      for (const _ of ['first', 'again']) {
        installation.calls.length = 0;
        installation.time.now += 1;
        await send(activity, message);
        const writes = activity === 'applicationSync' ? 2 : 1; // the pointer for the login is written beside
        expect([activity, ...installation.calls]).toEqual([activity, ...Array(writes).fill('UpdateItemCommand')]);
      }
    }
  });

  test('a whole tree: a look at the pointer, one write for all departments, one for the pointer, one to retire the old', async () => {
    const list = Array.from({ length: 1_000 }, (_, n) => ({ orgCode: `d${n}`, orgName: `D ${n}`, parentCode: '' }));
    await send('allOrgSync', tree(list));
    expect(installation.calls).toEqual(['GetItemCommand', 'PutItemCommand', 'UpdateItemCommand']);
    installation.calls.length = 0;
    installation.time.now += 1;
    await send('allOrgSync', tree(list));
    expect(installation.calls).toEqual(['GetItemCommand', 'PutItemCommand', 'UpdateItemCommand', 'UpdateItemCommand']);
  });

  test('500 users: one each, forty side by side and never more: at 100 ms a write that is little over a second', async () => {
    const list = Array.from({ length: 500 }, (_, n) => ({ ...jdoe, userName: `user-${n}`, mobile: '13800000000' }));
    let waiting: (() => void)[] = [];
    let most = 0;
    installation.faults.next = () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        if (waiting.length < 40 && installation.calls.length > 5 && installation.calls.length < 505) return;
        for (const go of waiting) go();
        waiting = [];
      });
    await undisturbed('authSync', users(list));
    delete installation.faults.next;
    const reads = Array(5).fill('BatchGetItemCommand');
    expect(installation.calls).toEqual([...reads, ...Array(500).fill('UpdateItemCommand')]);
    expect(most).toBe(40);
    expect(await stored()).toHaveLength(500);
  });

  test('2,000 users in one call: one write each, and twenty reads; none for the same list again', async () => {
    const list = users(Array.from({ length: 2_000 }, (_, n) => ({ ...jdoe, userName: `user-${n}` })));
    const reads = Array(20).fill('BatchGetItemCommand');
    await undisturbed('authSync', list);
    expect(installation.calls).toEqual([...reads, ...Array(2_000).fill('UpdateItemCommand')]);
    installation.calls.length = 0;
    installation.time.now += 1_000;
    await undisturbed('authSync', list);
    expect(installation.calls).toEqual(reads);
  }, 300_000);
});

/** A call without the route's deadline, which a busy machine may miss. */
async function undisturbed(activity: 'authSync', message: Record<string, unknown>): Promise<void> {
  const { products, tools, time } = installation;
  const product = products.get('kit');
  if (product === undefined) throw new Error('There is no product kit.');
  const call: Call = {
    product: 'kit',
    family: 'kit-v2',
    keyClass: 'kit',
    accessKey: KEYS.kit[0] ?? '',
    activity,
    isTest: false,
    sentAt: time.now,
    nonce: 'n',
    body: message,
  };
  const { signal } = new AbortController();
  const answer = await kit[activity](call, tools, { product, receivedAt: time.now, signal });
  expect(answer.resultCode).toBe('000000');
}

describe('debugging calls', () => {
  const test1 = (message: Record<string, unknown>) => ({ ...message, testFlag: 1 });

  test.each(['v2', 'v1'] as const)('succeed in any order, twice in a row, without the table: %s', async (version) => {
    const rounds = [
      CALLS(),
      CALLS().reverse(),
      CALLS().map(([name, message]) => [name, { ...message, flag: 0 }] as const),
    ];
    for (const [activity, message] of rounds.flat()) {
      for (const _ of ['first', 'again']) {
        const { json } = await send(activity, test1(message), { version });
        expect([activity, json.resultCode]).toEqual([activity, '000000']);
      }
    }
    expect(installation.calls).toEqual([]);
  });

  test('are stored for a product that wants them, marked as tests', async () => {
    for (const [activity, message] of CALLS()) await send(activity, test1(message), { product: 'keeps' });
    const items = (await stored(`TENANT#keeps#${tenantId}`)).filter(({ kind }) => kind !== undefined);
    expect(items).toHaveLength(5);
    expect(items.every(({ isTest }) => isTest === true)).toBe(true);
    installation.time.now += 1;
    await send('tenantSync', tenant(), { product: 'keeps' });
    const real = (await stored(`TENANT#keeps#${tenantId}`)).find(({ kind }) => kind === 'tenant');
    expect(real).not.toHaveProperty('isTest');
  });

  test('show that the console has our public key, and that it has not', async () => {
    const { publicKey } = rsaPair();
    const foreign = { ...application(), testFlag: 1, clientSecret: encryptSecret(publicKey, 'x') };
    expect((await send('applicationSync', foreign)).json.resultCode).toBe('000101');
  });
});

describe('a client secret', () => {
  test.each([
    ['sha256', 'sha256'],
    ['sha256', 'sha1'],
    ['sha1', 'sha1'],
    ['sha1', 'sha256'],
  ] as const)('is opened, padded with %s and %s', async (hash, mgf1Hash) => {
    const clientSecret = encryptOaep(installation.kitPublicKey, 'opened', hash, mgf1Hash);
    expect((await send('applicationSync', { ...application(), clientSecret })).json.resultCode).toBe('000000');
    const [item] = await stored();
    const record = item?.record as { clientSecret: string } | undefined;
    expect(
      await installation.sealer.open('kit', record?.clientSecret ?? '', { pk: String(item?.pk), sk: String(item?.sk) }),
    ).toBe('opened');
  });

  const unfit: [string, () => string][] = [
    ['truncated', () => application().clientSecret.slice(0, -8)],
    ['of another key', () => encryptSecret(rsaPair().publicKey, 's')],
    ['of a larger key', () => encryptSecret(rsaPair(4096).publicKey, 's')],
    ['padded with another hash', () => encryptSecret(installation.kitPublicKey, 's', 'sha512')],
    ['no base64', () => '***'],
    ['in the clear', () => 'secret'],
    ['empty inside', () => encryptSecret(installation.kitPublicKey, '')],
  ];
  test.each(unfit)('%s is 000101, signed, and nothing is written', async (_, clientSecret) => {
    const answer = await send('applicationSync', { ...application(), clientSecret: clientSecret() });
    expect(answer.json).toEqual({ resultCode: '000101', resultMsg: expect.stringMatching(/public key/) });
    expect(bodySignHolds(KEYS.kit[0] ?? '', { headers: answer.headers, body: answer.text })).toBe(true);
    expect(installation.calls).toEqual([]);
  });

  test('is not even tried for a call whose signature is wrong', async () => {
    const answer = await send('applicationSync', { ...application(), clientSecret: 'x' }, { key: 'nobody' });
    expect(answer.json.resultCode).toBe('000001');
  });
});

describe('a call that is not in order is refused, signed with the Kit key, and nothing is written:', () => {
  const refused = async (answer: Awaited<ReturnType<typeof send>>, code: string, key = KEYS.kit[0] ?? '') => {
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ resultCode: code, resultMsg: expect.any(String) });
    expect(bodySignHolds(key, { headers: answer.headers, body: answer.text })).toBe(true);
    expect(installation.calls).toEqual([]);
  };

  test.each([
    ['signed with a key nobody knows', '000001', { key: 'nobody' }],
    ['signed 61 seconds ago', '000002', { at: -61_000 }],
    ['signed 61 seconds from now', '000002', { at: 61_000 }],
    ['without x-sign', '000001', { headers: { 'x-sign': '' } }],
    ['without x-timestamp', '000002', { headers: { 'x-timestamp': '' } }],
    ['without x-nonce', '000002', { headers: { 'x-nonce': '' } }],
    ['with a signature that is none', '000001', { headers: { 'x-sign': 'zz' } }],
    ['with the token of V1', '000001', { headers: { authtoken: 'x', 'x-sign': '0'.repeat(64) } }],
  ] as const)(
    '%s',
    async (_, code, { at, ...rest }: { at?: number; key?: string; headers?: Record<string, string> }) => {
      const options = { ...rest, ...(at === undefined ? {} : { at: installation.time.now + at }) };
      await refused(await send('tenantSync', tenant(), options), code);
    },
  );

  test('signed as the base interfaces are, in the query', async () => {
    const { now } = installation.time;
    const body = JSON.stringify({ ...tenant(), timeStamp: kitTime(now) });
    for (const key of [KEYS.kit[0] ?? '', KEYS.base[0] ?? '']) {
      const query = `signature=${sign(key, body, String(now), 'n')}&timestamp=${now}&nonce=n`;
      const headers = { 'x-sign': '', 'x-timestamp': '', 'x-nonce': '' };
      await refused(await send('tenantSync', body, { query, headers }), '000002');
    }
  });

  test('signed properly, with the key of the base interfaces', async () => {
    for (const version of ['v2', 'v1'] as const) {
      await refused(await send('tenantSync', tenant(), { version, key: KEYS.base[0] ?? '' }), '000001', KEYS.base[0]);
    }
  });

  test('a base call signed with the Kit key', async () => {
    const answer = await installation.call(
      { activity: 'releaseInstance', instanceId: 'i' },
      { product: 'kit', key: KEYS.kit[0] ?? '' },
    );
    await refused(answer, '000001');
  });

  test('with authToken in the body or in the query', async () => {
    const { now } = installation.time;
    const event = kitEvent('tenantSync', tenant(), now, { version: 'v1' });
    const token = String(event.headers.authtoken);
    const { authtoken: _, ...headers } = event.headers;
    await refused(await installation.deliver({ ...event, headers }), '000001');
    const inQuery = { ...event, headers, rawQueryString: `authToken=${encodeURIComponent(token)}` };
    await refused(await installation.deliver(inQuery), '000001');
    await refused(
      await installation.deliver({
        ...event,
        headers,
        body: event.body?.replace('{', `{"authToken":"${token}",`) ?? '',
      }),
      '000001',
    );
  });

  test.each([
    ['without timeStamp', (message: object) => ({ ...message, timeStamp: '' })],
    ['with a timeStamp that is none', (message: object) => ({ ...message, timeStamp: '2025-09-01' })],
  ])('V1 %s', async (_, change) => {
    await refused(await send('tenantSync', change(tenant()), { version: 'v1' }), '000002');
  });

  const bodies: [string, string, () => Record<string, unknown> | string][] = [
    ['users that are no list', 'authSync', () => users('jdoe')],
    ['a user without a name of the account', 'authSync', () => users([{ ...jdoe, userName: '' }])],
    ['a department that is its own parent', 'singleOrgSync', () => ({ ...department(), parentCode: '100' })],
    [
      'a tree with a department that is its own parent',
      'allOrgSync',
      () => tree([{ orgCode: 'a', orgName: 'A', parentCode: 'a' }]),
    ],
    [
      'a tree in a circle',
      'allOrgSync',
      () =>
        tree([
          { orgCode: 'a', orgName: 'A', parentCode: 'c' },
          { orgCode: 'b', orgName: 'B', parentCode: 'a' },
          { orgCode: 'c', orgName: 'C', parentCode: 'b' },
        ]),
    ],
    [
      'a tree with a department twice',
      'allOrgSync',
      () => tree([1, 2].map((n) => ({ orgCode: 'a', orgName: `A${n}` }))),
    ],
    ['a flag there is none of', 'tenantSync', () => ({ ...tenant(), flag: 3 })],
    ['a flag that is no number', 'authSync', () => ({ ...users(), flag: 'add' })],
    ['no tenant', 'tenantSync', () => ({ ...tenant(), tenantId: '' })],
    ['no domain', 'tenantSync', () => ({ ...tenant(), domainName: null })],
    ['no appId', 'applicationSync', () => ({ ...application(), appId: undefined })],
    ['an absurdly long id', 'tenantSync', () => ({ ...tenant(), tenantId: 'x'.repeat(257) })],
    [
      'ids that are too long together',
      'applicationSync',
      () => ({ ...application(), instanceId: '实'.repeat(256), appId: '用'.repeat(256) }),
    ],
    ['a test flag that is none', 'tenantSync', () => ({ ...tenant(), testFlag: 7 })],
    ['no JSON', 'tenantSync', () => 'hello'],
    ['a list', 'tenantSync', () => '[]'],
    ['a member twice with different values', 'tenantSync', () => '{"tenantId":"a","tenantId":"b"}'],
  ];
  test.each(bodies)('V2 with %s', async (_, activity, message) => {
    await refused(await send(activity, message()), '000002');
  });
});

test.each([
  ['a product without the Kit', 'plain', 'v2'],
  ['a product with the Kit’s other version', 'v2-only', 'v1'],
] as const)('%s knows no such path: 404', async (_, product, version) => {
  expect(await send('tenantSync', tenant(), { product, version })).toMatchObject({ status: 404, text: '' });
});

test.each(['produceAPI/v2/fooSync', 'produceAPI/v3/tenantSync', 'produceAPI', 'v2/tenantSync'])(
  '%s is no Kit path: 404',
  async (path) => {
    const event = kitEvent('tenantSync', tenant(), installation.time.now);
    const { status } = await installation.deliver({ ...event, pathParameters: { product: `kit/${path}` } });
    expect(status).toBe(404);
  },
);

test('another method is 405', async () => {
  const event = kitEvent('tenantSync', tenant(), installation.time.now);
  event.requestContext.http.method = 'GET';
  expect(await installation.deliver(event)).toMatchObject({ status: 405, headers: { Allow: 'POST' } });
});

test('500 users with every member filled fit into a call; three megabytes do not', async () => {
  const full = (n: number) => ({
    ...jdoe,
    userName: `u${n}`,
    name: '名'.repeat(64),
    position: '职'.repeat(64),
    email: `${'e'.repeat(116)}@example.com`,
    extension: { note: 'x'.repeat(1_000) },
  });
  const list = Array.from({ length: 500 }, (_, n) => full(n));
  expect((await send('authSync', { ...users(list), testFlag: 1 })).json.resultCode).toBe('000000');
  const large = await send('authSync', { ...users([]), note: 'x'.repeat(3_000_000) });
  expect(large.json).toEqual({ resultCode: '000002', resultMsg: expect.stringMatching(/larger than 2048 KB/) });
});
