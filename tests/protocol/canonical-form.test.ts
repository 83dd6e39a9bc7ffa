import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalForm as formOf } from '../../lib/protocol/canonical-form.ts';
import { escapeAll, noisyMembers, noisyString } from '../support/json-noise.ts';

const canonicalForm = (text: string) => formOf(Buffer.from(text))?.toString();

describe('the canonical form of a body', () => {
  test('has its top-level names ascending, no blanks and no top-level nulls', () => {
    expect(canonicalForm('{ "b" : 1,\n"a":"", "c":null, "B":[ 1 , null ] }')).toBe('{"B":[1,null],"a":"","b":1}');
  });

  test('keeps nested members in the order received, names that look like numbers too', () => {
    expect(canonicalForm('{"o":{"10":1,"9":null,"a":{"z":1,"b":2}}}')).toBe(
      '{"o":{"10":1,"9":null,"a":{"z":1,"b":2}}}',
    );
  });

  test('keeps the source text of numbers', () => {
    expect(canonicalForm('{"n":[1.0,1e2,12345678901234567890]}')).toBe('{"n":[1.0,1e2,12345678901234567890]}');
  });

  test('writes Chinese and the slash plainly, however they were escaped', () => {
    expect(canonicalForm('{"\\u0061":"\\u4e91\\/"}')).toBe('{"a":"云/"}');
  });

  test('treats __proto__ as a member like any other', () => {
    expect(canonicalForm('{"a":1,"__proto__":{"x":1}}')).toBe('{"__proto__":{"x":1},"a":1}');
  });

  test('sorts names by UTF-16 code units', () => {
    expect(canonicalForm('{"\uffff":1,"😀":2,"é":3,"z":4}')).toBe('{"z":4,"é":3,"😀":2,"\uffff":1}');
  });

  test.each(['', 'null', '[]', '"a"', '{"a":1', '{"a":1}}', '\ufeff{}', '{a:1}'])('does not exist for %j', (text) => {
    expect(canonicalForm(text)).toBeUndefined();
  });

  test.each(['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '{"__proto__":1,"__proto__":2}'])(
    'does not exist where a top-level name occurs twice: %s',
    (text) => expect(canonicalForm(text)).toBeUndefined(),
  );

  test('is the same whatever the order, blanks and escapes it was sent with', () => {
    fc.assert(
      fc.property(noisyMembers, (members) => {
        const wanted = members
          .filter(({ value }) => value.compact !== 'null')
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ name, value }) => `${JSON.stringify(name)}:${value.compact}`);
        expect(canonicalForm(`{${members.map(({ sent }) => sent).join(',')}}`)).toBe(`{${wanted.join(',')}}`);
      }),
    );
  });

  test('is its own canonical form', () => {
    fc.assert(
      fc.property(noisyMembers, (members) => {
        const form = canonicalForm(`{${members.map(({ sent }) => sent).join(',')}}`);
        expect(form === undefined ? 'none' : canonicalForm(form)).toBe(form);
      }),
    );
  });

  test('does not exist for any spelling of a repeated name', () => {
    fc.assert(
      fc.property(noisyString, (name) => {
        expect(canonicalForm(`{${name.sent}:1,"${escapeAll(name.value)}":1}`)).toBeUndefined();
      }),
    );
  });

  test('is never longer than the body, and JSON wherever the body was', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const form = canonicalForm(text);
        expect(Buffer.byteLength(form ?? '')).toBeLessThanOrEqual(Buffer.byteLength(text));
        if (form !== undefined && isJson(text)) expect(isJson(form)).toBe(true);
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
