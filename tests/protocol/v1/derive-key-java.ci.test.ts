import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { deriveKey } from '../../../lib/protocol/v1/derive-key.ts';
import { hasJava, javaAes } from '../../support/java.ts';

describe('the AES key of an access key', () => {
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
