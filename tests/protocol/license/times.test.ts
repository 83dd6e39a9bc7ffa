import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLicenseTime } from '../../../lib/protocol/license/times.ts';
import { formatMillis, formatSeconds } from '../../../lib/protocol/times.ts';

const ms = Date.UTC(2025, 8, 1, 10, 30, 15);

test.each([
  '2025-09-01 10:30:15 z',
  '2025-09-01 10:30:15 Z',
  '2025-09-01 10:30:15Z',
  '2025-09-01 10:30:15 UTC',
  '2025-09-01 10:30:15 gmt',
  '2025-09-01 10:30:15',
  '2025-09-01T10:30:15Z',
  ' 2025-09-01 10:30:15 z ',
  '20250901103015',
  '20250901103015000',
])('%s is the same moment', (text) => {
  expect(parseLicenseTime(text)).toBe(ms);
});

test.each([
  '',
  '2025-09-01',
  '2025-02-30 10:30:15 z',
  '2025-09-01 24:30:15 z',
  '2025-09-01 10:30:15 CST',
  '2025-09-01 10:30:15 +0800',
  '2025-9-1 10:30:15 z',
  '2025-09-01 10:30:15 z z',
  'at 2025-09-01 10:30:15 z',
])('"%s" is none', (text) => {
  expect(parseLicenseTime(text)).toBeUndefined();
});

test('every second is read in both forms', () => {
  const seconds = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) / 1_000 }).map((s) => s * 1_000);
  fc.assert(
    fc.property(seconds, (moment) => {
      const iso = new Date(moment).toISOString();
      expect(parseLicenseTime(`${iso.slice(0, 10)} ${iso.slice(11, 19)} z`)).toBe(moment);
      expect(parseLicenseTime(formatSeconds(moment))).toBe(moment);
      expect(parseLicenseTime(formatMillis(moment))).toBe(moment);
    }),
  );
});
