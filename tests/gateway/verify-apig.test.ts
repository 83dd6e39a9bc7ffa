import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { receivedCanonical } from '../../lib/gateway/canonical.ts';
import { type ApigOptions, verifyApig } from '../../lib/gateway/verify-apig.ts';
import { sdkSignature, stringToSign } from '../../lib/protocol/sdk-signature.ts';
import { vectorsOf } from '../support/vectors.ts';
import { APIG_VECTORS, type ApigVector, BASIC, PUBLISHED_CANONICAL, SIGN_KEYS, SIGNED_AT } from './vectors.ts';

type Headers = Readonly<Record<string, string>>;

const ACCESS = 'demo_sign_key_01';
const SECRET = SIGN_KEYS.demo_sign_key_01;
const [get, post, unsigned] = APIG_VECTORS as [ApigVector, ApigVector, ApigVector];
const received = (method: string, target: string, headers: Headers) => ({
  method,
  target,
  header: (name: string) => headers[name.toLowerCase()],
});
const credential = ({ signedHeaders, signature }: ApigVector) =>
  `SDK-HMAC-SHA256 Access=${ACCESS}, SignedHeaders=${signedHeaders}, Signature=${signature}`;

/** Signs a changed vector anew, so that nothing but the change can be what is refused. */
function signed(vector: ApigVector, headers: Headers, signedHeaders: string, bodyHash: string): ApigVector {
  const canonical = receivedCanonical(
    received(vector.method, vector.target, headers),
    signedHeaders.split(';'),
    bodyHash,
  );
  return {
    ...vector,
    headers,
    signedHeaders,
    signature: sdkSignature(SECRET, stringToSign(headers['x-sdk-date'] ?? '', canonical)),
  };
}

function verify(vector: ApigVector, options: Partial<ApigOptions> & { now?: number; authorization?: string } = {}) {
  const { now = SIGNED_AT, authorization = credential(vector), ...others } = options;
  const headers = { ...vector.headers, [(others.header ?? 'authorization').toLowerCase()]: authorization };
  const body = async () => Buffer.from(vector.body);
  return verifyApig(received(vector.method, vector.target, headers), body, { keys: SIGN_KEYS, ...others }, now);
}

describe('a call with the signature of the gateway', () => {
  test.each(APIG_VECTORS)('is admitted: $id', async (vector) => {
    const { method, target, body, headers, signedHeaders, canonicalHash } = vector;
    const last = headers['x-sdk-content-sha256'] ?? hash('sha256', body);
    expect(hash('sha256', receivedCanonical(received(method, target, headers), signedHeaders.split(';'), last))).toBe(
      canonicalHash,
    );
    expect(await verify(vector)).toEqual({ key: ACCESS, signedHeaders: signedHeaders.split(';') });
  });

  test('has the canonical form that is published', () => {
    const { method, target, headers, signedHeaders, canonicalHash } = PUBLISHED_CANONICAL;
    const canonical = receivedCanonical(
      received(method, target, headers),
      signedHeaders.split(';'),
      hash('sha256', ''),
    );
    expect(hash('sha256', canonical)).toBe(canonicalHash);
  });

  test.each(vectorsOf('sdk-hmac-sha256'))('has the canonical form of open APIs: $id', ({ keys, inputs, expected }) => {
    const { host, pathname, search } = new URL(inputs.url);
    const named = Object.entries({ host, ...inputs.headers }).map(([name, value]) => [name.toLowerCase(), value]);
    const headers: Headers = Object.fromEntries(named);
    const request = received(inputs.method, `${pathname}${search}`, headers);
    const canonical = receivedCanonical(request, inputs.signedHeaders.split(';'), hash('sha256', inputs.body));
    expect(canonical).toBe(expected.canonicalRequest);
    expect(sdkSignature(keys.sk, stringToSign(headers['x-sdk-date'] ?? '', canonical))).toBe(expected.signature);
  });

  test('may have no blanks after the commas, and stand in another header', async () => {
    const authorization = credential(get).replaceAll(', ', ',');
    expect((await verify(get, { authorization, header: 'X-Backend-Sign' })).key).toBe(ACCESS);
  });

  test('is admitted by either of two keys, and by either of two secrets of one', async () => {
    expect((await verify(get, { keys: { newer: 'another-secret-0002', ...SIGN_KEYS } })).key).toBe(ACCESS);
    expect((await verify(get, { keys: async () => ({ [ACCESS]: ['another-secret-0002', SECRET] }) })).key).toBe(ACCESS);
  });

  test('may come 15 minutes early or late', async () => {
    for (const ms of [-900_000, 900_000]) expect((await verify(get, { now: SIGNED_AT + ms })).key).toBe(ACCESS);
  });

  test('has path and query as they were sent: a plus is a plus, dots and doubled slashes stay', () => {
    const lines = receivedCanonical(received('get', '/a//../b%2fc/(d)?q=a+b&q=A&=&e&f=%zz?', {}), ['x'], '').split(
      '\n',
    );
    expect(lines.slice(0, 3)).toEqual(['GET', '/a//../b%2Fc/%28d%29/', '=&e=&f=%25zz%3F&q=A&q=a%2Bb']);
  });
});

