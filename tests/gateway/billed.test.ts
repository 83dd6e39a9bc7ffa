import { expect, test } from '@jest/globals';
import { withBilled, withoutBilled } from '../../lib/gateway/billed.ts';

test.each([
  [
    { 'usage.input_tokens': 3, 'usage.output_tokens': 4 },
    { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
  ],
  [{ 'usage.input_tokens': 3 }, { input_tokens: 3, output_tokens: 0, total_tokens: 3 }],
])('the total of %j is told', (billed, usage) => {
  expect(withBilled({}, billed, ['usage.input_tokens', 'usage.output_tokens'])).toEqual({ usage });
});

test('one direction alone is its own total', () => {
  expect(withBilled({}, {}, ['usage.input_tokens'])).toEqual({ usage: { input_tokens: 0, total_tokens: 0 } });
  expect(withBilled({}, { 'usage.output_tokens': 2 }, ['usage.output_tokens'])).toEqual({
    usage: { output_tokens: 2, total_tokens: 2 },
  });
});

test('what is billed by pictures has no total', () => {
  const paths = ['usage.image_count'];
  expect(withBilled({}, { 'usage.image_count': 2 }, paths)).toEqual({ usage: { image_count: 2 } });
});

test('is taken out of an event, also where members of those names hold something else', () => {
  expect(withoutBilled({ usage: { prompt_tokens: 1 }, text: 'x' }, ['usage.prompt_tokens'])).toEqual({ text: 'x' });
  expect(withoutBilled({ output: 'x', a: { n: 1, b: 2 } }, ['output.count', 'a.n', 'c.d'])).toEqual({
    output: 'x',
    a: { b: 2 },
  });
});
