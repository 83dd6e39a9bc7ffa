import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deriveKey } from '../../../lib/protocol/v1/derive-key.ts';
import { vectorsOf } from '../../support/vectors.ts';

describe('the AES key of an access key', () => {
  test.each(vectorsOf('v1-sha1prng'))('$id', ({ keys: { accessKey }, expected }) => {
    expect(deriveKey(accessKey, 128).toString('hex')).toBe(expected.aes128KeyHex);
    expect(deriveKey(accessKey, 256).toString('hex')).toBe(expected.aes256KeyHex);
  });

  test('of 128 bit is the first half of the one of 256 bit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (accessKey) => {
        const long = deriveKey(accessKey, 256);
        expect(long).toHaveLength(32);
        expect(deriveKey(accessKey, 128)).toEqual(long.subarray(0, 16));
      }),
    );
  });
});
