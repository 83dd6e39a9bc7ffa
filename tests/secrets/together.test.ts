import { expect, test } from '@jest/globals';
import { together } from '../../lib/secrets/together.ts';

function given(most = 10) {
  const reads: string[][] = [];
  const source = together(async (names) => {
    reads.push([...names]);
    return new Map(names.map((name) => [name, name === 'bad' ? new Error('no bad') : name.toUpperCase()]));
  }, most);
  return { reads, source };
}

test('what is asked for in the same moment is read in one go', async () => {
  const { reads, source } = given();
  expect(await Promise.all(['a', 'b', 'a'].map(source))).toEqual(['A', 'B', 'A']);
  expect(await source('c')).toBe('C');
  expect(reads).toEqual([['a', 'b'], ['c']]);
});

test('a reading takes so many names and no more; the others go out beside it', async () => {
  const { reads, source } = given(2);
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map(source));
  expect(reads).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

test('an error about one name leaves the others their texts', async () => {
  const { source } = given();
  const [good, bad] = await Promise.allSettled([source('good'), source('bad')]);
  expect(good).toEqual({ status: 'fulfilled', value: 'GOOD' });
  expect(bad).toMatchObject({ reason: new Error('no bad') });
});

test('a reading that fails, fails for all; one that forgets a name says so', async () => {
  const failing = together(async () => {
    throw new Error('down');
  }, 10);
  await expect(failing('a')).rejects.toThrow('down');
  await expect(together(async () => new Map(), 10)('a')).rejects.toThrow('Nothing was answered about "a"');
});
