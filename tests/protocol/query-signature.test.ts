import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ClassedKey } from '../../lib/protocol/query-signature.ts';
import { readQuery, signQuery, verifyQuery } from '../../lib/protocol/query-signature.ts';
import { readSignedTime } from '../../lib/protocol/signed-time.ts';
import { hasOpenssl, opensslHmac } from '../support/openssl.ts';
import { refused } from '../support/refused.ts';
import { vectorsOf } from '../support/vectors.ts';

const NOW = 1_763_000_000_000;
const timestamp = String(NOW);
const base: ClassedKey = { keyClass: 'base', key: '11111111-aaaa-4bbb-8ccc-000000000001' };
const older: ClassedKey = { keyClass: 'base', key: '11111111-aaaa-4bbb-8ccc-000000000002' };
const general: ClassedKey = { keyClass: 'general', key: '11111111-aaaa-4bbb-8ccc-000000000003' };
const keys = [base, older, general];

/** A call signed with `key` over `payload`, whose body arrives as `raw`. */
function call(key: string, payload: string | Uint8Array, raw: string | Buffer = Buffer.from(payload)) {
  const nonce = 'Of4lsV7H1qrzVDI5';
  const signature = signQuery(key, payload, timestamp, nonce);
  return { keys, raw: Buffer.from(raw), signature, timestamp, nonce };
}

describe('the published values', () => {
  test.each(vectorsOf('query-hmac'))('$id', ({ keys: { accessKey }, inputs, expected }) => {
    const { body, timestamp, nonce } = inputs;
    const raw = Buffer.from(body);
    const one: ClassedKey[] = [{ keyClass: 'base', key: accessKey }];
    const overRaw = expected.signature ?? expected.signatureOverRawBytes ?? '';
    expect(signQuery(accessKey, raw, timestamp, nonce)).toBe(overRaw);
    expect(verifyQuery({ keys: one, raw, timestamp, nonce, signature: overRaw })).toEqual({ ...one[0], form: raw });
    if (expected.signatureOverReserialisedBody === undefined) return;
    const signature = expected.signatureOverReserialisedBody;
    const form = Buffer.from(expected.reserialisedBody ?? '');
    expect(verifyQuery({ keys: one, raw, timestamp, nonce, signature })).toEqual({ ...one[0], form });
  });
});

