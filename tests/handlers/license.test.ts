import { createPublicKey } from 'node:crypto';
import { Readable } from 'node:stream';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { jwtVerify } from 'jose';
import { MAX_LICENSE_BYTES } from '../../lib/fulfilment/license-file.ts';
import type { LicenseApplication } from '../../lib/seller/license-contract.ts';
import { demoLicenseSeller, ISSUER } from '../../scripts/dev/samples/demo-licenses.ts';
import { type Installation, KEYS, order as orderOf, startInstallation } from '../support/installation.ts';
import { bodySignHolds } from '../support/route.ts';
import { getEvent } from '../support/v1.ts';

/** A file that never ends. */
async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(64 * 1_024);
}

type Message = Readonly<Record<string, unknown>>;

const LICENSE_KEY = KEYS.license[0] ?? '';
const BASE_KEY = KEYS.base[0] ?? '';
const FINGERPRINT = '00:00:5E:00:53:01|DISK-1|BOARD-1|CPU-1';

let installation: Installation;
let serial = 0;
/** Set to make issuing slow, or to fail. */
let issuing: ((application: LicenseApplication) => unknown) | undefined;
let delivering: (() => Promise<void>) | undefined;
const applications: LicenseApplication[] = [];

const seller = {
  ...demoLicenseSeller,
  issueLicense: async (...args: Parameters<NonNullable<typeof demoLicenseSeller.issueLicense>>) => {
    applications.push(args[0]);
    return ((await issuing?.(args[0])) ?? demoLicenseSeller.issueLicense?.(...args)) as never;
  },
};

beforeAll(async () => {
  installation = await startInstallation(
    {
      license: { seller, families: ['license-2', 'license-1'] },
      online: { seller, families: ['license-online', 'order-notify'] },
      plain: { seller },
    },
    {
      deliver: async () => delivering?.(),
      queryOrder: async (orderId, orderLineId) => {
        if (orderId.startsWith('UNREADABLE')) throw new Error('The marketplace does not answer.');
        return orderOf(orderId, orderLineId);
      },
    },
  );
});
afterAll(() => installation.stop());
beforeEach(() => {
  serial += 1;
  installation.time.now += 1_000;
  installation.calls.length = 0;
  installation.delivered.length = 0;
  applications.length = 0;
  issuing = undefined;
  delivering = undefined;
});

async function send(message: Message, product = 'online', key = product === 'online' ? BASE_KEY : LICENSE_KEY) {
  installation.time.now += 1;
  const answer = await installation.call(message, { product, key });
  expect(bodySignHolds(key, { headers: answer.headers, body: answer.text })).toBe(true);
  return answer.json;
}

const verify = (license: string) =>
  jwtVerify(license, createPublicKey(installation.licenseKey), {
    issuer: ISSUER,
    algorithms: ['EdDSA'],
    currentDate: new Date(installation.time.now),
  });

