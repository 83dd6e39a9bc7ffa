import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PACKAGE_ROOT } from '../../../scripts/build/roots.ts';
import { BUGS } from '../../../scripts/evidence/prove/planted/bugs.ts';
import { withBug } from '../../../scripts/evidence/prove/planted/plant.ts';
import { hunted } from '../../../scripts/evidence/prove/proofs/planted.ts';

test.each(BUGS)('there is a place for the bug: $what', (bug) => {
  const source = readFileSync(join(PACKAGE_ROOT, bug.file), 'utf8');
  expect(withBug(source, bug)).not.toBe(source);
  expect(() => withBug('something else', bug)).toThrow(bug.file);
});

test('bugs are told apart', () => {
  expect(BUGS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(BUGS.map(({ what }) => what)).size).toBe(BUGS.length);
});

const place = (words: string) => BUGS.findIndex(({ what }) => what.includes(words));

test.each(['another’s hold', 'woken', 'the chain', 'whatever fails'])(
  'the schedules find it planted: %s',
  async (words) => {
    expect((await hunted(place(words), 50, 0)).found).toBeGreaterThan(0);
  },
  120_000,
);

test('the same schedules break nothing without a bug', async () => {
  expect(await hunted(undefined, 50, 0)).toEqual({ played: 50, found: 0, rules: [] });
}, 120_000);
