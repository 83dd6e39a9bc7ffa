import { constants, privateDecrypt } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type CredentialScheme, defineProducts, type Product } from '../../lib/config/products.ts';
import { encryptCredentials } from '../../lib/middleware/encrypt-credentials.ts';
import type { Answer, RouteState } from '../../lib/middleware/route.ts';
import type { Family } from '../../lib/protocol/call.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { openValue } from '../../scripts/marketplace/protocol/aes.ts';
import { rsaPair } from '../support/rsa.ts';
import { recordingLog, routeRequest } from './support.ts';

const { publicKey, privateKey } = rsaPair();
const credentialsKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const appInfo = { frontEndUrl: 'https://a.example.com', userName: 'owner', password: 'pä$$wörd', memo: 'hello' };
const answer: Answer = { resultCode: '000000', resultMsg: '', info: [{ instanceId: 'i', appInfo }] };

function productOf(credentials: CredentialScheme): Product {
  const [product] = defineProducts({ demo: { credentials, seller: demoSeller } }).values();
  if (product === undefined) throw new Error('There is no product.');
  return product;
}

function encrypted(credentials: CredentialScheme, response: Answer = answer, key: string | undefined = credentialsKey) {
  const internal: RouteState = {
    product: productOf(credentials),
    secrets: { accessKeys: {}, ...(key === undefined ? {} : { credentialsKey: key }) },
  };
  const request = routeRequest({ internal, response });
  encryptCredentials({ log: recordingLog() }).after?.(request);
  return request.response as Answer;
}

