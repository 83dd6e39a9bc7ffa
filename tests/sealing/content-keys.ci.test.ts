import { expect, test } from '@jest/globals';
import { unwrapper, wrapper } from '../../lib/sealing/content-keys.ts';
import { rsaPair } from '../secrets/fixture.ts';

const pair = rsaPair(2048); // a thousand of its operations take a second

/** Wrapped content keys, each another. */
function wrappedKeys(count: number): string[] {
  let now = 0;
  const next = wrapper(pair.publicKey, 'kid', () => now);
  return Array.from({ length: count }, () => {
    now += 3_600_000; // the longest that one is used
    return next().wrapped;
  });
}

test('a content key is unwrapped once, as long as it is among the last thousand', async () => {
  const unwrap = unwrapper(pair.privateKey);
  const [first = '', second = '', ...others] = wrappedKeys(1_001);
  const [one, two] = [unwrap(first), unwrap(second)];
  expect(unwrap(first)).toBe(one);
  await Promise.all(others.map(unwrap));
  expect(unwrap(second)).toBe(two);
  const anew = unwrap(first);
  expect(anew).not.toBe(one);
  expect(await anew).toEqual(await one);
});

test('what could not be unwrapped is tried anew', async () => {
  const unwrap = unwrapper(pair.privateKey);
  const failed = unwrap('AAAA');
  await expect(failed).rejects.toThrow();
  const again = unwrap('AAAA');
  expect(again).not.toBe(failed);
  await expect(again).rejects.toThrow();
});
