import { expect, test } from '@jest/globals';
import { FAILED_MOST, leastWanted } from '../../lib/instances/failed.ts';
import type { FailedChange } from '../../lib/instances/item.ts';

const failed = (kind: FailedChange['kind'], at: number): FailedChange =>
  ({ id: `${kind}-${at}`, kind, acceptedAt: at, sentAt: at, reason: 'no', failedAt: at }) as FailedChange;
const mapOf = (...changes: readonly FailedChange[]) => Object.fromEntries(changes.map((change) => [change.id, change]));
const many = (count: number) => Array.from({ length: count }, (_, index) => failed('renew', index + 1));

test('a status replaces older ones, and nothing else does', () => {
  const there = mapOf(failed('freeze', 1), failed('unfreeze', 2), failed('renew', 3), failed('freeze', 9));
  expect(leastWanted(there, [failed('freeze', 5)])).toEqual(['freeze-1', 'unfreeze-2']);
  expect(leastWanted(there, [failed('upgrade', 5)])).toEqual([]);
  expect(leastWanted(there, [])).toEqual([]);
});

test('the oldest go beyond the bound, but never a purchase, a clean-up or a release', () => {
  const there = mapOf(failed('provision', 0), failed('cleanUp', 0), failed('release', 0), ...many(FAILED_MOST - 3));
  expect(leastWanted(there, [failed('upgrade', 5), failed('upgrade', 6)])).toEqual(['renew-1', 'renew-2']);
});

test('a change that comes back to where it was takes no place of its own', () => {
  expect(leastWanted(mapOf(...many(FAILED_MOST)), [failed('renew', 7)])).toEqual([]);
});

test('so many go at once that an expression holds them', () => {
  expect(leastWanted(mapOf(...many(FAILED_MOST + 100)), [failed('upgrade', 5)])).toHaveLength(40);
});
