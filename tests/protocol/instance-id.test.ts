import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';

describe('the id of a bought instance', () => {
  test('is a fixed function of product, order and order line', () => {
    // Instances that exist are found by it: another rule needs another version, not another value here.
    expect(deriveInstanceId('demo', 'CS2509010930EXAMP', 'CS2509010930EXAMP-000001')).toBe(
      'f2c780c5-eedc-8a7e-a210-8d007d3ea60d',
    );
  });

  test('is a UUID of version 8, another one for every other purchase', () => {
    const part = fc.string({ unit: 'binary' });
    const purchase = fc.tuple(part, part, part);
    fc.assert(
      fc.property(purchase, purchase, (a, b) => {
        expect(deriveInstanceId(...a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(deriveInstanceId(...a) === deriveInstanceId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test('does not change places: what one part ends with is not what the next begins with', () => {
    const ids = [
      deriveInstanceId('a', 'bc', 'd'),
      deriveInstanceId('ab', 'c', 'd'),
      deriveInstanceId('a', 'b', 'cd'),
      deriveInstanceId('a', '","b', 'cd'),
      deriveInstanceId('a', 'b","', 'cd'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
