import { describe, expect, test } from '@jest/globals';
import { defineProducts } from '../../lib/config/products.ts';
import { authenticate } from '../../lib/middleware/authenticate.ts';
import { OutsideProtocol, type RouteEvent, type RouteState } from '../../lib/middleware/route.ts';
import { signKitBody } from '../../lib/protocol/kit/auth-token.ts';
import { signKit } from '../../lib/protocol/kit/x-sign.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { type ProductSecrets, SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type CallOptions, routeEvent, sign } from '../support/route.ts';
import { getEvent, timeStampOf } from '../support/v1.ts';
import { routeRequest } from './support.ts';

const MAX_BODY = 256 * 1024;
const NOW = 1_700_000_000_000;
const KEYS: ProductSecrets = { accessKeys: { base: ['base-new', 'base-old'], general: ['general-new'] } };
const products = defineProducts({
  demo: { seller: demoSeller },
  mute: { seller: demoSeller, families: ['saas-v2'] },
  online: { seller: demoSeller, families: ['license-online', 'order-notify'] },
  old: { seller: demoSeller, families: ['saas-v1'] },
  both: { seller: demoSeller, families: ['saas-v1', 'saas-v2'] },
  kit: { seller: demoSeller, families: ['kit-v2', 'kit-v1'] },
});
const body = { activity: 'queryInstance', instanceId: 'i-1' };

function authenticated(
  key: string,
  payload: unknown = body,
  options: Partial<CallOptions> = {},
  own: () => Promise<ProductSecrets> = async () => KEYS,
) {
  return knocked(routeEvent(key, payload, { now: NOW, ...options }), own);
}

async function knocked(event: RouteEvent, own: () => Promise<ProductSecrets> = async () => KEYS) {
  const internal: RouteState = {};
  const { before } = authenticate({ products, secrets: { product: own }, clock: () => NOW });
  let error: unknown;
  try {
    await before?.(routeRequest({ event, internal }));
  } catch (thrown) {
    error = thrown;
  }
  return { error, internal, call: event.authenticated?.call };
}

const code = (error: unknown) => (error instanceof Refusal ? error.resultCode : error);

test('a well-signed call is proven: product, class, key, activity, time and members', async () => {
  const { call, internal } = await authenticated('base-new', body, { nonce: 'n-1' });
  expect(call).toEqual({
    product: 'demo',
    family: 'saas-v2',
    keyClass: 'base',
    accessKey: 'base-new',
    activity: 'queryInstance',
    isTest: false,
    sentAt: NOW,
    nonce: `n-1${NOW}`,
    body,
  });
  expect(internal.answerKey).toBe('base-new');
});

test('a call of the Kit is proven by its headers, in either version', async () => {
  const own = async () => ({ accessKeys: { kit: ['kit-new'] } });
  const sent = { timeStamp: '20231115061320000', tenantId: 't-1' };
  const text = JSON.stringify(sent);
  const token = signKitBody('kit-new', text);
  const v2 = { 'x-sign': signKit('kit-new', text, `${NOW}`, 'n-1'), 'x-timestamp': `${NOW}`, 'x-nonce': 'n-1' };
  for (const [path, headers, proven] of [
    ['v2/tenantSync', v2, { family: 'kit-v2', nonce: `n-1${NOW}` }],
    ['tenantSync', { authtoken: token }, { family: 'kit-v1', nonce: token }],
  ] as const) {
    const event = routeEvent('', text, { product: `kit/produceAPI/${path}`, now: NOW });
    const { call, internal } = await knocked({ ...event, headers }, own);
    expect(call).toEqual({
      ...proven,
      product: 'kit',
      keyClass: 'kit',
      accessKey: 'kit-new',
      activity: 'tenantSync',
      isTest: false,
      sentAt: NOW,
      body: sent,
    });
    expect(internal.answerKey).toBe('kit-new');
  }
});

test('the older key still verifies, and answers what it verified', async () => {
  const { call, internal } = await authenticated('base-old');
  expect(call?.accessKey).toBe('base-old');
  expect(internal.answerKey).toBe('base-old');
});

