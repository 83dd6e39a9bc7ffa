import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { signKitBody, verifyKitToken } from '../../../lib/protocol/kit/auth-token.ts';
import { KIT_MEMBER_NAMES } from '../../../lib/protocol/kit/names.ts';
import type { ClassedKey } from '../../../lib/protocol/query-signature.ts';
import { refused } from '../../support/refused.ts';

const timeStamp = '20250901173005123';
const sentAt = Date.UTC(2025, 8, 1, 9, 30, 5, 123);
const newest: ClassedKey = { keyClass: 'kit', key: '11111111-aaaa-4bbb-8ccc-000000000001' };
const older: ClassedKey = { keyClass: 'kit', key: '11111111-aaaa-4bbb-8ccc-000000000002' };
const keys = [newest, older];

/** The algorithm, written down a second time so that a mistake in the product shows. */
function token(key: string, texts: Record<string, string>): string {
  const names = Object.keys(texts).sort();
  const joined = names.map((name) => `${name}=${texts[name]}`).join('&');
  return createHmac('sha256', key + texts.timeStamp)
    .update(joined)
    .digest('base64');
}

const body = {
  flag: 1,
  instanceId: '',
  name: 'Acme & Söhne = ©',
  orgInfo: '[{"orgCode":"1"}]',
  testFlag: 0,
  timeStamp,
};
const texts = { flag: '1', name: body.name, orgInfo: body.orgInfo, testFlag: '0', timeStamp };

function call(value: unknown, authToken: string) {
  const raw = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return { keys, raw, headers: { authtoken: authToken } };
}

describe('the token of a V1 call', () => {
  test('is over the members that are not blank, which are all that is handed out', () => {
    const { instanceId: _, ...signed } = body;
    expect(signKitBody(older.key, JSON.stringify(body))).toBe(token(older.key, texts));
    const authToken = token(older.key, texts);
    expect(verifyKitToken(call(body, authToken))).toEqual({ ...older, body: signed, sentAt, authToken });
  });

  test.each(['', '  \t', null])('lets a member %j come and go, since it is not signed', (blank) => {
    const added = { ...body, parentCode: blank };
    expect(verifyKitToken(call(added, token(newest.key, texts)))?.body).not.toHaveProperty('parentCode');
  });

  test('counts a member absent that is blank, however often it is repeated', () => {
    const sent = `{"a":"","__proto__":" ","a":"","__proto__":" ","n":1,"timeStamp":"${timeStamp}"}`;
    const verified = verifyKitToken(call(sent, token(newest.key, { n: '1', timeStamp })));
    expect(verified?.body).toEqual({ n: 1, timeStamp });
  });

  test('of a body that tells no time is over the key alone and what there is', () => {
    const { timeStamp: _, ...timeless } = texts;
    const expected = createHmac('sha256', newest.key)
      .update(
        Object.entries(timeless)
          .map(([name, value]) => `${name}=${value}`)
          .join('&'),
      )
      .digest('base64');
    const { timeStamp: __, ...sent } = body;
    expect(signKitBody(newest.key, JSON.stringify(sent))).toBe(expected);
  });

  test('is found in the header whatever the case of its name', () => {
    const authToken = token(newest.key, texts);
    expect(verifyKitToken({ ...call(body, ''), headers: { AuthToken: authToken } })).toMatchObject(newest);
    expect(verifyKitToken({ ...call(body, ''), headers: { other: undefined, authToken } })).toMatchObject(newest);
  });

  test('takes numbers and lists by their compact text, and identical repeats once', () => {
    const sent = `{"n":1.0,"list":[ {"b":1, "a" : 2} ],"n":1.0,"t":"\\u0041","timeStamp":"${timeStamp}"}`;
    const authToken = token(newest.key, { n: '1.0', list: '[{"b":1,"a":2}]', t: 'A', timeStamp });
    expect(verifyKitToken(call(sent, authToken))?.body).toEqual({ n: 1, list: [{ b: 1, a: 2 }], t: 'A', timeStamp });
  });

  test('does not hold for another body, time or key', () => {
    const authToken = token(newest.key, texts);
    expect(verifyKitToken(call({ ...body, flag: 0 }, authToken))).toBeUndefined();
    expect(verifyKitToken(call({ ...body, more: 1 }, authToken))).toBeUndefined();
    expect(verifyKitToken(call({ ...body, timeStamp: '20250901173005124' }, authToken))).toBeUndefined();
    expect(verifyKitToken(call(body, token('another key', texts)))).toBeUndefined();
    expect(verifyKitToken(call(body, `${authToken} `))).toBeUndefined();
  });

  test('does not hold where a member hides in another one, though that signs the same', () => {
    const { testFlag: _, ...rest } = body;
    const merged = { ...rest, orgInfo: `${body.orgInfo}&testFlag=0` };
    expect(signKitBody(newest.key, JSON.stringify(merged))).toBe(token(newest.key, texts));
    expect(verifyKitToken(call(merged, token(newest.key, texts)))).toBeUndefined();
  });

  test.each(['flag', 'orgInfo', 'orgInfoList', 'userList'])('does not hold where a value hides %s', (name) => {
    const merged = { name: `Acme&${name}=1`, timeStamp };
    expect(verifyKitToken(call(merged, token(newest.key, merged)))).toBeUndefined();
  });

  test.each([
    ['000002', 'not a JSON object', '[]'],
    ['000002', 'not a JSON object', 'x'],
    ['000002', 'empty', ''],
    ['000002', 'twice', `{"flag":1,"flag":2,"timeStamp":"${timeStamp}"}`],
    ['000002', 'timeStamp', '{"flag":1}'],
    ['000002', 'timeStamp', '{"timeStamp":"20250230000000000"}'],
    ['000001', 'authToken is missing', JSON.stringify(body)],
  ])('is refused with %s and "%s" for %s', (resultCode, about, sent) => {
    expect(refused(() => verifyKitToken(call(sent, '')))).toMatchObject({
      resultCode,
      message: expect.stringContaining(about),
    });
  });

  test('is missed in headers that do not name it', () => {
    const headers = { 'content-type': 'application/json' };
    const refusal = refused(() => verifyKitToken({ ...call(body, ''), headers }));
    expect(refusal).toMatchObject({ resultCode: '000001', message: 'authToken is missing in the headers' });
  });

  test('holds for any order of any members, each with the value that was signed', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    const name = fc.constantFrom(...KIT_MEMBER_NAMES.filter((one) => one !== 'timeStamp'), 'other', '__proto__', '10');
    const members = fc.uniqueArray(fc.tuple(name, value), { selector: ([one]) => one });
    fc.assert(
      fc.property(members, (entries) => {
        const all = [...entries, ['timeStamp', timeStamp] as const];
        const sent = `{${all.map(([one, own]) => `${JSON.stringify(one)}:${JSON.stringify(own)}`).join(' ,')}}`;
        const signed = all.filter(([, own]) => own !== null && String(own).trim() !== '');
        const authToken = token(newest.key, Object.fromEntries(signed.map(([one, own]) => [one, String(own)])));
        const verified = verifyKitToken(call(sent, authToken));
        expect(Object.entries(verified?.body ?? {}).sort()).toEqual([...signed].sort());
      }),
    );
  });
});
