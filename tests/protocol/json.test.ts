import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asciiJson, parseBody } from '../../lib/protocol/json.ts';
import { escapeAll, noisyMembers, noisyString } from '../support/json-noise.ts';
import { refused } from '../support/refused.ts';

const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

describe('reading a body', () => {
  test('gives its members, from bytes and from text', () => {
    const wanted = { activity: 'newInstance', productInfo: { linearValue: 2 }, 备注: null };
    const text = JSON.stringify(wanted);
    expect(parseBody(text)).toEqual(wanted);
    expect(parseBody(Buffer.from(text))).toEqual(wanted);
  });

  test.each([
    ['', 'body is empty; a JSON object is expected'],
    ['{"a":', 'body is not a JSON object'],
    ['[]', 'body is not a JSON object'],
    ['null', 'body is not a JSON object'],
    ['"newInstance"', 'body is not a JSON object'],
    ['a=1', 'body is not a JSON object'],
    ['\ufeff{}', 'body is not a JSON object'],
    ['{"a":1,"a":1}', 'body holds a member name twice'],
    ['{"o":{"a":1,"\\u0061":2}}', 'body holds a member name twice'],
    [nested(10), 'body is nested deeper than 8 levels'],
    [`{"a":${'['.repeat(8)}${']'.repeat(8)}}`, 'body is nested deeper than 8 levels'],
  ])('refuses %s', (text, reason) => {
    expect(refused(() => parseBody(text))).toMatchObject({ resultCode: '000002', message: reason });
    expect(refused(() => parseBody(Buffer.from(text)))).toMatchObject({ resultCode: '000002', message: reason });
  });

  test.each([['c3'], ['ff'], ['eda080'], ['c0af']])('refuses bytes that are not UTF-8: %s', (hex) => {
    const raw = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(hex, 'hex'), Buffer.from('"}')]);
    expect(refused(() => parseBody(raw))).toMatchObject({ resultCode: '000002', message: 'body is not valid UTF-8' });
  });

  test('takes eight levels, and the same name in different objects', () => {
    expect(() => parseBody(nested(8))).not.toThrow();
    expect(parseBody('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toEqual({ a: { a: 1 }, b: [{ a: 1 }, { a: 2 }] });
  });

  test('takes a text that occurs twice in a list, and one that is also the name of its member', () => {
    expect(parseBody('{"a":["a","b","b"],"b":"b"}')).toEqual({ a: ['a', 'b', 'b'], b: 'b' });
  });

  test('refuses a quarter of a megabyte of opening brackets as it does ten', () => {
    const levels = 120_000;
    const body = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(refused(() => parseBody(body)).resultCode).toBe('000002');
  });

  test('keeps __proto__ an ordinary member that changes no object', () => {
    const body = parseBody('{"__proto__":{"activity":"releaseInstance"},"instanceId":"1"}');
    expect(Object.keys(body)).toEqual(['__proto__', 'instanceId']);
    expect(body.activity).toBeUndefined();
    expect(({} as Record<string, unknown>).activity).toBeUndefined();
  });

  test('reads what JSON.parse reads, whatever the blanks and escapes', () => {
    fc.assert(
      fc.property(noisyMembers, (members) => {
        const text = `{${members.map(({ sent }) => sent).join(',')}}`;
        expect(parseBody(text)).toEqual(JSON.parse(text));
        expect(parseBody(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('refuses every spelling of a repeated name', () => {
    fc.assert(
      fc.property(noisyString, noisyMembers, (name, members) => {
        const others = members.map(({ sent }) => `,${sent}`).join('');
        const body = `{${name.sent}:1${others},"${escapeAll(name.value)}":1}`;
        expect(refused(() => parseBody(body)).message).toBe('body holds a member name twice');
      }),
    );
  });

  test('answers any text with its members or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 4 })), (text) => {
        const value = parsedOrUndefined(text);
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
          expect(parseBody(text)).toEqual(value);
        else expect(refused(() => parseBody(text)).resultCode).toBe('000002');
      }),
    );
  });
});

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('ASCII JSON', () => {
  test('escapes everything beyond ASCII, emoji as two halves', () => {
    expect(asciiJson({ memo: '首次 é 😀 \u2028' })).toBe('{"memo":"\\u9996\\u6b21 \\u00e9 \\ud83d\\ude00 \\u2028"}');
  });

  test('is ASCII and means the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = asciiJson(value);
        expect(Buffer.byteLength(text)).toBe(text.length);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('is not made of nothing', () => {
    expect(() => asciiJson(undefined)).toThrow(TypeError);
    expect(() => asciiJson(undefined)).toThrow(/^Only objects, arrays, texts, numbers, booleans and null become JSON/);
  });
});
