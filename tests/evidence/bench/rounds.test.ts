import { expect, test } from '@jest/globals';
import { interleaved } from '../../../scripts/evidence/bench/rounds.ts';

/** Contenders that note when they are called. */
function contenders(made: string[]) {
  return ['a', 'b', 'c'].map((name) => ({
    name,
    calls: 2,
    prepare: (count: number) => Array.from({ length: count }, () => async () => void made.push(name)),
  }));
}

test('measures all in each round, in reversed order every other round, after a warm-up that is not counted', async () => {
  const made: string[] = [];
  const costs = await interleaved(contenders(made), { rounds: 2, warmUp: 1 });

  expect(made.join('')).toBe('ccbbaa' + 'aabbcc' + 'ccbbaa');
  expect(Object.values(costs).map((rounds) => rounds.length)).toEqual([2, 2, 2]);
});

test('makes the inputs of a round outside the measurement, and waits for each call', async () => {
  const events: string[] = [];
  await interleaved(
    [
      {
        name: 'a',
        calls: 2,
        prepare: (count) => {
          events.push('prepare');
          return Array.from({ length: count }, () => async () => {
            events.push('begin');
            await new Promise((resolve) => setImmediate(resolve));
            events.push('end');
          });
        },
      },
    ],
    { rounds: 1, warmUp: 0 },
  );
  expect(events).toEqual(['prepare', 'begin', 'end', 'begin', 'end']);
});
