import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  authorization,
  canonicalRequest,
  sdkSignature,
  signRequest,
  stringToSign,
} from '../../lib/protocol/sdk-signature.ts';
import { parseMarketplaceTime } from '../../lib/protocol/times.ts';
import { vectorsOf } from '../support/vectors.ts';

const keys = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'sk-example' };
const url = 'https://mkt.myhuaweicloud.com/api/mkp-openapi-public/global/v1/order/query';
const query = (search: string) => lines({ url: `${url}${search}` })[2];
const lines = (request: { url: string; body?: string | Uint8Array; headers?: Record<string, string> }) =>
  canonicalRequest({ method: 'get', headers: {}, ...request }, ['host']).split('\n');

describe('the published values', () => {
  test.each(vectorsOf('sdk-hmac-sha256'))('$id', ({ keys: { ak, sk }, inputs, expected }) => {
    const signed = inputs.signedHeaders.split(';');
    const canonical = canonicalRequest(inputs, signed);
    expect(canonical).toBe(expected.canonicalRequest);
    const text = stringToSign(inputs.headers['X-Sdk-Date'] ?? '', canonical);
    expect(text).toBe(expected.stringToSign);
    const signature = sdkSignature(sk, text);
    expect(signature).toBe(expected.signature);
    expect(authorization(ak, signed, signature)).toBe(expected.authorization);
  });

  test.each(vectorsOf('sdk-hmac-sha256').filter(({ inputs }) => inputs.signedHeaders.split(';').length > 2))(
    'a request signed as a whole: $id',
    ({ keys: { ak, sk }, inputs, expected }) => {
      const { 'X-Sdk-Date': date = '', ...headers } = inputs.headers;
      const now = parseMarketplaceTime(date.replace(/[TZ]/g, '')) ?? Number.NaN;
      const given = { accessKeyId: ak, secretAccessKey: sk };
      expect(signRequest({ ...inputs, headers }, given, now)).toEqual({
        ...inputs.headers,
        Authorization: expected.authorization,
      });
    },
  );
});

describe('a signed request', () => {
  test('carries the token of temporary keys, signed', () => {
    const headers = signRequest({ method: 'GET', url, headers: {} }, { ...keys, securityToken: 'token' }, 0);
    expect(headers).toMatchObject({ 'X-Sdk-Date': '19700101T000000Z', 'X-Security-Token': 'token' });
    expect(headers.Authorization).toContain('SignedHeaders=host;x-sdk-date;x-security-token,');
  });

  test('leaves the given headers alone and reveals no secret key', () => {
    const given = { 'Content-Type': 'application/json', Accept: 'application/json' };
    const headers = signRequest({ method: 'POST', url, headers: given, body: '{}' }, keys, 0);
    expect(headers).toMatchObject(given);
    expect(given).toEqual({ 'Content-Type': 'application/json', Accept: 'application/json' });
    expect(headers.Authorization).toMatch(
      /^SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=accept;content-type;host;x-sdk-date, Signature=[0-9a-f]{64}$/,
    );
    expect(JSON.stringify(headers)).not.toContain(keys.secretAccessKey);
  });

  test('depends on method, path, query, headers, body and time', () => {
    const request = { method: 'POST', url: `${url}?a=1`, headers: { a: '1' }, body: 'b' };
    const sign = (change: object, now = 0) => signRequest({ ...request, ...change }, keys, now).Authorization;
    const signatures = [
      sign({}),
      sign({ method: 'GET' }),
      sign({ url: `${url}/x?a=1` }),
      sign({ url: `${url}?a=2` }),
      sign({ url: `${url.replace('mkt.', 'mkt-intl.')}?a=1` }),
      sign({ headers: { a: '2' } }),
      sign({ body: 'c' }),
      sign({}, 1_000),
    ];
    expect(new Set(signatures).size).toBe(signatures.length);
  });
});

describe('the canonical request', () => {
  test('has the query encoded after RFC 3986 and sorted by name, then value', () => {
    expect(query('')).toBe('');
    expect(query('?b=2&a=z&a=b&B=1')).toBe('B=1&a=b&a=z&b=2');
    expect(query("?a=x y&b=(!'*)~&c&d=云/&e=%2f")).toBe('a=x%20y&b=%28%21%27%2A%29~&c=&d=%E4%BA%91%2F&e=%2F');
  });

  test('has a path of decoded and newly encoded segments that ends in a slash', () => {
    const path = (text: string) => lines({ url: `https://mkt.example${text}` })[1];
    expect(path('')).toBe('/');
    expect(path('/a')).toBe('/a/');
    expect(path('/a/')).toBe('/a/');
    expect(path("/a%2fb/(c)'/%7e/云/50%")).toBe('/a%2Fb/%28c%29%27/~/%E4%BA%91/50%25/');
  });

  test('names the port of the host, unless it is the usual one', () => {
    expect(lines({ url: 'http://127.0.0.1:3100/a' })[3]).toBe('host:127.0.0.1:3100');
    expect(lines({ url: 'https://mkt.example:443/a' })[3]).toBe('host:mkt.example');
  });

  test('ends in the digest of exactly the bytes of the body, or what the header says of them', () => {
    const last = (body: string | Uint8Array, headers = {}) => lines({ url, body, headers }).at(-1);
    expect(lines({ url }).at(-1)).toBe(last(''));
    expect(last('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(last('云')).toBe(last(Buffer.from('云')));
    expect(last('{}')).not.toBe(last('{}\n'));
    expect(canonicalRequest({ method: 'POST', url, headers: {}, bodyHash: 'abc' }, ['host'])).toMatch(/\nabc$/);
    expect(last('{}', { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' })).toBe('UNSIGNED-PAYLOAD');
  });

  test('has an empty line for a header that is to be signed and is not sent', () => {
    const request = { method: 'GET', url: 'https://mkt.example.com/', headers: {} };
    expect(canonicalRequest(request, ['host', 'x-sdk-date']).split('\n').slice(3, 5)).toEqual([
      'host:mkt.example.com',
      'x-sdk-date:',
    ]);
  });

  test('trims header values and takes names in any case', () => {
    const headers = { 'X-B': ' 1 ', 'x-A': '2' };
    expect(canonicalRequest({ method: 'GET', url, headers }, ['x-a', 'x-b'])).toContain('\nx-a:2\nx-b:1\n\nx-a;x-b\n');
  });

  test('has an empty value for a header that is to be signed and was not given', () => {
    expect(canonicalRequest({ method: 'GET', url, headers: {} }, ['x-a'])).toContain('\nx-a:\n\nx-a\n');
  });

  test('is the same whatever the order of the query’s parameters', () => {
    const pair = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (pairs, rank) => {
        const search = (list: [string, string][]) => `?${new URLSearchParams(list)}`;
        const shuffled = pairs
          .map((one) => ({ one, rank: rank.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        expect(query(search(shuffled))).toBe(query(search(pairs)));
        const decoded = (query(search(pairs)) ?? '')
          .split('&')
          .filter((text) => text !== '')
          .map((text) => text.split('=').map(decodeURIComponent));
        expect(decoded.sort()).toEqual([...pairs].sort());
      }),
    );
  });
});
