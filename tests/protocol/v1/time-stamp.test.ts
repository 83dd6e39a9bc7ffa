import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatMillis } from '../../../lib/protocol/times.ts';
import { parseTimeStamp } from '../../../lib/protocol/v1/time-stamp.ts';

test.each([
  ['20250115010005123', Date.UTC(2025, 0, 15, 1, 0, 5, 123)],
  ['2025011501000512', Date.UTC(2025, 0, 15, 1, 0, 5, 12)],
  ['201706211855321', Date.UTC(2017, 5, 21, 18, 55, 32, 1)],
])('%s is a time in UTC', (text, ms) => {
  expect(parseTimeStamp(text)).toBe(ms);
});

test.each(['', '20250115010005', '202501150100051234', '20250230010005123', '2025011501000512x', ' 20250115010005123'])(
  '"%s" is none',
  (text) => {
    expect(parseTimeStamp(text)).toBeUndefined();
  },
);

test('every moment is read as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (ms) => {
      expect(parseTimeStamp(formatMillis(ms))).toBe(ms);
    }),
  );
});
