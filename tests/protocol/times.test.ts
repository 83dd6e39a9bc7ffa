import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatMillis, formatSdkDate, formatSeconds, parseMarketplaceTime } from '../../lib/protocol/times.ts';

const moment = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });

describe('the marketplace’s times', () => {
  test('are read in seconds and milliseconds, as UTC', () => {
    expect(parseMarketplaceTime('20261001155959')).toBe(Date.UTC(2026, 9, 1, 15, 59, 59));
    expect(parseMarketplaceTime('20261001155959123')).toBe(Date.UTC(2026, 9, 1, 15, 59, 59, 123));
    expect(parseMarketplaceTime('20240229000000')).toBe(Date.UTC(2024, 1, 29));
  });

  test.each([
    '',
    '2026100115595',
    '202610011559590',
    '2026100115595912',
    '202610011559591234',
    '20260230000000',
    '20250229000000',
    '20261301000000',
    '20260001000000',
    '20261000000000',
    '20261001240000',
    '20261001006000',
    '20261001000060',
    '20261001T155959Z',
    ' 20261001155959',
    '20261001155959\n',
    '-0261001155959',
    '99993201000000',
    '00991001155959',
  ])('are not what is no date: %j', (text) => {
    expect(parseMarketplaceTime(text)).toBeUndefined();
  });

  test('come back as they were written', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        expect(parseMarketplaceTime(formatMillis(ms))).toBe(ms);
        expect(parseMarketplaceTime(formatSeconds(ms))).toBe(ms - (ms % 1000));
        expect(formatSdkDate(ms)).toBe(`${formatSeconds(ms).slice(0, 8)}T${formatSeconds(ms).slice(8)}Z`);
      }),
    );
  });

  test('of any digits are read only if they are written just so', () => {
    const digits = fc.tuple(fc.nat({ max: 9999 }), fc.array(fc.nat({ max: 69 }), { minLength: 5, maxLength: 5 }));
    fc.assert(
      fc.property(digits, ([year, parts]) => {
        const text = `${year}`.padStart(4, '0') + parts.map((part) => `${part}`.padStart(2, '0')).join('');
        const ms = parseMarketplaceTime(text);
        const iso = `${text.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6')}.000Z`;
        const exists = !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString() === iso && year >= 100;
        expect(ms).toBe(exists ? Date.parse(iso) : undefined);
      }),
    );
  });

  test('are written in three forms', () => {
    const ms = Date.UTC(2025, 8, 1, 2, 3, 4, 5);
    expect([formatSeconds(ms), formatMillis(ms), formatSdkDate(ms)]).toEqual([
      '20250901020304',
      '20250901020304005',
      '20250901T020304Z',
    ]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(10_000, 0), Date.UTC(-1, 0)])(
    'do not exist for %s',
    (ms) => {
      expect(() => formatSeconds(ms)).toThrow(RangeError);
    },
  );

  test.each([Date.UTC(10_000, 0), Date.UTC(-1, 0)])('%s ms are refused with the years that exist', (ms) => {
    expect(() => formatMillis(ms)).toThrow(`${ms} ms lie outside the years 0 to 9999.`);
  });
});
