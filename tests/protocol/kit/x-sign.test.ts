import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalForm } from '../../../lib/protocol/canonical-form.ts';
import { parseKitBody, readKitHeaders, signKit, verifyKit } from '../../../lib/protocol/kit/x-sign.ts';
import { type ClassedKey, signQuery } from '../../../lib/protocol/query-signature.ts';
import { noisyMembers } from '../../support/json-noise.ts';
import { refused } from '../../support/refused.ts';
import { vectorsOf } from '../../support/vectors.ts';

const timestamp = '1763000000000';
const nonce = 'Of4lsV7H1qrzVDI5';
const newest: ClassedKey = { keyClass: 'kit', key: '11111111-aaaa-4bbb-8ccc-000000000001' };
const older: ClassedKey = { keyClass: 'kit', key: '11111111-aaaa-4bbb-8ccc-000000000002' };
const keys = [newest, older];

/** A call signed with `key` over `payload`, whose body arrives as `raw`. */
function call(key: string, payload: string, raw: string | Buffer = payload) {
  return { keys, raw: Buffer.from(raw), signature: signKit(key, payload, timestamp, nonce), timestamp, nonce };
}

describe('the published values', () => {
  test.each(vectorsOf('kit-x-sign'))('$id', ({ keys: { accessKey }, inputs, expected }) => {
    const { body, xTimestamp, xNonce } = inputs;
    expect(createHmac('sha256', accessKey).update(expected.canonical).digest('hex').toUpperCase()).toBe(expected.xSign);
    expect(signKit(accessKey, body, xTimestamp, xNonce)).toBe(expected.xSign);
    const raw = Buffer.from(body);
    const one: ClassedKey[] = [{ keyClass: 'kit', key: accessKey }];
    const signed = { keys: one, timestamp: xTimestamp, nonce: xNonce, signature: expected.xSign };
    expect(verifyKit({ ...signed, raw })).toEqual({ ...one[0], form: raw });
    const shuffled = `{ ${body
      .slice(1, -1)
      .split(/,(?="t)/)
      .reverse()
      .join(' , ')} }`;
    expect(verifyKit({ ...signed, raw: Buffer.from(shuffled) })).toEqual({ ...one[0], form: Buffer.from(body) });
  });
});

describe('verifying a call', () => {
  const body = '{"tenantId":"t-1","flag":1}';

  test('tells which key signed the bytes, in either case of hex', () => {
    const signed = call(older.key, body);
    const expected = { ...older, form: Buffer.from(body) };
    expect(verifyKit(signed)).toEqual(expected);
    expect(verifyKit({ ...signed, signature: signed.signature.toLowerCase() })).toEqual(expected);
  });

  test.each([
    ['another body', { raw: Buffer.from('{"tenantId":"t-2","flag":1}') }],
    ['another nonce', { nonce: `${nonce}x` }],
    ['another time', { timestamp: '1763000000001' }],
    ['a digit pushed from the time to the body', { timestamp: '176300000000', raw: Buffer.from(`0${body}`) }],
    ['seconds with milliseconds pushed to the body', { timestamp: '1763000000', raw: Buffer.from(`000${body}`) }],
    ['a digit pushed from the time to the nonce', { timestamp: '763000000000', nonce: `${nonce}1` }],
    ['a signature cut short', { signature: 'ABCD' }],
    ['no signature', { signature: '' }],
    ['no hex', { signature: 'x'.repeat(64) }],
    ['something before the signature', { signature: ` ${call(newest.key, body).signature}` }],
    ['something behind the signature', { signature: `${call(newest.key, body).signature} ` }],
    ['a body that is no JSON', { raw: Buffer.from('tenantId=t-1') }],
    ['a body that is no UTF-8', { raw: Buffer.from([0x7b, 0xff, 0x7d]) }],
    ['a body that repeats a member with another value', { raw: Buffer.from('{"flag":1,"flag":2}') }],
  ])('does not accept %s', (what, change) => {
    const verified = verifyKit({ ...call(newest.key, body), ...change });
    // What an HMAC over a plain concatenation cannot tell apart must fail for another reason: it is no JSON object.
    if (what.includes('seconds')) expect(refused(() => parseKitBody(verified?.form ?? '')).resultCode).toBe('000002');
    else expect(verified).toBeUndefined();
  });

  test('does not accept the signature of the query scheme', () => {
    const signature = signQuery(newest.key, body, timestamp, nonce);
    expect(verifyKit({ ...call(newest.key, body), signature })).toBeUndefined();
  });

  test('accepts the canonical form of whatever arrives, and hands that form out', () => {
    fc.assert(
      fc.property(noisyMembers, (members) => {
        const sent = `{${members.map((member) => member.sent).join(',')}}`;
        const form = canonicalForm(Buffer.from(sent));
        const signature = form === undefined ? '0'.repeat(64) : signKit(newest.key, form, timestamp, nonce);
        const verified = verifyKit({ keys, raw: Buffer.from(sent), signature, timestamp, nonce });
        expect(verified?.form.toString()).toBe(form?.toString());
      }),
    );
  });
});

describe('a member that is repeated', () => {
  const sent = '{"tenantId":"t-1", "instanceId":"i-1","flag":2,"instanceId" : "i\\u002d1"}';
  const once = '{"flag":2,"instanceId":"i-1","tenantId":"t-1"}';

  test('with the same value is one member, whichever form was signed', () => {
    expect(verifyKit(call(newest.key, once, sent))).toEqual({ ...newest, form: Buffer.from(once) });
    expect(verifyKit(call(newest.key, sent))).toEqual({ ...newest, form: Buffer.from(sent) });
    for (const form of [once, sent, Buffer.from(sent)]) {
      expect({ ...parseKitBody(form) }).toEqual({ tenantId: 't-1', instanceId: 'i-1', flag: 2 });
    }
  });

  test.each([
    ['with another value', '{"instanceId":"i-1","instanceId":"i-2"}'],
    ['with another type', '{"flag":1,"flag":"1"}'],
    ['inside a list', '{"userList":[{"userName":"a","userName":"a"}]}'],
  ])('%s is refused', (_, text) => {
    expect(refused(() => parseKitBody(text))).toMatchObject({
      resultCode: '000002',
      message: expect.stringContaining('twice'),
    });
  });
});

test('a body that is no UTF-8 is refused in these words', () => {
  expect(refused(() => parseKitBody(Buffer.from([0x7b, 0xff, 0x7d])))).toMatchObject({
    resultCode: '000002',
    message: 'body is not valid UTF-8',
  });
});

describe('the headers', () => {
  const headers = { 'X-Sign': 's', 'x-timestamp': 't', 'X-NONCE': 'n', other: undefined };

  test('are read whatever the case of their names', () => {
    expect(readKitHeaders(headers)).toEqual({ signature: 's', timestamp: 't', nonce: 'n' });
  });

  test.each([
    ['X-Sign', '000001', 'x-sign is missing in the headers'],
    ['x-timestamp', '000002', 'x-timestamp is missing in the headers'],
    ['X-NONCE', '000002', 'x-nonce is missing in the headers'],
  ])('without %s are refused', (name, resultCode, message) => {
    expect(refused(() => readKitHeaders({ ...headers, [name]: undefined }))).toMatchObject({ resultCode, message });
    expect(refused(() => readKitHeaders({ ...headers, [name]: '' }))).toMatchObject({ resultCode, message });
  });
});
