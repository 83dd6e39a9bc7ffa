import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Nonsense, readDone, readProvisioned as readFor, readIssued } from '../../lib/fulfilment/hook-answers.ts';

const frontEndUrl = 'https://tenant.example.com';

const readProvisioned = (answer: unknown) =>
  readFor(answer, { credentials: { scheme: 'plain' }, families: ['saas-v2'] });

describe('what provision answers', () => {
  test('is access, without members that nobody knows', () => {
    const access = { frontEndUrl, userName: 'u', password: 'p', memo: '首次登录', extra: 1, adminUrl: undefined };
    expect(readProvisioned({ access })).toEqual({
      kind: 'done',
      access: { frontEndUrl, userName: 'u', password: 'p', memo: '首次登录' },
    });
  });

  test('is a refusal with a code that sellers may give', () => {
    expect(readProvisioned({ refused: { resultCode: '000103' } })).toEqual({
      kind: 'refused',
      resultCode: '000103',
      resultMsg: 'product cannot be bought again',
    });
    expect(readProvisioned({ refused: { resultCode: '000005', resultMsg: 'm'.repeat(999) } })).toMatchObject({
      resultMsg: 'm'.repeat(255),
    });
  });

  test('is a failure with its reason', () => {
    expect(readProvisioned({ failed: { reason: 'r'.repeat(9_999) } })).toEqual({
      kind: 'failed',
      reason: 'r'.repeat(500),
    });
  });

  test.each(['000000', '000001', '000002', '000003', '000004', '123456', 5, 'toString'])(
    'is no refusal with the code %p',
    (resultCode) => expect(() => readProvisioned({ refused: { resultCode } })).toThrow(Nonsense),
  );

  test.each([
    ['frontEndUrl', 513],
    ['adminUrl', 513],
    ['userName', 129],
    ['password', 129],
    ['memo', 1_025],
  ])('must not be longer in %s than the marketplace takes, and the value is not told', (name, length) => {
    const value = 'x'.repeat(length);
    const read = () => readProvisioned({ access: { frontEndUrl, [name]: value } });
    expect(read).toThrow(`access.${name}`);
    expect(read).not.toThrow('xxxx');
    expect(readProvisioned({ access: { frontEndUrl, [name]: value.slice(1) } })).toMatchObject({ kind: 'done' });
  });

  test('is either understood or nonsense, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (answer) => {
        try {
          expect(['done', 'refused', 'failed']).toContain(readProvisioned(answer).kind);
        } catch (error) {
          expect(error).toBeInstanceOf(Nonsense);
        }
      }),
    );
  });
});

describe('what other hooks answer', () => {
  test('is nothing, or a failure', () => {
    expect(readDone('freeze', undefined)).toEqual({ kind: 'done' });
    expect(readDone('freeze', null)).toEqual({ kind: 'done' });
    expect(readDone('freeze', { failed: { reason: 'no' } })).toEqual({ kind: 'failed', reason: 'no' });
  });

  test.each([true, 'done', 0, {}, [], { failed: true }, { failed: {} }, { access: { frontEndUrl } }])(
    'is not %p',
    (answer) => {
      expect(() => readDone('freeze', answer)).toThrow('freeze has to answer');
    },
  );
});

describe('what provision answers depends on the product', () => {
  const v1 = { credentials: { scheme: 'aes-256' }, families: ['saas-v1'] } as const;
  const licenses = { credentials: { scheme: 'plain' }, families: ['license-online', 'order-notify'] } as const;

  test('a purchase of software ends in access', () => {
    expect(() => readProvisioned({})).toThrow(Nonsense);
    expect(() => readFor({}, v1)).toThrow(Nonsense);
  });

  test('one of a product that only issues licences may end in nothing', () => {
    expect(readFor({}, licenses)).toEqual({ kind: 'done' });
    expect(readFor({ access: { frontEndUrl } }, licenses)).toEqual({ kind: 'done', access: { frontEndUrl } });
  });

  test.each(['userName', 'password'])('V1.0: %s has at most 79 bytes, and the error shows nothing of it', (name) => {
    const answer = (value: string) => ({ access: { frontEndUrl, [name]: value } });
    expect(readFor(answer('x'.repeat(79)), v1)).toMatchObject({ kind: 'done' });
    expect(readFor(answer(`${'密'.repeat(26)}x`), v1)).toMatchObject({ kind: 'done' });
    expect(() => readFor(answer('secret-'.repeat(12)), v1)).toThrow(/79 bytes.*check access\.\w+/);
    expect(() => readFor(answer('密'.repeat(27)), v1)).toThrow(Nonsense);
    expect(() => readFor(answer('secret-'.repeat(12)), v1)).not.toThrow(/secret-/);
  });

  test.each([
    ['sha256', 318],
    ['sha1', 342],
  ] as const)('rsa-oaep with %s: as many bytes as the smallest key takes, %i', (hash, most) => {
    const product = { credentials: { scheme: 'rsa-oaep', hash, mgf1Hash: hash }, families: ['saas-v2'] } as const;
    const answer = (password: string) => ({ access: { frontEndUrl, password } });
    expect(readFor(answer('密'.repeat(Math.floor(most / 3))), product)).toMatchObject({ kind: 'done' });
    expect(() => readFor(answer('密'.repeat(Math.floor(most / 3) + 1)), product)).toThrow(`${most} bytes`);
    expect(() => readFor(answer('x'.repeat(129)), product)).toThrow(Nonsense);
  });

  test('one that takes V1.0 beside V2.0 has the shorter limit of the two', () => {
    const product = { credentials: { scheme: 'plain' }, families: ['saas-v2', 'saas-v1'] } as const;
    const answer = (password: string) => ({ access: { frontEndUrl, password } });
    expect(readFor(answer('x'.repeat(79)), product)).toMatchObject({ kind: 'done' });
    expect(() => readFor(answer('x'.repeat(80)), product)).toThrow('79 bytes');
  });

  test.each(['000900', '000901', '000902', '000903'])('%s refuses applications, not purchases', (resultCode) => {
    const answer = { refused: { resultCode } };
    expect(() => readProvisioned(answer)).toThrow(Nonsense);
    expect(readIssued(answer)).toEqual({ kind: 'refused', resultCode, resultMsg: expect.any(String) });
  });
});

describe('what issueLicense answers', () => {
  test('is the licence', () => {
    expect(readIssued({ license: 'text' })).toEqual({ kind: 'done', license: 'text' });
    const file = { name: 'a.lic', base64: 'QQ==' };
    expect(readIssued({ file })).toEqual({ kind: 'done', license: file });
  });

  test.each([
    undefined,
    null,
    {},
    { license: '' },
    { license: 1 },
    { file: { name: 'a.lic' } },
    { file: { name: '../a', base64: 'QQ==' } },
  ])('and never %p', (answer) => expect(() => readIssued(answer)).toThrow(Nonsense));
});