describe('License 2.0', () => {
  const code = () => `LIC-${serial}`;
  const renewal = () => ({
    activity: 'refreshLicenseCode',
    license: code(),
    scene: 'RENEWAL',
    orderId: 'R',
    orderLineId: 'R-1',
    expireTime: '20261001115959',
  });

  test('a code lives: renewed, frozen, valid again, released', async () => {
    const steps: [Message, string][] = [
      [renewal(), '000000'],
      [renewal(), '000000'],
      [{ activity: 'updateLicenseCodeStatus', license: code(), status: 'FREEZE' }, '000000'],
      [{ activity: 'updateLicenseCodeStatus', license: code(), status: 'FREEZE' }, '000000'],
      [{ activity: 'updateLicenseCodeStatus', license: code(), status: 'UNFREEZE' }, '000000'],
      [{ activity: 'releaseLicenseCode', license: code(), orderId: 'X', orderLineId: 'X-1' }, '000000'],
      [{ activity: 'releaseLicenseCode', license: code() }, '000000'],
      [renewal(), '000003'],
    ];
    for (const [message, expected] of steps) {
      expect((await send(message, 'license')).resultCode).toBe(expected);
      await installation.sweep();
    }
  });

  test.each<[string, Message]>([
    ['no code', { activity: 'releaseLicenseCode' }],
    ['no date', { activity: 'refreshLicenseCode', license: 'L', scene: 'RENEWAL', orderId: 'o', orderLineId: 'l' }],
    [
      'a scene that licences do not have',
      {
        activity: 'refreshLicenseCode',
        license: 'L',
        scene: 'TRIAL_TO_FORMAL',
        orderId: 'o',
        orderLineId: 'l',
        expireTime: '20261001115959',
      },
    ],
    ['a status that is none', { activity: 'updateLicenseCodeStatus', license: 'L', status: 'NORMAL' }],
    ['an activity of another family', { activity: 'newInstance', orderId: 'o', orderLineId: 'l' }],
  ])('%s is refused and changes nothing', async (_, message) => {
    expect((await send(message, 'license')).resultCode).toBe('000002');
    expect(installation.calls).toEqual([]);
  });

  test('the key of another class is refused', async () => {
    for (const key of [BASE_KEY, KEYS.general[0] ?? '']) {
      const answer = await installation.call(renewal(), { product: 'license', key });
      expect(answer.json.resultCode).toBe('000001');
    }
    expect(installation.calls).toEqual([]);
  });
});