describe('verifying a call', () => {
  test('names the key that signed and the bytes that were signed', () => {
    const body = '{"b":1,"a":"云"}';
    expect(verifyQuery(call(older.key, body))).toEqual({ ...older, form: Buffer.from(body) });
    expect(verifyQuery(call(general.key, body))).toEqual({ ...general, form: Buffer.from(body) });
  });

  test('gives the canonical form where that was signed, not the bytes that came', () => {
    expect(verifyQuery(call(older.key, '{"a":1.0,"b":2}', '{ "b":2, "n":null, "a":1.0 }'))).toEqual({
      ...older,
      form: Buffer.from('{"a":1.0,"b":2}'),
    });
  });

  test('prefers the bytes as received', () => {
    const body = '{"b":1,"a":2}';
    expect(verifyQuery(call(general.key, body))?.form).toEqual(Buffer.from(body));
  });

  test('takes bytes that are neither JSON nor UTF-8 if they were signed', () => {
    const raw = Buffer.from([0xff, 0x00, 0x7b]);
    expect(verifyQuery(call(base.key, raw))?.form).toEqual(raw);
    expect(verifyQuery(call(base.key, ''))?.form).toEqual(Buffer.alloc(0));
  });

  test('ignores the case of the signature', () => {
    const signed = call(base.key, '{}');
    expect(verifyQuery({ ...signed, signature: signed.signature.toLowerCase() })).toBeDefined();
  });

  test('does not try the canonical form of a body that holds a name twice', () => {
    expect(verifyQuery(call(base.key, '{"a":1}', '{"a":1,"a":1}'))).toBeUndefined();
    expect(verifyQuery(call(base.key, '{"a":2}', '{"a":1,"\\u0061":2}'))).toBeUndefined();
  });

  test('does not confuse __proto__ with what an object inherits', () => {
    const signed = '{"__proto__":{"activity":"releaseInstance"},"a":1}';
    expect(verifyQuery(call(base.key, signed, `${signed} `))?.form.toString()).toBe(signed);
    expect(verifyQuery(call(base.key, '{"a":1}', '{"a":1,"__proto__":{"x":1}}'))).toBeUndefined();
  });

  test.each([
    ['truncated', (text: string) => text.slice(0, -1)],
    ['half as long', (text: string) => text.slice(0, 32)],
    ['longer', (text: string) => `${text}00`],
    ['empty', () => ''],
    ['not hexadecimal', (text: string) => `${text.slice(0, -1)}G`],
    ['followed by a line break', (text: string) => `${text}\n`],
    ['in base64', (text: string) => Buffer.from(text, 'hex').toString('base64')],
  ])('fails for a signature that is %s', (_, change) => {
    const signed = call(base.key, '{}');
    expect(verifyQuery({ ...signed, signature: change(signed.signature) })).toBeUndefined();
  });

  test('fails for a key that the product does not have, and without keys', () => {
    expect(verifyQuery(call('11111111-aaaa-4bbb-8ccc-00000000000f', '{}'))).toBeUndefined();
    expect(verifyQuery({ ...call(base.key, '{}'), keys: [] })).toBeUndefined();
  });

  test.each(['176300000000', '17630000000000', '1763000000', '1763000000000'])(
    'takes a signed timestamp of 13 or 10 digits alone: %s',
    (time) => {
      const signature = signQuery(base.key, '{}', time, 'n');
      const verified = verifyQuery({ keys, raw: Buffer.from('{}'), signature, timestamp: time, nonce: 'n' });
      expect(verified !== undefined).toBe(time.length === 13 || time.length === 10);
    },
  );

  test('fails when any bit of signature or body, the nonce or the timestamp differs', () => {
    const flip = (bytes: Buffer, bit: number) => {
      const copy = Buffer.from(bytes);
      const at = bit % (copy.length * 8);
      copy.writeUInt8(copy.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
      return copy;
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (body, bit) => {
        const signed = call(base.key, body);
        const other = flip(Buffer.from(signed.signature, 'hex'), bit).toString('hex');
        expect(verifyQuery({ ...signed, signature: other })).toBeUndefined();
        expect(verifyQuery({ ...signed, raw: flip(signed.raw, bit) })).toBeUndefined();
        expect(verifyQuery({ ...signed, nonce: `${signed.nonce}a` })).toBeUndefined();
        expect(verifyQuery({ ...signed, timestamp: String(NOW + 1 + (bit % 1000)) })).toBeUndefined();
      }),
    );
  });

  test('does not pass when digits move between nonce and timestamp', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(hex, fc.integer({ min: 1, max: 12 }), fc.boolean(), (stem, digits, toNonce) => {
        const nonce = `${stem}${'1234567890123'.slice(0, digits)}`;
        const signature = signQuery(base.key, '{}', timestamp, nonce);
        const moved = toNonce
          ? { nonce: nonce + timestamp.slice(0, digits), timestamp: timestamp.slice(digits) }
          : { nonce: nonce.slice(0, -digits), timestamp: nonce.slice(-digits) + timestamp };
        const verified = verifyQuery({ keys, raw: Buffer.from('{}'), signature, ...moved });
        // Three digits fewer leave ten, which is a form of its own; but as seconds they lie decades away.
        if (verified !== undefined)
          expect(refused(() => readSignedTime(moved.timestamp, NOW)).resultCode).toBe('000002');
        else expect(verified).toBeUndefined();
      }),
    );
  });
});

