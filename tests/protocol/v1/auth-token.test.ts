import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ClassedKey } from '../../../lib/protocol/query-signature.ts';
import { signParameters, verifyAuthToken } from '../../../lib/protocol/v1/auth-token.ts';
import { joinMembers } from '../../../lib/protocol/v1/joined.ts';
import { PARAMETER_NAMES } from '../../../lib/protocol/v1/names.ts';
import { refused } from '../../support/refused.ts';
import { vectorsOf } from '../../support/vectors.ts';

const newest: ClassedKey = { keyClass: 'base', key: '11111111-aaaa-4bbb-8ccc-000000000001' };
const older: ClassedKey = { keyClass: 'base', key: '11111111-aaaa-4bbb-8ccc-000000000002' };
const keys = [newest, older];
const timeStamp = '20250115010005123';
const sentAt = Date.UTC(2025, 0, 15, 1, 0, 5, 123);
const CIPHER = 'A1b2C3d4E5f6G7h8bqt2E8Idr0YMCSpoA+u8RUD4j0jZ5TFpiItDgiM5ELI=';

/** The algorithm, written down a second time so that a mistake in the product shows. */
function token(key: string, members: Record<string, string>): string {
  const names = Object.keys(members).sort();
  const joined = names.map((name) => `${name}=${members[name]}`).join('&');
  return createHmac('sha256', key + members.timeStamp)
    .update(joined)
    .digest('base64');
}

/** A query string as Java's URLEncoder makes it, with its token. */
function query(members: Record<string, string>, authToken = token(newest.key, members)): string {
  return new URLSearchParams({ ...members, authToken }).toString();
}

const call = {
  activity: 'newInstance',
  customerId: 'demo-customer-1',
  customerName: '演示 Ltd',
  email: CIPHER,
  orderId: 'CS2501150900EXAMP',
  productId: 'demo-product-year',
  remark: '',
  timeStamp,
};

describe('the published values', () => {
  test.each(vectorsOf('v1-auth-token'))('$id', ({ keys: { accessKey }, inputs, expected }) => {
    const { parametersDecoded } = inputs;
    expect(joinMembers(new Map(Object.entries(parametersDecoded)))).toBe(expected.joined);
    expect(signParameters(accessKey, parametersDecoded)).toBe(expected.authToken);
    const pairs = Object.entries(parametersDecoded).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const one: ClassedKey[] = [{ keyClass: 'base', key: accessKey }];
    const rawQueryString = [...pairs, `authToken=${expected.authTokenInUrl}`].join('&');
    expect(verifyAuthToken({ keys: one, rawQueryString })).toMatchObject({ ...one[0], parameters: parametersDecoded });
  });
});