describe('the online License', () => {
  const bought = async () => {
    const order = { orderId: `CS${serial}`, orderLineId: `CS${serial}-1` };
    const { instanceId } = await send({ activity: 'newInstance', businessId: 'b', ...order });
    await installation.sweep();
    installation.calls.length = 0;
    return String(instanceId);
  };
  const application = (instanceId: string, more: Message = {}): Message => ({
    activity: 'getLicenseAsync',
    instanceId,
    eventId: `evt-${serial}`,
    effectiveTime: '2023-09-01 10:30:15 z',
    expireTime: '2099-09-01 10:30:15 z',
    deviceFingerprint: FINGERPRINT,
    ...more,
  });

  test('a device applies and is given a licence that verifies offline, under its event', async () => {
    const instanceId = await bought();
    expect(await send(application(instanceId))).toEqual({ resultCode: '000000', resultMsg: 'success.' });
    expect(installation.delivered).toEqual([]); // answered at once, delivered later
    await installation.sweep();
    expect(installation.delivered).toEqual([{ eventId: `evt-${serial}`, license: expect.any(String) }]);
    const { payload, protectedHeader } = await verify(installation.delivered[0]?.license ?? '');
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'JWT' });
    expect(payload).toEqual({
      iss: ISSUER,
      sub: instanceId,
      jti: `evt-${serial}`,
      product: 'online',
      device: FINGERPRINT,
      nbf: Date.parse('2023-09-01T10:30:15Z') / 1_000,
      exp: Date.parse('2099-09-01T10:30:15Z') / 1_000,
    });
  });

  test('the same event and fingerprint never yield a second licence, in whatever form the times come', async () => {
    const instanceId = await bought();
    const other = { effectiveTime: '20230901103015', expireTime: '20990901103015000' };
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => send(application(instanceId))),
      send(application(instanceId, other)),
    ]);
    expect(answers.filter(({ resultCode }) => resultCode !== '000000')).toEqual([]);
    await installation.sweep();
    await send(application(instanceId, other));
    await installation.sweep();
    expect(applications).toHaveLength(1);
    expect(installation.delivered).toHaveLength(1);
  });

  test('another fingerprint, or another event, is another licence', async () => {
    const instanceId = await bought();
    await send(application(instanceId));
    await send(application(instanceId, { deviceFingerprint: 'another' }));
    await send(application(instanceId, { eventId: `evt-${serial}-b` }));
    await installation.sweep();
    expect(new Set(installation.delivered.map(({ license }) => license)).size).toBe(3);
  });

  test('a delivery that fails is repeated with the same licence; nothing is issued anew', async () => {
    const instanceId = await bought();
    delivering = () => Promise.reject(new Error('no line'));
    await send(application(instanceId));
    for (let round = 0; round < 3; round += 1) {
      await installation.sweep();
      installation.time.now += 60_000;
    }
    expect(installation.delivered).toEqual([]);
    delivering = undefined;
    await installation.sweep();
    expect(applications).toHaveLength(1);
    expect(installation.delivered).toHaveLength(1);
  });

  test('a seller that is down is asked again with the same application', async () => {
    const instanceId = await bought();
    issuing = () => Promise.reject(new Error('down'));
    expect((await send(application(instanceId))).resultCode).toBe('000000');
    issuing = undefined;
    installation.time.now += 60_000;
    await installation.sweep();
    expect(applications[1]).toEqual(applications[0]); // the sealed request was opened
    expect(installation.delivered).toHaveLength(1);
  });

  test('a period licence without expireTime is 000902 before its order was read, too', async () => {
    const order = { orderId: `CS${serial}`, orderLineId: `CS${serial}-1` };
    const { instanceId } = await send({ activity: 'newInstance', businessId: 'b', ...order });
    const without = application(String(instanceId), { expireTime: undefined });
    const before = (await send(without)).resultCode;
    await installation.sweep();
    expect([before, (await send(without)).resultCode]).toEqual(['000902', '000902']);
    await installation.sweep();
    expect(applications).toEqual([]);
  });

  test('while the order cannot be read, an application without expireTime is neither accepted nor refused for good', async () => {
    const order = { orderId: `UNREADABLE${serial}`, orderLineId: `CS${serial}-1` };
    const { instanceId } = await send({ activity: 'newInstance', businessId: 'b', ...order });
    expect((await send(application(String(instanceId), { expireTime: undefined }))).resultCode).toBe('000005');
    expect((await send(application(String(instanceId)))).resultCode).toBe('000000');
  });

  test.each<[string, unknown, string, string | undefined]>([
    ['a short text', { license: 'A-B-C' }, 'A-B-C', undefined],
    ['bytes', { file: { name: 'a.lic', content: Buffer.from('bytes') } }, 'bytes', 'a.lic'],
    ['a Blob', { file: { name: 'a.lic', content: new Blob(['of ', 'a blob']) } }, 'of a blob', 'a.lic'],
    [
      'a stream',
      { file: { name: 'a.lic', content: Readable.from([Buffer.from('in '), Buffer.from('parts')]) } },
      'in parts',
      'a.lic',
    ],
  ])('a licence may be %s, and is delivered as it is', async (_, answer, content, file) => {
    const instanceId = await bought();
    issuing = () => answer;
    expect((await send(application(instanceId))).resultCode).toBe('000000');
    await installation.sweep();
    expect(installation.delivered).toEqual([
      { eventId: `evt-${serial}`, license: content, ...(file === undefined ? {} : { file }) },
    ]);
  });

  test('a file whose delivery fails is kept, sealed, and delivered again without asking for it anew', async () => {
    const instanceId = await bought();
    issuing = () => ({ file: { name: 'a.lic', content: Readable.from([Buffer.from('once')]) } });
    delivering = () => Promise.reject(new Error('no line'));
    await send(application(instanceId));
    await installation.sweep();
    delivering = undefined;
    installation.time.now += 60_000;
    await installation.sweep();
    expect([applications.length, installation.delivered.length]).toEqual([1, 1]);
    expect(installation.delivered[0]).toMatchObject({ license: 'once', file: 'a.lic' });
  });

  test.each<[string, () => unknown]>([
    ['a text', () => ({ license: 'x'.repeat(MAX_LICENSE_BYTES + 1) })],
    ['bytes', () => ({ file: { name: 'a.lic', content: Buffer.alloc(MAX_LICENSE_BYTES + 1) } })],
    ['an endless stream', () => ({ file: { name: 'a.lic', content: endless() } })],
  ])('%s larger than is kept is refused at the hook: the device is not told success', async (_, answer) => {
    const instanceId = await bought();
    issuing = answer;
    expect((await send(application(instanceId))).resultCode).toBe('000005');
    expect(installation.delivered).toEqual([]);
    issuing = () => ({ license: 'small enough' });
    expect((await send(application(instanceId))).resultCode).toBe('000000'); // its repeat is tried again
    await installation.sweep();
    expect(installation.delivered).toMatchObject([{ license: 'small enough' }]);
  });

  test('the largest file there may be fits the item that keeps it', async () => {
    const instanceId = await bought();
    issuing = () => ({ file: { name: 'n'.repeat(1_024), content: Buffer.alloc(MAX_LICENSE_BYTES, 'x') } });
    const answer = await send(application(instanceId, { deviceFingerprint: 'f'.repeat(1_024) }));
    expect(answer.resultCode).toBe('000000');
    await installation.sweep();
    expect(installation.delivered[0]?.license).toHaveLength(MAX_LICENSE_BYTES);
  });

  test('an application that comes before the instance is provisioned waits for it', async () => {
    const order = { orderId: `CS${serial}`, orderLineId: `CS${serial}-1` };
    const { instanceId } = await send({ activity: 'newInstance', businessId: 'b', ...order });
    expect((await send(application(String(instanceId)))).resultCode).toBe('000000');
    for (let round = 0; round < 3; round += 1) {
      await installation.sweep();
      installation.time.now += 60_000;
    }
    expect(installation.delivered).toHaveLength(1);
  });

  test.each<[string, Message, string]>([
    ['000902', { expireTime: undefined }, 'a period licence without its end'],
    ['000901', { expireTime: '20200101000000' }, 'a date outside the order'],
    ['000903', { deviceFingerprint: '' }, 'no fingerprint'],
  ])('the answer is %s for: %j %s', async (code, more) => {
    const instanceId = await bought();
    expect((await send(application(instanceId, more))).resultCode).toBe(code);
    expect((await send(application(instanceId, more))).resultCode).toBe(code);
    await installation.sweep();
    expect(installation.delivered).toEqual([]);
  });

  test('the answer is 000900 once all seats have licences; a device that has one may apply again', async () => {
    const instanceId = await bought(); // ten seats
    const codes = [];
    for (let device = 1; device <= 11; device += 1) {
      const more = { eventId: `evt-${serial}-${device}`, deviceFingerprint: `D${device}` };
      codes.push((await send(application(instanceId, more))).resultCode);
    }
    expect(codes).toEqual([...Array(10).fill('000000'), '000900']);
    const again = application(instanceId, { eventId: `evt-${serial}-again`, deviceFingerprint: 'D1' });
    expect((await send(again)).resultCode).toBe('000000');
  });

  test('a licence for an instance that was released, or that nobody bought, is 000003', async () => {
    const instanceId = await bought();
    await send({ activity: 'releaseInstance', instanceId });
    installation.calls.length = 0;
    expect((await send(application(instanceId))).resultCode).toBe('000003');
    expect((await send(application('nobody'))).resultCode).toBe('000003');
    expect(installation.calls).toEqual(['BatchGetItemCommand', 'BatchGetItemCommand']);
    await installation.sweep();
    expect(applications).toEqual([]);
  });

  test('an instance released between application and issue gets no licence', async () => {
    const instanceId = await bought();
    issuing = () => Promise.reject(new Error('down'));
    await send(application(instanceId));
    await send({ activity: 'releaseInstance', instanceId });
    issuing = undefined;
    installation.time.now += 60_000;
    await installation.sweep();
    expect([applications.length, installation.delivered.length]).toEqual([1, 0]);
  });

  test('an event of one instance is not answered for another', async () => {
    const first = await bought();
    serial += 1;
    const second = await bought();
    await send(application(first, { eventId: 'evt-shared' }));
    expect((await send(application(second, { eventId: 'evt-shared' }))).resultCode).toBe('000002');
  });

  test.each<[string, Message]>([
    ['no event', { eventId: '' }],
    ['no start', { effectiveTime: undefined }],
    ['a time in another zone', { effectiveTime: '2025-09-01 10:30:15 +08:00' }],
    ['a fingerprint of more than 5 KB', { deviceFingerprint: 'x'.repeat(5_121) }],
  ])('%s is refused and changes nothing', async (_, more) => {
    expect((await send(application('i', more))).resultCode).toBe('000002');
    expect(installation.calls).toEqual([]);
  });

  test('licences and fingerprints are not in the clear in the table', async () => {
    const instanceId = await bought();
    await send(application(instanceId, { deviceFingerprint: 'a-device-of-somebody' }));
    await installation.sweep();
    const { client, table } = installation.engine;
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table.name, ConsistentRead: true }));
    const own = Items.filter(({ pk }) => !pk?.S?.startsWith('NOTE#')); // what the seller keeps is the seller's affair
    expect(JSON.stringify(own)).not.toContain('a-device-of-somebody');
    expect(JSON.stringify(own)).not.toContain(installation.delivered[0]?.license.slice(-40));
  });

  test('DynamoDB calls: a look at the instance, a put, and what issuing inline needs', async () => {
    const instanceId = await bought();
    await send(application(instanceId));
    expect(installation.calls).toEqual([
      'BatchGetItemCommand', // the instance
      'PutItemCommand', // the application, held
      'GetItemCommand', // as it was put
      'GetItemCommand', // the instance again: it may have been released
      'GetItemCommand', // the demo seller's notes
      'PutItemCommand',
      'PutItemCommand', // the audit entry
      'UpdateItemCommand', // the licence, sealed
    ]);
    installation.calls.length = 0;
    await send(application(instanceId));
    expect(installation.calls).toEqual(['BatchGetItemCommand', 'PutItemCommand']);
  });
});