test('a body wrapped in base64 by the gateway is verified on its bytes', async () => {
  expect((await authenticated('base-new', body, { base64: true })).call?.body).toEqual(body);
});

test('what is executed is what was signed: the canonical form where that one matched', async () => {
  const canonical = JSON.stringify({ activity: 'queryInstance', instanceId: 'i-1' });
  const sent = '{ "instanceId" : "i-1", "remark": null, "activity":"queryInstance" }';
  const signature = sign('base-new', canonical, String(NOW), 'n1');
  const { call } = await authenticated('base-new', sent, { signature, nonce: 'n1' });
  expect(call?.body).toEqual(body);
});

test('the general key signs an order notification, and its answer', async () => {
  const notice = { activity: 'orderNotify', orderId: 'o', orderLineId: 'l' };
  const { call, internal } = await authenticated('general-new', notice);
  expect(call?.keyClass).toBe('general');
  expect(internal.answerKey).toBe('general-new');
});

test.each([
  ['an order notification under the base key', 'base-new', { activity: 'orderNotify', orderId: 'o', orderLineId: 'l' }],
  ['a base call under the general key', 'general-new', body],
])('%s is 000001', async (_, key, payload) => {
  expect(code((await authenticated(key, payload)).error)).toBe('000001');
});

describe('a refusal says what was wrong and what to check', () => {
  const knock = (product: string, headers: Record<string, string>) => ({
    ...routeEvent('', '{"timeStamp":"20231115061320000"}', { product, now: NOW }),
    headers,
  });
  const unknown = 'activity is missing or unknown; check the spelling and the interface version';
  test.each<[string, string, RouteEvent]>([
    [
      'signature does not match; check the access key bound to this address and that the body arrives unchanged',
      '000001',
      routeEvent('other', body, { now: NOW }),
    ],
    [
      'authToken does not match; check the access key bound to this address and that the query arrives unchanged',
      '000001',
      getEvent('other', body, { product: 'old', now: NOW }),
    ],
    [
      'x-sign does not match; check that the key is the one of the Kit interfaces and that the body arrives unchanged',
      '000001',
      knock('kit/produceAPI/v2/tenantSync', { 'x-sign': 'A'.repeat(64), 'x-timestamp': `${NOW}`, 'x-nonce': 'n' }),
    ],
    [
      'authToken does not match; check that the key is the one of the Kit interfaces and that the body arrives unchanged',
      '000001',
      knock('kit/produceAPI/tenantSync', { authtoken: 'A' }),
    ],
    [unknown, '000002', routeEvent('base-new', {}, { now: NOW })],
    [unknown, '000002', routeEvent('base-new', { activity: 'tenantSync' }, { now: NOW })],
    [unknown, '000002', routeEvent('base-new', { activity: ['queryInstance'] }, { now: NOW })],
    [
      'this product takes no orderNotify: its families do not have it',
      '000002',
      routeEvent('base-new', { activity: 'orderNotify' }, { now: NOW, product: 'mute' }),
    ],
    [
      'orderNotify must be signed with the access key of the class general',
      '000001',
      routeEvent('base-new', { activity: 'orderNotify' }, { now: NOW }),
    ],
    [
      'newInstance must be signed with the access key of the class base or license',
      '000001',
      routeEvent('general-new', { activity: 'newInstance' }, { now: NOW, product: 'online' }),
    ],
  ])('%s (%s)', async (message, resultCode, event) => {
    const own = { accessKeys: { ...KEYS.accessKeys, kit: ['kit-new'] } };
    const { error } = await knocked(event, async () => own);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ resultCode, message });
  });
});

test('a call that several families of a product have is of the one that comes this way', async () => {
  expect((await authenticated('base-new', body, { product: 'both' })).call?.family).toBe('saas-v2');
  const { call } = await knocked(getEvent('base-new', body, { product: 'both', now: NOW }));
  expect(call).toMatchObject({ family: 'saas-v1', sentAt: NOW, nonce: timeStampOf(NOW) });
});

