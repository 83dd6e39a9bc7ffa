import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeExtendParams } from '../../../lib/protocol/v1/extend-params.ts';

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('the fields of the purchase form', () => {
  test('are read from base64 of JSON, values that are no texts as their JSON', () => {
    const fields = [
      { name: '域名', value: 'acme' },
      { name: 'seats', value: 12, other: true },
      { name: 'options', value: ['a', 'b'] },
      { name: 'nothing', value: null },
      { name: 'absent' },
    ];
    expect(decodeExtendParams(base64(fields))).toEqual([
      { name: '域名', value: 'acme' },
      { name: 'seats', value: '12' },
      { name: 'options', value: '["a","b"]' },
      { name: 'nothing', value: '' },
      { name: 'absent', value: '' },
    ]);
  });

  test('survive being URL-encoded twice, and blanks where pluses were', () => {
    const name = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.record({ name, value: name })), (fields) => {
        const text = base64(fields);
        expect(decodeExtendParams(text)).toEqual(fields);
        expect(decodeExtendParams(encodeURIComponent(text))).toEqual(fields);
        expect(decodeExtendParams(text.replaceAll('+', ' '))).toEqual(fields);
      }),
    );
  });

  test.each([
    ['an empty text', ''],
    ['no base64', '[{"name":"a"}]'],
    ['no JSON', Buffer.from('[{').toString('base64')],
    ['no list', base64({ name: 'a', value: 'b' })],
    ['a field without a name', base64([{ value: 'b' }])],
    ['no UTF-8', Buffer.from('[{"name":"\xff"}]', 'latin1').toString('base64')],
    ['something before the base64', `.${base64([{ name: 'a' }])}`],
    ['something behind the base64', `${base64([{ name: 'a' }])}.`],
    ['broken URL encoding', '%zz'],
  ])('are absent if there is %s', (_, text) => {
    expect(decodeExtendParams(text)).toBeUndefined();
  });

  test('are absent or a list, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json().map((text) => btoa(encodeURI(text))),
        ),
        (text) => {
          const fields = decodeExtendParams(text);
          expect(fields === undefined || Array.isArray(fields)).toBe(true);
        },
      ),
    );
  });
});
