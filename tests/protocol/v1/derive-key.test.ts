import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deriveKey } from '../../../lib/protocol/v1/derive-key.ts';
import { hasJava, javaAes } from '../../support/java.ts';
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

  if (hasJava) {
    test('is the one that Java makes, for 2000 random access keys of all lengths', () => {
      const accessKeys = Array.from({ length: 2_000 }, (_, i) => randomBytes(i % 70).toString('base64') || 'x');
      const bits = accessKeys.map((_, i) => (i % 2 === 0 ? 256 : 128) as 128 | 256);
      const theirs = javaAes(accessKeys.map((accessKey, i) => ({ act: 'derive', bits: bits[i] ?? 256, accessKey })));
      expect(accessKeys.map((accessKey, i) => deriveKey(accessKey, bits[i] ?? 256))).toEqual(theirs);
    });
  } else {
    test('NOT RUN HERE: no JDK is installed', () => console.warn('SHA1PRNG was not checked against Java.'));
  }
});
