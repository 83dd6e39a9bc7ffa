import { expect, test } from '@jest/globals';
import { retried } from '../../lib/secrets/retry.ts';

const always = { isTransient: () => true, random: () => 0.5 };

/** Plays a call whose tries fail, on a clock of the test's own. @returns milliseconds at which it was tried */
async function play(fails: () => Promise<never>, options = always): Promise<number[]> {
  let now = 0;
  const at: number[] = [];
  const pause = async (ms: number) => {
    now += ms;
  };
  const outcome = retried(
    () => {
      at.push(Math.round(now));
      return fails();
    },
    { ...options, elapsed: () => now, pause },
  );
  await expect(outcome).rejects.toThrow('busy');
  return at;
}

const refused = async () => {
  throw new Error('busy');
};

test('pauses grow from 100 ms, and the call ends within its budget', async () => {
  expect(await play(refused)).toEqual([0, 100, 400, 1_100]);
});

test.each([
  [0, [0, 50, 200, 550]],
  [0.999, [0, 150, 600, 1_649]],
])('chance moves them by half (%d)', async (random, expected) => {
  expect(await play(refused, { ...always, random: () => random })).toEqual(expected);
});

test('what does not pass is not repeated', async () => {
  expect(await play(refused, { ...always, isTransient: () => false })).toEqual([0]);
});