describe('License 1.0', () => {
  const get = async (parameters: Readonly<Record<string, string>>, key = LICENSE_KEY) => {
    installation.time.now += 1;
    const event = getEvent(key, parameters, { product: 'license', now: installation.time.now });
    const answer = await installation.deliver(event);
    expect(bodySignHolds(key, { headers: answer.headers, body: answer.text })).toBe(true);
    return answer.json;
  };
  const purchase = () => ({ activity: 'getLicense', customerId: 'c', customerName: '演示', orderId: `CS${serial}` });

  test('the answer is the licence, and stays the same', async () => {
    const first = await get({ ...purchase(), productId: 'p', expireTime: '20991231155959' });
    expect(first).toEqual({
      resultCode: '000000',
      resultMsg: 'success.',
      instanceId: expect.any(String),
      license: expect.any(String),
    });
    const { payload } = await verify(String(first.license));
    expect(payload).toMatchObject({ sub: first.instanceId, jti: `CS${serial}`, exp: expect.any(Number) });
    expect(applications[0]?.order).toMatchObject({ orderId: `CS${serial}`, buyer: { customerName: '演示' } });
    expect(await get(purchase())).toEqual(first);
    expect(applications).toHaveLength(1);
  });

  test('is 000004 while the seller is down, and the retry finds it done', async () => {
    issuing = () => Promise.reject(new Error('down'));
    expect(await get(purchase())).toMatchObject({ resultCode: '000004' });
    issuing = undefined;
    installation.time.now += 60_000;
    await installation.sweep();
    expect(await get(purchase())).toMatchObject({ resultCode: '000000', license: expect.any(String) });
  });

  test('lives on: expired, renewed, released', async () => {
    const instanceId = String((await get(purchase())).instanceId);
    const renewal = { activity: 'refreshLicense', instanceId, orderId: 'R', expireTime: '20991231155959' };
    for (const parameters of [
      { activity: 'expireLicense', instanceId },
      renewal,
      renewal,
      { activity: 'releaseLicense', instanceId, orderId: `CS${serial}` },
      { activity: 'releaseLicense', instanceId, orderId: `CS${serial}` },
    ]) {
      expect((await get(parameters)).resultCode).toBe('000000');
      await installation.sweep();
    }
    expect((await get(renewal)).resultCode).toBe('000003');
    expect(await get(purchase())).toEqual({ resultCode: '000000', resultMsg: 'success.', instanceId });
  });

  test('either key class that may sign it does; others do not', async () => {
    expect((await get(purchase(), BASE_KEY)).resultCode).toBe('000000');
    const event = getEvent(KEYS.general[0] ?? '', purchase(), { product: 'license', now: installation.time.now });
    expect((await installation.deliver(event)).json.resultCode).toBe('000001');
  });
});

