import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatKitTime, parseKitTime } from '../../../lib/protocol/kit/times.ts';

test.each([
  ['20250901173005123', Date.UTC(2025, 8, 1, 9, 30, 5, 123)],
  ['20250901073005', Date.UTC(2025, 7, 31, 23, 30, 5)],
  ['20250101000000000', Date.UTC(2024, 11, 31, 16)],
])('%s is a time eight hours ahead of UTC', (text, ms) => {
  expect(parseKitTime(text)).toBe(ms);
  expect(formatKitTime(ms)).toBe(text.padEnd(17, '0'));
});

test.each(['', '20250230000000000', '2025-09-01', '202509011730051'])('"%s" is none', (text) => {
  expect(parseKitTime(text)).toBeUndefined();
});

test('every moment is read as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (ms) => {
      expect(parseKitTime(formatKitTime(ms))).toBe(ms);
    }),
  );
});
