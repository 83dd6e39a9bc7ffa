import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sortedJson } from '../../lib/protocol/sorted-json.ts';

/** Names of all objects in a JSON text, in the order written. */
function namesOf(text: string): string[][] {
  const found: string[][] = [];
  JSON.parse(text, (_, value) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) found.push(Object.keys(value));
    return value;
  });
  return found;
}

describe('sorted JSON', () => {
  test('has names ascending at every depth, and lists in their order', () => {
    expect(sortedJson({ b: [{ d: 1, c: [2, 1] }], a: { z: null, y: '云' }, B: true })).toBe(
      '{"B":true,"a":{"y":"云","z":null},"b":[{"c":[2,1],"d":1}]}',
    );
  });

  test('sorts names that are numbers as text, which an object cannot', () => {
    expect(sortedJson({ b: 1, 10: 2, 9: 3 })).toBe('{"10":2,"9":3,"b":1}');
  });

  test('leaves out what is undefined', () => {
    expect(sortedJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  test('says that JSON cannot express a value', () => {
    expect(() => sortedJson([undefined])).toThrow(TypeError);
    expect(() => sortedJson(() => 0)).toThrow(TypeError);
    expect(() => sortedJson(undefined)).toThrow(/^Only objects, arrays, texts, numbers, booleans and null become JSON/);
  });

  test('means the same as JSON, and depends on no order of names', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = sortedJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text.length).toBe(JSON.stringify(value).length);
        const reversed = JSON.parse(text, (_, each) =>
          typeof each === 'object' && each !== null && !Array.isArray(each)
            ? Object.fromEntries(Object.entries(each).reverse())
            : each,
        );
        expect(sortedJson(reversed)).toBe(text);
        // Names that are whole numbers come first in any object that is read back.
        for (const names of namesOf(text)) {
          const others = names.filter((name) => !/^\d+$/.test(name));
          expect(others).toEqual([...others].sort());
        }
      }),
    );
  });
});