describe('verifying a call', () => {
  test('tells which key signed, when, and which parameters, empty ones included', () => {
    const rawQueryString = query(call, token(older.key, call));
    expect(verifyAuthToken({ keys, rawQueryString })).toEqual({ ...older, parameters: call, sentAt });
  });

  test.each<[string, (text: string) => string]>([
    ['another value', (text) => text.replace('newInstance', 'queryInstance')],
    ['a parameter more', (text) => `${text}&trialFlag=1`],
    ['a parameter less', (text) => text.replace('remark=&', '')],
    ['another time', (text) => text.replace('005123', '005124')],
    ['a name in other letters', (text) => text.replace('orderId', 'orderid')],
    ['a token in lower case', (text) => text.replace(/(?<=authToken=).*$/, (found) => found.toLowerCase())],
    ['a token without its padding', (text) => text.replace(/%3D$/, '')],
    ['a token behind a blank', (text) => text.replace('authToken=', 'authToken=%20')],
    ['a token of the same bytes in other base64', (text) => text.replace(/.%3D$/, otherLastLetter)],
  ])('does not accept %s', (_, change) => {
    const rawQueryString = query(call);
    expect(change(rawQueryString)).not.toBe(rawQueryString);
    expect(verifyAuthToken({ keys, rawQueryString: change(rawQueryString) })).toBeUndefined();
  });

  test('does not accept a token of a key that the product does not have', () => {
    expect(verifyAuthToken({ keys, rawQueryString: query(call, token('another key', call)) })).toBeUndefined();
    expect(verifyAuthToken({ keys: [], rawQueryString: query(call) })).toBeUndefined();
  });

  test.each([
    ['authToken', '000001', `activity=newInstance&timeStamp=${timeStamp}`],
    ['authToken', '000001', `activity=newInstance&timeStamp=${timeStamp}&authToken=`],
    ['timeStamp', '000002', 'activity=newInstance&authToken=x'],
    ['timeStamp', '000002', 'activity=newInstance&authToken=x&timeStamp='],
    ['timeStamp', '000002', 'activity=newInstance&authToken=x&timeStamp=20250115010005'],
    ['timeStamp', '000002', 'activity=newInstance&authToken=x&timeStamp=20250230010005123'],
    ['more than once', '000002', `a=1&a=1&authToken=x&timeStamp=${timeStamp}`],
    ['more than once', '000002', `a=1&%61=2&authToken=x&timeStamp=${timeStamp}`],
    ['more than once', '000002', `authToken=y&authToken=x&timeStamp=${timeStamp}`],
    ['URL-encoded', '000002', `a=%ff&authToken=x&timeStamp=${timeStamp}`],
    ['URL-encoded', '000002', `a=100%&authToken=x&timeStamp=${timeStamp}`],
    ['timeStamp', '000002', ''],
  ])('refuses with a text about %s (%s): %s', (about, resultCode, rawQueryString) => {
    const refusal = refused(() => verifyAuthToken({ keys, rawQueryString }));
    expect(refusal).toMatchObject({ resultCode, message: expect.stringContaining(about) });
  });
});

describe('a parameter cannot be hidden inside another one, though that signs the same', () => {
  const test1 = { ...call, testFlag: '1' };
  const authToken = token(newest.key, test1);
  const { remark: _, testFlag: __, timeStamp: ___, ...rest } = test1;

  test('in its value', () => {
    const { productId, ...others } = rest;
    const merged = { ...others, productId: `${productId}&remark=&testFlag=1`, timeStamp };
    expect(token(newest.key, merged)).toBe(authToken);
    expect(verifyAuthToken({ keys, rawQueryString: query(merged, authToken) })).toBeUndefined();
  });

  /** What the pages name, written down a second time so that a mistake in the product shows. */
  const documented = [
    'activity authToken timeStamp testFlag instanceId instanceStatus orderId productId skuCode businessId customerId',
    'customerName userId userName mobilePhone email saasExtendParams amount diskSize bandWidth periodType periodNumber',
    'orderAmount expireTime chargingMode trialFlag trialToFormal provisionType',
  ].flatMap((line) => line.split(' '));

  test.each(documented)('in a value: %s', (name) => {
    const merged = { other: `Acme&${name}=1`, timeStamp };
    expect(verifyAuthToken({ keys, rawQueryString: query(merged) })).toBeUndefined();
  });

  test('in its name', () => {
    const merged = { ...rest, 'remark=&testFlag': '1', timeStamp };
    expect(token(newest.key, merged)).toBe(authToken);
    expect(verifyAuthToken({ keys, rawQueryString: query(merged, authToken) })).toBeUndefined();
  });

  test('while an honest & stays one', () => {
    const honest = { ...call, customerName: 'A&B = C&D' };
    expect(verifyAuthToken({ keys, rawQueryString: query(honest) })?.parameters).toEqual(honest);
  });
});

/** A value and how it stands in the query string. `+` in the second is a raw one. */
interface Written {
  readonly value: string;
  readonly raw: string;
}

type PlusRule = 'form' | 'rfc';

