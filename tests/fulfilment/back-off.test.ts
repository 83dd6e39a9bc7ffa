import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backOff } from '../../lib/fulfilment/back-off.ts';

test('the back-off doubles, leaves its upper half to chance, and stops at an hour', () => {
  expect([1, 2, 3, 11, 12, 500].map((attempts) => backOff(attempts, 1 - Number.EPSILON))).toEqual([
    2_000, 4_000, 8_000, 2_048_000, 3_600_000, 3_600_000,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, random) => {
        const whole = backOff(attempts, 1 - Number.EPSILON);
        expect(backOff(attempts, random)).toBeGreaterThanOrEqual(whole / 2);
        expect(backOff(attempts, random)).toBeLessThanOrEqual(whole);
      },
    ),
  );
});