describe('against another implementation', () => {
  if (hasOpenssl) {
    test('OpenSSL computes the same signatures', () => {
      const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(text, fc.uint8Array({ maxLength: 200 }), text, (accessKey, payload, nonce) => {
          const macKey = Buffer.from(accessKey);
          const bodyHash = opensslHmac(macKey, payload).toString('hex');
          const signature = opensslHmac(macKey, Buffer.from(accessKey + nonce + timestamp + bodyHash));
          expect(signQuery(accessKey, payload, timestamp, nonce)).toBe(signature.toString('hex').toUpperCase());
        }),
        { numRuns: 10 },
      );
    });
  } else {
    test('NOT RUN HERE: OpenSSL is not installed', () => console.warn('Signatures were not checked against OpenSSL.'));
  }

  test('the formula written out gives the same signature', () => {
    const mac = (text: string) => createHmac('sha256', Buffer.from('k')).update(Buffer.from(text)).digest('hex');
    expect(signQuery('k', '云', '1', 'n')).toBe(mac(`kn1${mac('云')}`).toUpperCase());
  });
});

describe('reading the query', () => {
  const query = { signature: 'AB', timestamp: '1763000000000', nonce: 'n' };
  const text = 'signature=AB&timestamp=1763000000000&nonce=n';

  test('finds the three parameters in any order, beside others', () => {
    expect(readQuery(text)).toEqual(query);
    expect(readQuery('x&nonce=n&=&=nonce&timestamp=1763000000000&y=1=2&signature=AB&')).toEqual(query);
  });

  test('splits a pair at its first equals sign', () => {
    expect(readQuery(`${text}=`).nonce).toBe('n=');
  });

  test('decodes %XX, leaves a plus sign and what cannot be decoded', () => {
    expect(readQuery('%73ignature=A%42&timestamp=1763000000000&nonce=n').signature).toBe('AB');
    expect(readQuery('signature=a+b%2B&timestamp=1&nonce=%ZZ%E4%BA')).toEqual({
      signature: 'a+b+',
      timestamp: '1',
      nonce: '%ZZ%E4%BA',
    });
  });

  test.each([
    ['signature', '000001'],
    ['timestamp', '000002'],
    ['nonce', '000002'],
  ] as const)('refuses a %s that is missing, empty or repeated', (name, resultCode) => {
    const value = query[name];
    const without = text.replace(`${name}=${value}`, '');
    expect(refused(() => readQuery(without))).toMatchObject({ resultCode, message: `${name} is missing in the query` });
    for (const empty of [`${without}&${name}`, `${without}&${name}=`, `${without}&${name.toUpperCase()}=${value}`]) {
      expect(refused(() => readQuery(empty))).toMatchObject({ resultCode, message: `${name} is missing in the query` });
    }
    const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
    for (const second of [`${name}=${value}`, `${name}=other`, `${name}=`, name, `${encoded}=${value}`]) {
      const repeated = { resultCode, message: `${name} is given more than once in the query` };
      expect(refused(() => readQuery(`${text}&${second}`))).toMatchObject(repeated);
    }
  });

  test('an empty query lacks its timestamp first', () => {
    expect(refused(() => readQuery(''))).toMatchObject({ resultCode: '000002' });
  });

  test('reads back what was encoded, in any order', () => {
    const value = fc.string({ unit: 'binary', minLength: 1 });
    const extra = fc.tuple(
      fc.string({ unit: 'binary' }).map((name) => `x${name}`),
      value,
    );
    fc.assert(
      fc.property(
        value,
        value,
        value,
        fc.array(extra),
        fc.infiniteStream(fc.nat()),
        (signature, time, nonce, extras, rank) => {
          const pairs = [['signature', signature], ['timestamp', time], ['nonce', nonce], ...extras]
            .map((pair) => ({
              pair: pair.map((part) => encodeURIComponent(part ?? '')).join('='),
              rank: rank.next().value,
            }))
            .sort((a, b) => a.rank - b.rank);
          expect(readQuery(pairs.map(({ pair }) => pair).join('&'))).toEqual({ signature, timestamp: time, nonce });
        },
      ),
    );
  });

  test('answers any text with parameters or a refusal', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('signature=', 'nonce=1', '&', 'timestamp', '%', '=', '%6e'));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          expect(Object.values(readQuery(pieces.join('')))).not.toContain('');
        } catch (error) {
          expect(['000001', '000002']).toContain(
            refused(() => {
              throw error;
            }).resultCode,
          );
        }
      }),
    );
  });
});