/** A character as a sender may write it: any but the unreserved ones encoded, those too if it likes. */
function write(unit: string, encodesAll: boolean, rule: PlusRule): string {
  if (unit === ' ') return rule === 'form' && !encodesAll ? '+' : '%20';
  if (unit === '+') return rule === 'rfc' && !encodesAll ? '+' : '%2B';
  if (!encodesAll && /[A-Za-z0-9._~/=,:-]/.test(unit)) return unit;
  return [...Buffer.from(unit)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function written(rule: PlusRule): fc.Arbitrary<Written> {
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom('+', ' ', '=', '%', '演', 'a', '/'),
  );
  return fc.array(fc.tuple(unit, fc.boolean()), { maxLength: 12 }).map((units) => ({
    value: units.map(([one]) => one).join(''),
    raw: units.map(([one, encodesAll]) => write(one, encodesAll, rule)).join(''),
  }));
}

/** Base64 whose `+` stands raw, of a length that base64 can have. */
const rawBase64: fc.Arbitrary<Written> = fc
  .array(fc.constantFrom(...'ABCDyz019/++'), { minLength: 6, maxLength: 20 })
  .map((letters) => `${letters.join('')}+AA`.repeat(4))
  .map((value) => ({ value, raw: value }));

const names = fc.constantFrom(
  ...PARAMETER_NAMES.filter((name) => name !== 'authToken' && name !== 'timeStamp'),
  'other',
);

/** Calls of a sender whose every value is written by `values`, in any order, with empty pairs between. */
function calls(
  values: fc.Arbitrary<Written>,
): fc.Arbitrary<{ members: Record<string, string>; rawQueryString: string }> {
  return fc.uniqueArray(fc.tuple(names, values), { selector: ([name]) => name, maxLength: 6 }).chain((parameters) => {
    const stamp: [string, Written] = ['timeStamp', { value: timeStamp, raw: timeStamp }];
    const all = [...parameters, stamp];
    const members = Object.fromEntries(all.map(([name, { value }]) => [name, value]));
    const authToken = token(newest.key, members);
    const pairs = all.map(([name, { raw }]) => `${name}=${raw}`);
    return fc
      .tuple(fc.constantFrom(authToken, encodeURIComponent(authToken)), fc.constantFrom('', '&'), fc.nat(1_000))
      .chain(([writtenToken, empty]) => {
        const everything = [...pairs, `authToken=${writtenToken}`];
        return fc
          .shuffledSubarray(everything, { minLength: everything.length })
          .map((shuffled) => ({ members, rawQueryString: empty + shuffled.join(`&${empty}`) }));
      });
  });
}

describe('whatever the order and the encoding', () => {
  test.each<[string, fc.Arbitrary<Written>]>([
    ['writes blanks as + or %20 and pluses as %2B', written('form')],
    ['writes blanks as %20 and pluses as + or %2B', written('rfc')],
    ['writes the pluses of base64 as they are, and elsewhere blanks as +', fc.oneof(written('form'), rawBase64)],
  ])('a call verifies as it was meant from a sender that %s', (_, values) => {
    fc.assert(
      fc.property(calls(values), ({ members, rawQueryString }) => {
        expect(verifyAuthToken({ keys: [older, newest], rawQueryString })).toEqual({
          ...newest,
          parameters: members,
          sentAt,
        });
      }),
      { numRuns: 300 },
    );
  });

  /** Values whose raw `+` may stand for either, within one value too. */
  const ambiguous: fc.Arbitrary<Written> = fc
    .array(
      fc.oneof(
        fc.constantFrom<Written>({ value: '+', raw: '+' }, { value: ' ', raw: '+' }, { value: '+', raw: '%2B' }),
        fc.constantFrom<Written>({ value: 'AAAA', raw: 'AAAA' }, { value: '演', raw: '%e6%bc%94' }),
      ),
      { maxLength: 10 },
    )
    .map((parts) => ({ value: parts.map((p) => p.value).join(''), raw: parts.map((p) => p.raw).join('') }));

  test('a call verifies exactly if one of the three readings of + is the one that was signed', () => {
    let accepted = 0;
    let rejected = 0;
    fc.assert(
      fc.property(calls(fc.oneof(ambiguous, rawBase64)), ({ members, rawQueryString }) => {
        const holds = readings(rawQueryString).some(
          (reading) => JSON.stringify(reading) === JSON.stringify(Object.fromEntries(Object.entries(members).sort())),
        );
        const verified = verifyAuthToken({ keys, rawQueryString });
        expect(verified === undefined).toBe(!holds);
        if (holds) accepted++;
        else rejected++;
        if (verified !== undefined) expect(verified.parameters).toEqual(members);
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(accepted, rejected)).toBeGreaterThan(50); // else the property would show one side alone
  });

  function readings(rawQueryString: string): Record<string, string>[] {
    const pairs = rawQueryString
      .split('&')
      .filter((pair) => pair !== '' && !pair.startsWith('authToken='))
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const looksBase64 = (raw: string) => {
      const text = decodeURIComponent(raw);
      return text.length >= 24 && text.length % 4 === 0 && /^[\w+/]+={0,2}$/.test(text) && !text.includes('_');
    };
    const rules: ((raw: string) => string)[] = [
      (raw) => raw.replace(/\+/g, '%20'),
      (raw) => raw,
      (raw) => (looksBase64(raw) ? raw : raw.replace(/\+/g, '%20')),
    ];
    return rules.map((rule) => Object.fromEntries(pairs.map(([name, raw]) => [name, decodeURIComponent(rule(raw))])));
  }

  test('a + counts as a plus in text that could be base64 alone, where it is a blank elsewhere', () => {
    const verifies = (email: string) => {
      const members = { customerName: 'Acme Ltd', email, timeStamp };
      const authToken = encodeURIComponent(token(newest.key, members));
      const rawQueryString = `customerName=Acme+Ltd&email=${email}&timeStamp=${timeStamp}&authToken=${authToken}`;
      return verifyAuthToken({ keys, rawQueryString }) !== undefined;
    };
    expect(verifies(CIPHER)).toBe(true);
    expect(verifies('A1b2+C3d4E5f6G7h8bqt2E8I')).toBe(true);
    expect(verifies('A1b2+C3d4E5f6G7h8bqt2E8Idr')).toBe(false); // no length of base64
    expect(verifies('A1b2+C3d4E5f6G7h8bqt')).toBe(false); // too short to be cipher text
    expect(verifies('A1b2+C3d4E5f6G7h8bqt2E8.')).toBe(false);
  });

  test('a + in the token itself is a plus, even where every other one is a blank', () => {
    // Blanks in a text that could otherwise be base64: only the reading in which every + is a blank has them.
    const raw = 'Demo+Company+of+Somewhere';
    const calls = Array.from({ length: 20 }, (_, i) => {
      const members = { customerName: `${raw}${i % 10}ab`.replaceAll('+', ' '), orderId: `o-${i}`, timeStamp };
      const authToken = token(newest.key, members);
      return `customerName=${raw}${i % 10}ab&orderId=o-${i}&timeStamp=${timeStamp}&authToken=${authToken}`;
    }).filter((rawQueryString) => rawQueryString.split('authToken=')[1]?.includes('+'));
    expect(calls).not.toEqual([]);
    for (const rawQueryString of calls) expect(verifyAuthToken({ keys, rawQueryString })).toBeDefined();
  });

  test('no query string makes it fail otherwise than with a refusal', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('a', '=', '&', '+', '%', '%2B', 'timeStamp=', timeStamp, 'authToken=', '&'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(noise, (rawQueryString) => {
        let verified: unknown;
        try {
          verified = verifyAuthToken({ keys, rawQueryString });
        } catch (error) {
          expect(error).toHaveProperty('resultCode');
        }
        expect(verified).toBeUndefined();
      }),
    );
  });
});

/** Another letter whose two lowest bits, which are no part of the 32 bytes, differ. */
function otherLastLetter(found: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${alphabet.charAt(alphabet.indexOf(found.charAt(0)) + 1)}%3D`;
}
