import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { compileFilter } from '../../../scripts/dev/local/event-filter.ts';
import { ROOT } from '../../../scripts/dev/local/settings.ts';

test('no pattern admits everything', () => {
  expect(compileFilter([])({ any: 'thing' })).toBe(true);
});

test('one pattern of several is enough', () => {
  const filter = compileFilter([{ a: ['x'] }, { b: ['y'] }]);
  expect([filter({ a: 'x' }), filter({ b: 'y' }), filter({ a: 'y' })]).toEqual([true, true, false]);
});

test('all members of a pattern are needed, and one value of each list', () => {
  const filter = compileFilter([{ a: ['x', 'y'], b: { c: [1] } }]);
  expect([filter({ a: 'y', b: { c: 1 } }), filter({ a: 'y', b: { c: 2 } }), filter({ a: 'y' })]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a record passes the equality pattern made of itself, and not with a leaf changed', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const name = fc.string().filter((text) => !text.startsWith('$') && text !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(name, leaf), name, leaf, (record, added, value) => {
      const patternOf = (object: object) =>
        Object.fromEntries(Object.entries(object).map(([key, one]) => [key, [one]]));
      const pattern = patternOf({ ...record, [added]: value });
      expect(compileFilter([pattern])({ ...record, [added]: value })).toBe(true);
      expect(compileFilter([pattern])({ ...record, [added]: { not: value } })).toBe(false);
    }),
  );
});

test('exists looks at leaves alone, as in the cloud', () => {
  const exists = compileFilter([{ a: [{ exists: true }] }]);
  const absent = compileFilter([{ a: { b: [{ exists: false }] } }]);
  expect([exists({ a: '' }), exists({}), exists({ a: { b: 1 } })]).toEqual([true, false, false]);
  expect([absent({}), absent({ a: {} }), absent({ a: { b: 1 } })]).toEqual([true, true, false]);
});

test.each([
  [{ a: [{ prefix: 'x' }] }],
  [{ a: [{ exists: true, prefix: 'x' }] }],
  [{ a: 'x' }],
  [{ a: [] }],
  [{ $or: [{ a: ['x'] }] }],
  ['text'],
])('a rule it does not understand stops the run: %j', (pattern) => {
  expect(() => compileFilter([pattern])).toThrow('does not understand');
});

describe("given the stream's filter of the deployed function", () => {
  const { fulfil } = parse(readFileSync(`${ROOT}/deploy/aws/functions.yml`, 'utf8'), { logLevel: 'error' });
  const { stream } = fulfil.events.find((event: object) => 'stream' in event);
  const filter = compileFilter(stream.filterPatterns);
  const due = { dueShard: { N: '3' }, pk: { S: 'INSTANCE#demo#1' } };
  const record = (eventName: string, NewImage?: object) => ({ eventName, dynamodb: { NewImage } });

  test.each([
    ['a new instance that is due', record('INSERT', due), true],
    ['a change that is due', record('MODIFY', due), true],
    ['an item that somebody holds', record('MODIFY', { ...due, leaseOwner: { S: 'token' } }), false],
    ['an item with nothing to do', record('MODIFY', { pk: due.pk }), false],
    ['an item that was removed', record('REMOVE'), false],
  ])('%s', (_, one, admitted) => {
    expect(filter(one)).toBe(admitted);
  });
});