test('a family the product does not have is refused', async () => {
  const notice = { activity: 'orderNotify', orderId: 'o', orderLineId: 'l' };
  expect(code((await authenticated('base-new', notice, { product: 'mute' })).error)).toBe('000002');
  expect(code((await authenticated('general-new', notice, { product: 'mute' })).error)).toBe('000001');
});

test.each<[string, string, Partial<CallOptions>]>([
  ['a wrong key', '000001', { signature: sign('other', JSON.stringify(body), String(NOW), 'n'), nonce: 'n' }],
  ['a truncated signature', '000001', { signature: 'AB' }],
  ['a signature that is not hex', '000001', { signature: 'z'.repeat(64) }],
  ['no signature', '000001', { query: `timestamp=${NOW}&nonce=n` }],
  ['no timestamp', '000002', { query: `signature=${'A'.repeat(64)}&nonce=n` }],
  ['no nonce', '000002', { query: `signature=${'A'.repeat(64)}&timestamp=${NOW}` }],
  ['an empty query', '000002', { query: '' }],
  ['a nonce given twice', '000002', { query: `signature=${'A'.repeat(64)}&timestamp=${NOW}&nonce=n&nonce=n` }],
  ['a signature given twice', '000001', { query: `signature=a&signature=b&timestamp=${NOW}&nonce=n` }],
  ['a time 61 s past', '000002', { timestamp: String(NOW - 61_000) }],
  ['a time 61 s ahead', '000002', { timestamp: String(NOW + 61_000) }],
  ['a time that is no number', '000002', { timestamp: '17000000000ab' }],
])('%s is %s, signed with the newest base key', async (_, expected, options) => {
  const { error, internal, call } = await authenticated('base-new', body, options);
  expect(code(error)).toBe(expected);
  expect(internal.answerKey).toBe('base-new');
  expect(call).toBeUndefined();
});

test('a refusal before any key has verified is signed with the key of what the product sells, not of its notices', async () => {
  const { error, internal } = await authenticated('other', body, { product: 'online' });
  expect(code(error)).toBe('000001');
  expect(internal.answerKey).toBe('base-new');
});

test('a time in seconds is understood', async () => {
  const { call } = await authenticated('base-new', body, { timestamp: String(NOW / 1000) });
  expect(call?.sentAt).toBe(NOW);
});

test('a digit moved from the nonce to the timestamp does not pass, although the signed text is the same', async () => {
  const signature = sign('base-new', JSON.stringify(body), String(NOW), 'abc1');
  for (const [nonce, timestamp] of [
    ['abc', `1${NOW}`],
    [`abc1${String(NOW)[0]}`, String(NOW).slice(1)],
  ] as const) {
    const { error } = await authenticated('base-new', body, { signature, nonce, timestamp });
    expect(code(error)).toBe('000002');
  }
});

test.each<[string, unknown]>([
  ['not JSON', 'hello'],
  ['empty', ''],
  ['an array', '[]'],
  ['a text', '"x"'],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['a name twice', '{"activity":"queryInstance","instanceId":"a","instanceId":"b"}'],
  ['ten levels deep', `{"activity":"queryInstance","instanceId":"a","x":${'['.repeat(10)}${']'.repeat(10)}}`],
  ['without activity', '{}'],
  ['of an unknown activity', '{"activity":"toString"}'],
  ['of an activity that is no text', '{"activity":1}'],
  ['with a test flag that is none', '{"activity":"queryInstance","instanceId":"a","testFlag":"yes"}'],
])('a well-signed body that is %s is 000002', async (_, payload) => {
  expect(code((await authenticated('base-new', payload, { base64: true })).error)).toBe('000002');
});

test('a request without a body, which gateways hand over as null or not at all, is 000002 if it was signed', async () => {
  for (const absent of [null, undefined]) {
    const event: object = { ...routeEvent('base-new', '', { now: NOW }), body: absent };
    const request = routeRequest({ event: event as RouteEvent });
    const { before } = authenticate({ products, secrets: { product: async () => KEYS }, clock: () => NOW });
    const refusal = await Promise.resolve(before?.(request)).catch((error: unknown) => error);
    expect(code(refusal)).toBe('000002');
  }
});

