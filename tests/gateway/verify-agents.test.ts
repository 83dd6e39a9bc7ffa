import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { verifyAgents } from '../../lib/gateway/verify-agents.ts';
import { APP_KEYS, ISSUED_AT, TOKENS } from './vectors.ts';

const SECRET = APP_KEYS['demo-app-key'];
const HEADER = { alg: 'HS256', sign_type: 'SIGN' };
const CLAIMS = { api_key: 'demo-app-key', timestamp: ISSUED_AT };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(header: object, claims: object, secret: string = SECRET): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const verify = (text: string | undefined, now = ISSUED_AT) => verifyAgents(text, APP_KEYS, now);

describe('a token of the gateway', () => {
  test.each(Object.entries(TOKENS))('is admitted bare and after Bearer: %s', async (_, text) => {
    for (const form of [text, `Bearer ${text}`, `bearer  ${text}`]) {
      expect(await verify(form, ISSUED_AT + 299_000)).toEqual({ key: 'demo-app-key' });
    }
  });

  test.each(Object.entries(TOKENS))('ends five minutes and the skew after its issue: %s', async (_, text) => {
    expect(await verify(text, ISSUED_AT + 360_000)).toEqual({ key: 'demo-app-key' });
    await expect(verify(text, ISSUED_AT + 360_001)).rejects.toMatchObject({ status: 401, reason: 'date-outside' });
    await expect(verify(text, ISSUED_AT - 60_001)).rejects.toMatchObject({ status: 401, reason: 'date-outside' });
  });

  test('needs neither `exp` nor `sign_type`', async () => {
    const text = token({ alg: 'HS256' }, CLAIMS);
    expect(await verify(text)).toEqual({ key: 'demo-app-key' });
    await expect(verify(text, ISSUED_AT + 360_001)).rejects.toMatchObject({ reason: 'date-outside' });
  });

  test('is admitted by either of two secrets', async () => {
    const keys = { 'demo-app-key': ['another-secret-0123456789', SECRET] };
    expect(await verifyAgents(token(HEADER, CLAIMS), keys, ISSUED_AT)).toEqual({ key: 'demo-app-key' });
  });
});

describe('a token is refused', () => {
  const cases: (readonly [string, string, string | undefined])[] = [
    ['if there is none', 'credential-missing', undefined],
    ['that is none', 'credential-form', 'Bearer abc'],
    ['whose parts are no JSON', 'credential-form', 'YQ.YQ.YQ'],
    ['without a key', 'credential-form', token(HEADER, { timestamp: ISSUED_AT })],
    ['of an unknown key', 'key-unknown', token(HEADER, { ...CLAIMS, api_key: 'other' })],
    ['of the name of an inherited member', 'key-unknown', token(HEADER, { ...CLAIMS, api_key: 'constructor' })],
    ['without an algorithm', 'algorithm', token({ alg: 'none' }, CLAIMS)],
    ['with another algorithm', 'algorithm', token({ alg: 'HS512' }, CLAIMS)],
    ['for another purpose', 'algorithm', token({ alg: 'HS256', sign_type: 'ENCRYPT' }, CLAIMS)],
    ['signed with another secret', 'signature', token(HEADER, CLAIMS, 'another-secret-0123456789')],
    ['without a time of issue', 'date-form', token(HEADER, { api_key: 'demo-app-key', exp: ISSUED_AT })],
    ['with a text as its end', 'date-form', token(HEADER, { ...CLAIMS, exp: `${ISSUED_AT}` })],
    [
      'issued ten minutes ago whose end lies ahead',
      'date-outside',
      token(HEADER, { ...CLAIMS, timestamp: ISSUED_AT - 600_000, exp: ISSUED_AT + 300_000 }),
    ],
    ['that has ended although it is new', 'date-outside', token(HEADER, { ...CLAIMS, exp: ISSUED_AT / 1_000 - 61 })],
  ];
  test.each(cases)('%s: %s', async (_, reason, text) => {
    await expect(verify(text)).rejects.toMatchObject({ status: 401, reason });
  });

  test('with one character changed, wherever', async () => {
    const [head = '', payload = '', signature = ''] = TOKENS['agents-jwt-exp-seconds'].split('.');
    await expect(verify(`${head}.${payload}.${signature.slice(0, -1)}d`)).rejects.toMatchObject({
      reason: 'signature',
    });
    await expect(verify(`${head}.${payload}.`)).rejects.toMatchObject({ reason: 'credential-form' });
  });
});
