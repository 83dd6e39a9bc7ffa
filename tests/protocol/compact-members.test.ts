import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compactMembers, joinCompact, MAX_MEMBERS } from '../../lib/protocol/compact-members.ts';
import { noisyMembers } from '../support/json-noise.ts';

const MB = 1024 * 1024;
const read = (text: string) => compactMembers(Buffer.from(text));

function textsOf(text: string): Record<string, string> | string {
  const found = read(text);
  if ('fault' in found) return found.fault;
  return Object.fromEntries(found.members.map(({ name, value }) => [name, value.toString()]));
}

describe('the members of a body', () => {
  test('are found as JSON.parse finds them, as compact as JSON.stringify writes them', () => {
    fc.assert(
      fc.property(noisyMembers, (members) => {
        const found = read(` {${members.map(({ sent }) => sent).join(',')}}\n`);
        expect('members' in found && found.members.map(({ name, value }) => [name, value.toString()])).toEqual(
          members.map(({ name, value }) => [name, value.compact]),
        );
      }),
    );
  });

  test('put together again are the body, as compact as can be', () => {
    fc.assert(
      fc.property(noisyMembers, (members) => {
        const sent = `{${members.map((one) => one.sent).join(',')}}`;
        const found = read(sent);
        const joined = 'members' in found ? joinCompact(found.members).toString() : '';
        const wanted = members.map(({ name, value }) => `${JSON.stringify(name)}:${value.compact}`);
        expect(joined).toBe(`{${wanted.join(',')}}`);
      }),
    );
  });

  test.each([
    ['"\\ud83d\\ude00"', '"😀"'],
    ['"\\uD83D"', '"\\ud83d"'],
    ['"\\uD83Dx"', '"\\ud83dx"'],
    ['"\\uDE00\\uD83D"', '"\\ude00\\ud83d"'],
    ['"\\ud83d\\u0041"', '"\\ud83dA"'],
    ['"\\u0000\\u000A\\u001f\\u007f"', '"\\u0000\\n\\u001f\u007f"'],
    ['"\\u0022\\u005C\\/\\""', '"\\"\\\\/\\""'],
    ['"\\u07ff\\u0800\\uffff"', '"\u07ff\u0800\uffff"'],
  ])('have a string %s written %s', (sent, compact) => {
    expect(textsOf(`{"a":${sent}}`)).toEqual({ a: compact });
    expect(JSON.parse(compact)).toBe(JSON.parse(sent));
  });

  test.each([
    ['', 'empty'],
    ['null', 'not an object'],
    ['[]', 'not an object'],
    ['{"a":1', 'not an object'],
    ['{"a":1}}', 'not an object'],
    ['{"a":1,}', 'not an object'],
    ['{"a" 1}', 'not an object'],
    ['{"a":}', 'not an object'],
    ['{a:1}', 'not an object'],
    ['{"a":1 2}', 'not an object'],
    ['{"a":]}', 'not an object'],
    ['{"a":"\n"}', 'not an object'],
    ['{"a":"\\x"}', 'not an object'],
    ['{"a":"\\u00g0"}', 'not an object'],
    ['{"a":"\\u00', 'not an object'],
    [`{"a":${'['.repeat(8)}${']'.repeat(8)}}`, 'too deep'],
  ])('are not to be had from %s: %s', (text, fault) => expect(textsOf(text)).toBe(fault));

  test('are not to be had from bytes that are no UTF-8', () => {
    expect(compactMembers(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual({ fault: 'not UTF-8', at: 0 });
  });

  test('may be as many as no call has, and nest as deep as is allowed', () => {
    const many = `{${Array.from({ length: MAX_MEMBERS }, (_, index) => `"${index}":0`).join(',')}}`;
    expect(Object.keys(textsOf(many))).toHaveLength(MAX_MEMBERS);
    expect(textsOf(`{"a":${'['.repeat(7)}${']'.repeat(7)}}`)).toEqual({ a: '[[[[[[[]]]]]]]' });
  });
});

describe('the work for a body of two megabytes that nobody signed', () => {
  test.each([
    [
      'members',
      'too many members',
      `{${Array.from({ length: 190_000 }, (_, i) => `"${i.toString(36)}":0`).join(',')}}`,
    ],
    ['brackets', 'too deep', `{"a":${'['.repeat(MB)}${']'.repeat(MB)}}`],
    ['something else first', 'not an object', `[${'0,'.repeat(MB)}0]`],
  ])('ends within its first kilobyte where it has too many %s', (_, fault, text) => {
    const found = read(text);
    expect(found).toMatchObject({ fault });
    expect('at' in found ? found.at : text.length).toBeLessThan(1024);
  });

  test('makes nothing longer than the body', () => {
    for (const text of [
      `{"a":[${Array(150_000).fill('"\\u0041b"').join(',')}]}`,
      `{"a":"${'x'.repeat(MB)}"}`,
      `{"a":1${' '.repeat(MB)}}`,
    ]) {
      const found = read(text);
      expect('members' in found ? joinCompact(found.members).length : text.length + 1).toBeLessThanOrEqual(text.length);
    }
  });
});
