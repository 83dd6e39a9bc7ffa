import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPseudoJson } from '../../../lib/protocol/kit/pseudo-json.ts';

/** JSON without quotes around the names that can do without. */
function unquoted(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(unquoted).join(' , ')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)} : ${unquoted(member)}`,
  );
  return `{\n${members.join(',')}}`;
}

describe('JSON whose names may stand without quotes', () => {
  test.each([
    ['[{orgCode:"100",orgName:"Research",parentCode:""}]', [{ orgCode: '100', orgName: 'Research', parentCode: '' }]],
    ['[{"orgCode":"1",OrgName:"产品部"}]', [{ orgCode: '1', OrgName: '产品部' }]],
    ['{a:"{b:1,c:2}",d:"\\",e:"}', { a: '{b:1,c:2}', d: '",e:' }],
    ['{n:null,t:true,f:false,x:-1.5e3}', { n: null, t: true, f: false, x: -1500 }],
    ['[]', []],
    ['"text"', 'text'],
  ])('%s', (text, value) => {
    expect(readPseudoJson(text)).toEqual(value);
  });

  test.each([
    ['values without quotes', '[{orgCode:A1}]'],
    ['a string that nothing closes', '{a:"x}'],
    ['a string with half a million quotes that nothing closes', `{a:"${'\\"'.repeat(500_000)}`],
    ['single quotes', "[{orgCode:'1'}]"],
    ['a comma too many', '[{a:1},]'],
    ['a name that comes twice', '[{a:1,"a":1}]'],
    ['nine levels', '[[[[[[[[[1]]]]]]]]]'],
    ['nothing', ''],
    ['a name alone', '{a}'],
  ])('does not allow %s', (_, text) => {
    expect(readPseudoJson(text)).toBeUndefined();
  });

  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(fc.oneof(fc.constantFrom('orgCode', '_x', '1', 'a b', 'a:b'), fc.string()), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  })).value;

  test('reads every value back, with quotes and without', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(readPseudoJson(JSON.stringify(one))).toEqual(one);
        expect(readPseudoJson(unquoted(one))).toEqual(one);
      }),
    );
  });
});
