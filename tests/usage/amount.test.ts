import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAmount, parseAmount, parseUsageValue } from '../../lib/usage/amount.ts';

describe('a usage value', () => {
  test.each([
    ['1', 10_000n],
    ['0.0001', 1n],
    ['12.5', 125_000n],
    ['12.50000', 125_000n],
    [99, 990_000n],
    [0.1, 1_000n],
    ['99999999.9999', 999_999_999_999n],
  ])('%j is read', (value, amount) => {
    expect(parseUsageValue(value)).toBe(amount);
  });

  test.each([
    '0',
    '0.0000',
    '-1',
    '+1',
    '1e3',
    '1.00001',
    '',
    ' 1',
    '01',
    '.5',
    '5.',
    '1,5',
    'NaN',
    '100000000',
    0,
    -1,
    0.1 + 0.2,
    1e-5,
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    null,
    undefined,
    {},
    ['1'],
    '9'.repeat(40),
  ])('%j is refused', (value) => {
    expect(parseUsageValue(value)).toBeUndefined();
  });

  test('of any size comes back as it was written, in the shortest form', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 23n }), (amount) => {
        const text = formatAmount(amount);
        expect(parseAmount(text)).toBe(amount);
        expect(text).not.toMatch(/\.\d*0$|\.$/);
      }),
    );
  });
});
