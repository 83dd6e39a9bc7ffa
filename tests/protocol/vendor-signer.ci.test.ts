import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { signRequest, type UnsignedRequest } from '../../lib/protocol/sdk-signature.ts';

/*
 * The vendor's own signer for Node.js beside ours. It takes a request in pieces where ours takes it as it will be sent.
 * Where it departs from the documentation (https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html), a
 * test below shows how; each of these requests is one that the marketplace's APIs do not need, or that this signer
 * would have refused by the gateway.
 */
const KEYS = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'sk-example' };
const ORIGIN = 'https://mkt.myhuaweicloud.com';
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const DATE = '20260102T030405Z';

interface Pieces {
  readonly method?: 'GET' | 'POST';
  /** As it stands in the address. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: unknown;
}

/** The `Authorization` header that the vendor's signer makes. */
function theirs({ method = 'POST', path = '/', query = {}, headers = {}, data }: Pieces): string {
  const credentials = new BasicCredentials({}).withAk(KEYS.accessKeyId).withSk(KEYS.secretAccessKey);
  const queryParams = Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
  );
  const request = { method, endpoint: ORIGIN + path, queryParams, headers: { ...headers, 'X-Sdk-Date': DATE }, data };
  const signed = AKSKSigner.sign(request, credentials);
  return String((signed as Record<string, unknown>).Authorization);
}

/** The `Authorization` header that ours makes of the same request. */
function ours({ method = 'POST', path = '/', query = {}, headers = {}, data }: Pieces): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map(
      (each) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`,
    ),
  );
  const url = `${ORIGIN}${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
  const request: UnsignedRequest = { method, url, headers, ...(data ? { body: JSON.stringify(data) } : {}) };
  return signRequest(request, KEYS, NOW).Authorization ?? '';
}

const chinese = fc.constantFrom('云', '商', '店', '订', '单', '号', '𠮷');
const anything = fc.string({ unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), chinese), maxLength: 12 });
/** What a path may hold without being encoded, save `.` and `..`, which are steps rather than names. */
const segment = fc
  .string({ unit: fc.oneof(fc.constantFrom(...'abzAZ019-_.~!*()+=:@$,'), chinese), maxLength: 10 })
  .filter((text) => !/^\.{1,2}$/.test(text));
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);
/** ASCII names: about others the vendor's signers are not agreed. */
const name = fc.string({ unit: fc.constantFrom(...'abcxyzABC019_-.'), minLength: 1, maxLength: 6 });
const query = fc.dictionary(
  name,
  fc.oneof(anything, fc.constant(''), fc.array(word(), { minLength: 1, maxLength: 4 })),
);
const header = fc
  .string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 3, maxLength: 8 })
  .map((text) => `x-${text}`);
const value = fc.string({ unit: fc.constantFrom(...'ab cd;,=/"19'), maxLength: 12 }).map((text) => text.trim());
const headers = fc
  .tuple(fc.dictionary(header, value, { noNullPrototype: true }), fc.constant({ 'content-type': 'application/json' }))
  .map(([others, type]) => ({ ...others, ...type }));
const body = fc.option(fc.dictionary(anything, fc.jsonValue(), { minKeys: 1, noNullPrototype: true }), {
  nil: undefined,
});

/** Values whose order encoded is that in the clear, so that it does not matter which of the two is sorted. */
function word() {
  return fc.string({ unit: fc.constantFrom(...'abzAZ019'), maxLength: 4 });
}

test('both sign alike: paths, empty and repeated query values, Chinese, headers, bodies', () => {
  const method = fc.constantFrom('GET' as const, 'POST' as const);
  fc.assert(
    fc.property(fc.record({ method, path, query, headers, data: body }), (request) => {
      expect(ours(request)).toBe(theirs(request));
    }),
    { numRuns: 2_000 },
  );
});

describe('the vendor’s signer departs from its documentation:', () => {
  test('it signs header values with their blanks, which the gateway trims', () => {
    const blanks = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 3 });
    fc.assert(
      fc.property(headers, blanks, blanks, (given, before, after) => {
        const padded = Object.fromEntries(Object.entries(given).map(([key, text]) => [key, before + text + after]));
        expect(ours({ headers: padded })).toBe(theirs({ headers: given }));
        if (before + after !== '') expect(theirs({ headers: padded })).not.toBe(theirs({ headers: given }));
      }),
    );
  });

  test('it encodes a path that is encoded already once more, instead of decoding it first', () => {
    fc.assert(
      fc.property(segment, (text) => {
        const encoded = `/a/${encodeURIComponent(text)}/b`;
        expect(ours({ path: encoded })).toBe(theirs({ path: `/a/${text}/b` }));
      }),
    );
    expect(theirs({ path: '/a%2Fb' })).toBe(ours({ path: '/a%252Fb' }));
  });

  test.each([
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/a/b/..', '/a/'],
  ])('it signs the steps of a path as they stand, which are walked before a request is sent: %s', (path, sent) => {
    expect(ours({ path })).toBe(theirs({ path: sent }));
    expect(theirs({ path })).not.toBe(theirs({ path: sent }));
  });

  test('it leaves the content type of a form unsigned', () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'x-a': '1' };
    expect(theirs({ headers })).toContain('SignedHeaders=host;x-a;x-sdk-date,');
    expect(theirs({ headers })).toBe(theirs({ headers: { 'x-a': '1' } }));
    expect(ours({ headers })).toContain('SignedHeaders=content-type;host;x-a;x-sdk-date,');
    expect(ours({ headers: { 'x-a': '1' } })).toBe(theirs({ headers }));
  });

  test('it sorts query names and values before it encodes them', () => {
    // Encoded, % comes before any letter or digit.
    const swapped = { query: { 云: '1', a: '2' } };
    expect(ours(swapped)).not.toBe(theirs(swapped));
    const values = { query: { a: ['z', '云'] } };
    expect(ours(values)).not.toBe(theirs(values));
    expect(ours({ query: { 云: '1' } })).toBe(theirs({ query: { 云: '1' } }));
  });

  test('it sorts the header lines by the rules of a language, and their names by their bytes', () => {
    const names = { 'x-a1': '1', 'x-a_b': '2' };
    expect(theirs({ headers: names })).toContain('SignedHeaders=host;x-a1;x-a_b;x-sdk-date,');
    expect(ours({ headers: names })).toContain('SignedHeaders=host;x-a1;x-a_b;x-sdk-date,');
    expect(ours({ headers: names })).not.toBe(theirs({ headers: names }));
  });

  test('it quotes a body that is text, and takes an empty one for none', () => {
    const text = '{"a":1}';
    const sent = signRequest({ method: 'POST', url: `${ORIGIN}/`, headers: {}, body: text }, KEYS, NOW).Authorization;
    expect(theirs({ data: { a: 1 } })).toBe(sent);
    expect(theirs({ data: text })).not.toBe(sent);
    expect(theirs({ data: '' })).toBe(theirs({}));
  });
});