describe('a call is refused', () => {
  const date = { host: 'backend.example.com', 'x-sdk-date': '20260301T080910Z' };
  const none = hash('sha256', '');
  const cases: (readonly [string, string, ApigVector, Parameters<typeof verify>[1]?])[] = [
    ['with another key', 'key-unknown', get, { keys: { other: SECRET } }],
    [
      'with the name of an inherited member as key',
      'key-unknown',
      get,
      { authorization: credential(get).replace(ACCESS, 'toString') },
    ],
    ['with another secret', 'signature', get, { keys: { [ACCESS]: 'demo-Sign-Secret-0002' } }],
    ['with another form of credential', 'credential-form', get, { authorization: BASIC.authorization }],
    ['whose time is not signed', 'date-unsigned', signed(get, date, 'host', none)],
    [
      'whose time has another form',
      'date-form',
      signed(get, { ...date, 'x-sdk-date': '2026-03-01T08:09:10Z' }, 'x-sdk-date', none),
    ],
    ['signed 16 minutes ago', 'date-outside', get, { now: SIGNED_AT + 960_000 }],
    ['signed in 16 minutes', 'date-outside', get, { now: SIGNED_AT - 960_000 }],
    ['that lacks a signed header', 'header-missing', signed(get, date, 'host;x-a;x-sdk-date', none)],
    [
      'that leaves a required header unsigned',
      'header-unsigned',
      signed(get, date, 'x-sdk-date', none),
      { requiredHeaders: ['Host'] },
    ],
    ['whose body has another byte', 'signature', { ...post, body: post.body.replace('1', '2') }],
    ['whose path is another', 'signature', { ...post, target: post.target.replace('red', 'bed') }],
    ['whose method is another', 'signature', { ...get, method: 'DELETE' }],
    [
      'that calls its body unsigned without signing that',
      'signature',
      signed(unsigned, unsigned.headers, 'host;x-sdk-date', 'UNSIGNED-PAYLOAD'),
    ],
  ];
  test.each(cases)('%s: %s', async (_, reason, ...[vector, options]) => {
    await expect(verify(vector, options)).rejects.toMatchObject({ status: 401, reason });
  });

  test('without a credential', async () => {
    const call = verifyApig(received('GET', '/', {}), async () => Buffer.of(), { keys: SIGN_KEYS }, SIGNED_AT);
    await expect(call).rejects.toMatchObject({ status: 401, reason: 'credential-missing' });
  });

  test('before its body is read, when that can be told', async () => {
    const body = async (): Promise<Buffer> => {
      throw new Error('The body was read.');
    };
    const headers = { ...get.headers, authorization: credential(get) };
    const late = verifyApig(received('GET', get.target, headers), body, { keys: SIGN_KEYS }, SIGNED_AT + 960_000);
    await expect(late).rejects.toMatchObject({ reason: 'date-outside' });
  });
});

test('a secret that proves nothing is an error of the seller', async () => {
  await expect(verify(get, { keys: { [ACCESS]: '' } })).rejects.toThrow(/fewer than 16 characters/);
});

test('a dedicated instance may use basic authentication, if the seller says so', async () => {
  const { keys, authorization } = BASIC;
  expect(await verify(get, { type: 'basic', keys, authorization })).toEqual({ key: 'demo_user', signedHeaders: [] });
  const wrong = verify(get, { type: 'basic', keys: { demo_user: 'demo-Secret-02' }, authorization });
  await expect(wrong).rejects.toMatchObject({ reason: 'signature' });
});