test('rsa-oaep closes user name and password so that only the marketplace opens them', () => {
  const { userName, password, ...rest } =
    encrypted({ scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' }).info?.[0]?.appInfo ?? appInfo;
  const open = (text = '') =>
    privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(text, 'base64'),
    ).toString();
  expect(open(userName)).toBe('owner');
  expect(open(password)).toBe('pä$$wörd');
  expect(userName).toHaveLength(512);
  expect(rest).toEqual({ frontEndUrl: 'https://a.example.com', memo: 'hello' });
});

test('plain leaves them as the V2.0 documents have them', () => {
  expect(encrypted({ scheme: 'plain' })).toEqual(answer);
});

test('access without credentials stays without', () => {
  const bare: Answer = { ...answer, info: [{ instanceId: 'i', appInfo: { frontEndUrl: 'https://a.example.com' } }] };
  expect(encrypted({ scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' }, bare)).toEqual(bare);
});

test('an instance without access passes beside one that has it', () => {
  const two: Answer = { ...answer, info: [{ instanceId: 'bare' }, { instanceId: 'i', appInfo }] };
  const [bare, other] = encrypted({ scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' }, two).info ?? [];
  expect(bare).toEqual({ instanceId: 'bare' });
  expect(other?.appInfo?.password).toHaveLength(512);
});

test.each(['aes-256', 'aes-128'] as const)('%s lets nothing out if no key has verified the call', (scheme) => {
  expect(() => encrypted({ scheme })).toThrow('no key has verified a call');
});

test('an answer whose instances have no access needs no key, and names no cipher', () => {
  const bare: Answer = { ...answer, info: [{ instanceId: 'i' }] };
  expect(encrypted({ scheme: 'aes-256' }, bare)).toBe(bare);
});

test.each<[string, RouteState, Answer | undefined]>([
  ['no answer at all', { product: productOf({ scheme: 'aes-256' }) }, undefined],
  ['an answer of no product', {}, { resultCode: '000000', resultMsg: '' }],
])('%s passes', (_, internal, response) => {
  const request = routeRequest({ internal, ...(response === undefined ? {} : { response }) });
  encryptCredentials({ log: recordingLog() }).after?.(request);
  expect(request.response).toBe(response ?? null);
});

test('an answer without instances passes', () => {
  const done: Answer = { resultCode: '000000', resultMsg: '' };
  expect(encrypted({ scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' }, done)).toBe(done);
});

test.each<[string, RouteState]>([
  ['a public key', { secrets: { accessKeys: { base: ['key'] } } }],
  ['secrets', {}],
])('without %s nothing leaves in the clear', (_, state) => {
  const product = productOf({ scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' });
  const request = routeRequest({ internal: { product, ...state }, response: answer });
  expect(() => encryptCredentials({ log: recordingLog() }).after?.(request)).toThrow(
    'Product "demo" encrypts credentials with rsa-oaep but has no public key set.',
  );
});

test('a key below 3072 bit is refused', () => {
  const weak = rsaPair(2048).publicKey.export({ type: 'spki', format: 'pem' });
  expect(() => encrypted({ scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' }, answer, weak.toString())).toThrow(
    /3072/,
  );
});

test('an exchanged key is used from then on', () => {
  const next = rsaPair();
  const middleware = encryptCredentials({ log: recordingLog() });
  const product = productOf({ scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' });
  const run = (key: string) => {
    const request = routeRequest({
      internal: { product, secrets: { accessKeys: {}, credentialsKey: key } },
      response: answer,
    });
    middleware.after?.(request);
    return (request.response as Answer).info?.[0]?.appInfo?.password ?? '';
  };
  run(credentialsKey);
  const opened = privateDecrypt(
    { key: next.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(run(next.publicKey.export({ type: 'spki', format: 'pem' }).toString()), 'base64'),
  );
  expect(opened.toString()).toBe('pä$$wörd');
});

test.each([
  ['aes-256', '1'],
  ['aes-128', '2'],
] as const)('%s closes them with the key that verified the call, wherever they stand', (scheme, encryptType) => {
  const call = { accessKey: 'the-key-that-verified' } as NonNullable<RouteState['call']>;
  const request = routeRequest({
    internal: { product: productOf({ scheme }), call },
    response: { ...answer, appInfo },
  });
  encryptCredentials({ log: recordingLog() }).after?.(request);
  const closed = request.response as Answer;
  expect(closed.encryptType).toBe(encryptType);
  for (const access of [closed.appInfo, closed.info?.[0]?.appInfo]) {
    expect(openValue('the-key-that-verified', encryptType, access?.userName ?? '')).toBe('owner');
    expect(openValue('the-key-that-verified', encryptType, access?.password ?? '')).toBe('pä$$wörd');
    expect(access?.memo).toBe('hello');
  }
});

describe('a product that takes V1.0 and V2.0', () => {
  const both = (settings: object) => {
    const [product] = defineProducts({
      demo: { seller: demoSeller, families: ['saas-v1', 'saas-v2'], ...settings },
    }).values();
    return (family: Family) => {
      const call = { accessKey: 'the-key-that-verified', family } as NonNullable<RouteState['call']>;
      const secrets = { accessKeys: {}, credentialsKey };
      const request = routeRequest({
        internal: { ...(product === undefined ? {} : { product }), call, secrets },
        response: answer,
      });
      encryptCredentials({ log: recordingLog() }).after?.(request);
      return request.response as Answer;
    };
  };

  test.each([
    ['nothing', {}, '1'],
    ['AES alone, as before', { credentials: { scheme: 'aes-128' } }, '2'],
    ['plain, and a key size for V1.0', { credentials: { scheme: 'plain' }, credentialsV1: { scheme: 'aes-128' } }, '2'],
  ] as const)('and says %s: V1.0 has AES, V2.0 plain text and no encryptType', (_, settings, encryptType) => {
    const closed = both(settings)('saas-v1');
    expect(closed.encryptType).toBe(encryptType);
    expect(openValue('the-key-that-verified', encryptType, closed.info?.[0]?.appInfo?.userName ?? '')).toBe('owner');
    expect(both(settings)('saas-v2')).toEqual(answer);
  });

  test('may have rsa-oaep for V2.0', () => {
    const answered = both({ credentials: { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' } });
    expect(answered('saas-v2').info?.[0]?.appInfo?.userName).toHaveLength(512);
    expect(answered('saas-v2')).not.toHaveProperty('encryptType');
    expect(answered('saas-v1').encryptType).toBe('1');
  });
});

describe('an instance whose texts are too long to be encrypted', () => {
  const scheme = { scheme: 'rsa-oaep', hash: 'sha256', mgf1Hash: 'sha256' } as const;
  const faulty = { instanceId: 'faulty', appInfo: { ...appInfo, password: '密'.repeat(110) } };

  test('is left out, named and counted; its neighbours are answered', () => {
    const log = recordingLog();
    const internal: RouteState = { product: productOf(scheme), secrets: { accessKeys: {}, credentialsKey } };
    const request = routeRequest({ internal, response: { ...answer, info: [faulty, { instanceId: 'i', appInfo }] } });
    encryptCredentials({ log }).after?.(request);
    expect((request.response as Answer).info?.map(({ instanceId }) => instanceId)).toEqual(['i']);
    expect(log.entries).toMatchObject([
      { level: 'error', fields: { fields: { instanceId: 'faulty' } } },
      { level: 'metric', message: 'FaultyInstance' },
    ]);
  });

  test('fails the answer where it is alone', () => {
    expect(() => encrypted(scheme, { ...answer, info: [faulty] })).toThrow(RangeError);
  });
});