/** https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649282.html and …167 to …169: debugging cases. */
const TESTED: readonly [product: string, message: Message][] = [
  [
    'license',
    {
      activity: 'refreshLicenseCode',
      license: 'L',
      scene: 'RENEWAL',
      orderId: 'o',
      orderLineId: 'l',
      expireTime: '20261001115959',
    },
  ],
  [
    'license',
    {
      activity: 'refreshLicenseCode',
      license: 'L',
      scene: 'UNSUBSCRIBE_RENEWAL_PERIOD',
      orderId: 'o',
      orderLineId: 'l',
      expireTime: '20261001115959',
    },
  ],
  ['license', { activity: 'updateLicenseCodeStatus', license: 'L', status: 'FREEZE' }],
  ['license', { activity: 'updateLicenseCodeStatus', license: 'L', status: 'UNFREEZE' }],
  ['license', { activity: 'releaseLicenseCode', license: 'L' }],
  ['online', { activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' }],
  [
    'online',
    {
      activity: 'refreshInstance',
      scene: 'RENEWAL',
      instanceId: 'i',
      orderId: 'o',
      orderLineId: 'l',
      expireTime: '20261001115959',
    },
  ],
  ['online', { activity: 'updateInstanceStatus', instanceId: 'i', status: 'FREEZE' }],
  ['online', { activity: 'releaseInstance', instanceId: 'i' }],
  ['online', { activity: 'getLicenseAsync', instanceId: 'i', eventId: 'e', effectiveTime: '2025-09-01 10:30:15 z' }],
];
const TESTED_GET: readonly Readonly<Record<string, string>>[] = [
  { activity: 'getLicense', customerId: 'c', orderId: 'o' },
  { activity: 'refreshLicense', instanceId: 'i', orderId: 'o', expireTime: '20261001115959' },
  { activity: 'expireLicense', instanceId: 'i' },
  { activity: 'releaseLicense', instanceId: 'i', orderId: 'o' },
];

test.each([
  ['in order', TESTED, TESTED_GET],
  ['the other way round', TESTED.toReversed(), TESTED_GET.toReversed()],
])(
  'the required debugging cases succeed %s, twice in a row, without the table and the seller',
  async (_, posts, gets) => {
    for (const [product, message] of posts) {
      const test1 = { ...message, testFlag: '1' };
      const first = await send(test1, product);
      expect({ message, code: first.resultCode }).toEqual({ message, code: '000000' });
      expect(await send(test1, product)).toEqual(first);
    }
    for (const parameters of gets) {
      const now = installation.time.now;
      const event = getEvent(LICENSE_KEY, { ...parameters, testFlag: '1' }, { product: 'license', now });
      const first = await installation.deliver(event);
      expect({ parameters, code: first.json.resultCode }).toEqual({ parameters, code: '000000' });
      expect(await installation.deliver(event)).toEqual(first);
    }
    expect(installation.calls).toEqual([]);
    expect([applications, installation.delivered]).toEqual([[], []]);
  },
);
