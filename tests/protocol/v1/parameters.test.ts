import { describe, expect, test } from '@jest/globals';
import { readParameters } from '../../../lib/protocol/v1/parameters.ts';

const BASE64 = 'A1b2+C3d4E5f6G7h8bqt2E8I';
const PLUSLESS = BASE64.replace('+', '/');

const readings = (rawQueryString: string) => readParameters(rawQueryString).map((one) => Object.fromEntries(one));

describe('a query string', () => {
  test.each([
    ['a name without a value', 'debug&a=1', { debug: '', a: '1' }],
    ['a value without a name', '=1', { '': '1' }],
    ['an equals sign in a value', 'a=b=c', { a: 'b=c' }],
    ['nothing between two &', '&a=1&&b=2&', { a: '1', b: '2' }],
    ['names and values encoded', '%61%20=%E6%BC%94', { 'a ': '演' }],
    ['base64 that needs no plus', `a=${PLUSLESS}`, { a: PLUSLESS }],
  ])('has one reading with %s', (_, rawQueryString, reading) => {
    expect(readings(rawQueryString)).toEqual([reading]);
  });

  test.each([
    ['a=b+c', { a: 'b c' }, { a: 'b+c' }],
    ['a=.1b2+C3d4E5f6G7h8bqt2E8I', { a: '.1b2 C3d4E5f6G7h8bqt2E8I' }, { a: '.1b2+C3d4E5f6G7h8bqt2E8I' }],
    [`a=b+c&d=${PLUSLESS}`, { a: 'b c', d: PLUSLESS }, { a: 'b+c', d: PLUSLESS }],
  ])('has two readings where a + may be a blank or a plus: %s', (rawQueryString, blank, plus) => {
    expect(readings(rawQueryString)).toEqual([blank, plus]);
  });

  test('has a third one where a + stands in base64, and another one elsewhere', () => {
    expect(readings(`a=b+c&d=${BASE64}`)).toEqual([
      { a: 'b c', d: BASE64.replace('+', ' ') },
      { a: 'b+c', d: BASE64 },
      { a: 'b c', d: BASE64 },
    ]);
  });
});
