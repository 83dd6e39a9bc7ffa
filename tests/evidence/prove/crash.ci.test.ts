import { expect, test } from '@jest/globals';
import { crashOnce } from '../../../scripts/evidence/prove/crash/crash-once.ts';

// Every moment is tried by npm run prove; here one of accepting, one of an effect, one of recording, and none at all.
test.each([
  [4, /^before UpdateItem/],
  [20, /effect of provision$/],
  [21, /^before PutItem/],
])('killed at its moment %i, a process leaves nothing undone and nothing done twice', async (at, where) => {
  const { died, wrong } = await crashOnce(at, 'living');
  expect(wrong).toBeUndefined();
  expect(died).toMatch(where);
});

test('a process that nobody kills ends by itself, with all done', async () => {
  expect(await crashOnce(1_000, 'released')).toEqual({ died: undefined, wrong: undefined });
});
