import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePeriodKey, parseUsageTime, periodKey } from '../../lib/usage/period.ts';

const AT = Date.UTC(2025, 8, 1, 8);

describe('a time', () => {
  test.each(['2025-09-01T08:00:00Z', '2025-09-01T08:00:00.000Z', '2025-09-01T08:00Z', '20250901T080000Z'])(
    '%s is read',
    (text) => {
      expect(parseUsageTime(text)).toBe(AT);
    },
  );

  test.each([
    '2025-09-01T08:00:00',
    '2025-09-01T16:00:00+08:00',
    '2025-09-01T08:00:00.5Z',
    '2025-02-30T08:00:00Z',
    '2025-09-01T24:00:00Z',
    '2025-09-01',
    '20250901080000',
    '1756713600000',
    '',
  ])('%j is refused', (text) => {
    expect(parseUsageTime(text)).toBeUndefined();
  });
});

describe('the key of a period', () => {
  const second = fc.integer({ min: 0, max: 253_402_300_799 }).map((s) => s * 1_000);

  test('comes back as the period, and sorts as periods do', () => {
    fc.assert(
      fc.property(second, second, second, second, (begin, end, otherBegin, otherEnd) => {
        const [one, other] = [
          { begin, end },
          { begin: otherBegin, end: otherEnd },
        ];
        expect(parsePeriodKey(periodKey(one))).toEqual(one);
        const earlier = begin < otherBegin || (begin === otherBegin && end < otherEnd);
        expect(periodKey(one) < periodKey(other)).toBe(earlier);
      }),
    );
  });

  test.each(['', '20250901T080000Z', '20250901T080000Z#', '2025-09-01T08:00:00Z#20250901T090000Z', 'TOTALS', '1#2#3'])(
    '%j is none',
    (sk) => {
      expect(parsePeriodKey(sk)).toBeUndefined();
    },
  );
});
