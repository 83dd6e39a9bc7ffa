import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Nonsense, readDone, readProvisioned } from '../../lib/fulfilment/hook-answers.ts';

const frontEndUrl = 'https://tenant.example.com';

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