test('a body over 256 KB is refused before it is hashed, wrapped or not', async () => {
  const large = `{"activity":"${'x'.repeat(MAX_BODY)}"}`;
  expect(code((await authenticated('base-new', large)).error)).toBe('000002');
  expect(code((await authenticated('base-new', large, { base64: true })).error)).toBe('000002');
});

test('a body is measured in bytes: one more than 256 KB is refused, however few characters it came in', async () => {
  for (const body of ['ä'.repeat(MAX_BODY / 2 + 1), Buffer.alloc(MAX_BODY + 1).toString('base64')]) {
    const event = routeEvent('base-new', body, { now: NOW });
    const isBase64Encoded = !body.startsWith('ä');
    const request = routeRequest({ event: { ...event, isBase64Encoded } });
    const { before } = authenticate({ products, secrets: { product: async () => KEYS }, clock: () => NOW });
    await expect(before?.(request)).rejects.toThrow('body is larger than 256 KB');
  }
});

test('a call that is signed without its body may still not have one of over 64 KB', async () => {
  const event = getEvent('base-new', { activity: 'queryInstance', instanceId: 'i-1' }, { product: 'old', now: NOW });
  for (const [bytes, message] of [
    [64 * 1024, undefined],
    [64 * 1024 + 3, 'body is larger than 64 KB'],
  ] as const) {
    for (const encoding of ['base64', 'utf8'] as const) {
      const body = Buffer.alloc(bytes, 'x').toString(encoding);
      const { error } = await knocked({ ...event, body, isBase64Encoded: encoding === 'base64' });
      expect(error instanceof Refusal ? error.message : error).toBe(message);
    }
  }
});

test('a body of exactly 256 KB is verified', async () => {
  const start = '{"activity":"queryInstance","instanceId":"a","x":"';
  const full = `${start}${'x'.repeat(MAX_BODY - start.length - 2)}"}`;
  expect((await authenticated('base-new', full)).error).toBeUndefined();
  expect((await authenticated('base-new', full, { base64: true })).error).toBeUndefined();
});

test('a member called __proto__ is an ordinary one', async () => {
  const { call } = await authenticated(
    'base-new',
    '{"activity":"queryInstance","instanceId":"a","__proto__":{"isTest":1}}',
  );
  expect(call?.isTest).toBe(false);
  expect(Object.getPrototypeOf({})).not.toHaveProperty('isTest');
});

test.each<[string, string, Partial<CallOptions>]>([
  ['an unknown product', 'no such product', { product: 'nobody' }],
  ['no product', 'no such product', { product: '' }],
  ['the name of an object’s own method', 'no such product', { product: 'constructor' }],
  ['a path below the product', 'nothing is called by this path', { product: 'demo/produceAPI/v2/tenantSync' }],
  ['a path below it, by GET', 'nothing is called by this path', { product: 'old/produceAPI', method: 'GET' }],
])('%s is 404: %s', async (_, message, options) => {
  const { error } = await authenticated('base-new', body, options);
  expect(error).toBeInstanceOf(OutsideProtocol);
  expect(error).toMatchObject({ statusCode: 404, message });
});

