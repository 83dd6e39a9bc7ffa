import { expect, test } from '@jest/globals';
import { sharedKeys } from '../../lib/secrets/shared-keys.ts';

test('names products that share an access key, once and without the key', () => {
  const said = sharedKeys([
    ['a', { accessKeys: { base: ['one', 'two'], general: ['g'] } }],
    ['b', { accessKeys: { base: ['three', 'two'], general: ['g'] } }],
    ['c', { accessKeys: { base: ['four'] } }],
  ]);
  expect(said).toEqual(['Products "a" and "b" share an access key: give each its own in the seller console.']);
});

test('says nothing of a product that has one key in two classes', () => {
  expect(sharedKeys([['a', { accessKeys: { base: ['one'], general: ['one'] } }]])).toEqual([]);
});
