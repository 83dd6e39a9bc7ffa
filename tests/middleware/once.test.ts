import { expect, jest, test } from '@jest/globals';
import { once } from '../../lib/middleware/once.ts';

test('makes something of each object once, and of an equal one anew', () => {
  const make = jest.fn(({ text }: { text: string }) => [text]);
  const lists = once(make);
  const a = { text: 'a' };
  const made = lists(a);
  expect(made).toEqual(['a']);
  expect(lists(a)).toBe(made);
  expect(lists({ ...a })).not.toBe(made);
  expect(lists({ text: 'b' })).toEqual(['b']);
  expect(make).toHaveBeenCalledTimes(3);
});

test('asks again where nothing was made', () => {
  const answers = [undefined, 'late'];
  const made = once(() => answers.shift());
  const a = {};
  expect([made(a), made(a), made(a)]).toEqual([undefined, 'late', 'late']);
});