describe('a gateway that tells less than ours', () => {
  const told = async (less: object, key = 'base-new') => {
    const event: RouteEvent = { ...routeEvent(key, body, { now: NOW }), ...less };
    const { before } = authenticate({ products, secrets: { product: async () => KEYS }, clock: () => NOW });
    const error = await Promise.resolve(before?.(routeRequest({ event }))).catch((thrown: unknown) => thrown);
    return { error, call: event.authenticated?.call };
  };

  test('of the path gives the whole of it, from which the product is read', async () => {
    const rawPath = '/stage/produce/demo';
    expect((await told({ pathParameters: undefined, rawPath })).call?.product).toBe('demo');
    expect((await told({ pathParameters: {}, rawPath })).call?.product).toBe('demo');
  });

  test('of no path at all leads to no product', async () => {
    expect((await told({ pathParameters: undefined, rawPath: undefined })).error).toMatchObject({ statusCode: 404 });
  });

  test('of no query leaves a call unsigned, by whichever door it comes', async () => {
    const { requestContext } = routeEvent('', '', { now: NOW, method: 'GET' });
    expect(code((await told({ rawQueryString: undefined })).error)).toBe('000002');
    const get = { rawQueryString: undefined, requestContext, pathParameters: { product: 'old' } };
    expect(code((await told(get)).error)).toBe('000002');
  });
});

test('a slash at the end of the product is overlooked', async () => {
  expect((await authenticated('base-new', body, { product: 'demo/' })).error).toBeUndefined();
});

test.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('%s is 405', async (method) => {
  const expected = { statusCode: 405, message: `the method is not ${method}` };
  const { error } = await authenticated('base-new', body, { method });
  expect(error).toMatchObject({ ...expected, allow: 'POST' });
});

test('405 names every method that is taken', async () => {
  const { error } = await authenticated('base-new', body, { product: 'both', method: 'PUT' });
  expect(error).toMatchObject({ statusCode: 405, allow: 'POST, GET' });
});

test('while the keys cannot be had, nothing is said: 503', async () => {
  const cause = new SecretsUnavailable('products/demo');
  const { error, internal } = await authenticated('base-new', body, {}, () => Promise.reject(cause));
  expect(error).toMatchObject({ statusCode: 503, message: 'keys unavailable', cause });
  expect(internal.answerKey).toBeUndefined();
});

test('a failure to read the keys that is no want of them is a defect, and not taken for one', async () => {
  const defect = new TypeError('undefined is not a function');
  expect((await authenticated('base-new', body, {}, () => Promise.reject(defect))).error).toBe(defect);
});

test('a product that has keys for its notices alone signs its refusals with them', async () => {
  const own = { accessKeys: { general: ['general-new'] } };
  const { error, internal } = await authenticated('base-new', body, {}, async () => own);
  expect(code(error)).toBe('000001');
  expect(internal.answerKey).toBe('general-new');
});

test('keys that were exchanged hold from the next call on, and those of before no more', async () => {
  let own: ProductSecrets = KEYS;
  const { before } = authenticate({ products, secrets: { product: async () => own }, clock: () => NOW });
  const answered = async (key: string) => {
    const internal: RouteState = {};
    const request = routeRequest({ event: routeEvent(key, body, { now: NOW }), internal });
    const error = await Promise.resolve(before?.(request)).catch((thrown: unknown) => thrown);
    return [code(error), internal.answerKey];
  };
  expect(await answered('base-old')).toEqual([undefined, 'base-old']);
  expect(await answered('base-new')).toEqual([undefined, 'base-new']);
  own = { accessKeys: { base: ['base-next', 'base-new'] } };
  expect(await answered('base-next')).toEqual([undefined, 'base-next']);
  expect(await answered('base-old')).toEqual(['000001', 'base-next']);
});

test('of two products that are handed the same keys each tries those that its own families use', async () => {
  const { before } = authenticate({ products, secrets: { product: async () => KEYS }, clock: () => NOW });
  const notice = { activity: 'orderNotify', orderId: 'o', orderLineId: 'l' };
  const refusal = async (product: string) => {
    const request = routeRequest({ event: routeEvent('general-new', notice, { now: NOW, product }) });
    return code(await Promise.resolve(before?.(request)).catch((thrown: unknown) => thrown));
  };
  expect([await refusal('demo'), await refusal('mute'), await refusal('demo')]).toEqual([
    undefined,
    '000001',
    undefined,
  ]);
});

test('a product without a single key is 503', async () => {
  const { error } = await authenticated('base-new', body, {}, async () => ({ accessKeys: {} }));
  expect(error).toMatchObject({ statusCode: 503, message: 'product "demo" has no access key' });
});
