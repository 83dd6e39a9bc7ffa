import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joined, keys, productOf, SHARDS, shardOf } from '../../lib/instances/keys.ts';

const part = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('#', '%', '2', '3', 'a', '好') });

describe('keys', () => {
  test('of different parts are different', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), fc.array(part, { minLength: 1 }), (a, b) => {
        expect(joined(a) === joined(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test.each([
    [['a#b'], 'a%23b'],
    [['a', 'b'], 'a#b'],
    [['a%23b'], 'a%2523b'],
    [['#%', 'a##'], '%23%25#a%23%23'],
    [['ab'], 'ab'],
  ])('of %j lie where they lie in the tables that exist', (parts, text) => {
    expect(joined(parts)).toBe(text);
  });

  test('name the product they belong to', () => {
    fc.assert(
      fc.property(part, part, (orderId, orderLineId) => {
        expect(productOf(keys.orderLine('demo-1', orderId, orderLineId))).toBe('demo-1');
        expect(productOf(keys.instance('demo-1', orderId))).toBe('demo-1');
      }),
    );
  });

  test('that are none of ours name no product', () => {
    expect(productOf({ pk: 'somebody else', sk: '' })).toBe('');
  });

  test('spread over all shards, always over the same', () => {
    const shards = Array.from({ length: 500 }, (_, n) => shardOf(keys.instance('demo', `i${n}`)));
    expect(new Set(shards).size).toBe(SHARDS);
    expect(Math.max(...shards)).toBeLessThan(SHARDS);
    expect(shards.slice(0, 5)).toEqual(Array.from({ length: 5 }, (_, n) => shardOf(keys.instance('demo', `i${n}`))));
  });

  test('stay below the limits of the table for the longest parts', () => {
    const longest = '好'.repeat(256);
    const { pk, sk } = keys.orderLine('p'.repeat(64), longest, longest);
    expect(Buffer.byteLength(pk)).toBeLessThan(2_048);
    expect(Buffer.byteLength(sk)).toBeLessThan(1_024);
  });

  test.each([
    ['', 'an id is empty'],
    ['x'.repeat(257), 'an id is longer than 256 characters'],
  ])('refuse an empty or absurdly long part with 000002', (id, message) => {
    expect(() => keys.instance('demo', id)).toThrow(expect.objectContaining({ resultCode: '000002', message }));
  });
});
