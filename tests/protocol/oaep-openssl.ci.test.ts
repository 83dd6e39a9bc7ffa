import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decryptOaep, encryptOaep, type OaepHash } from '../../lib/protocol/oaep.ts';
import { hasOpenssl, opensslOaep } from '../support/openssl.ts';
import { privatePem, publicPem, rsaPair } from '../support/rsa.ts';

const hashes: OaepHash[] = ['sha1', 'sha256'];
const combinations = hashes.flatMap((hash) => hashes.map((mgf1Hash) => [hash, mgf1Hash] as const));

if (hasOpenssl) {
  describe.each(combinations)('OpenSSL with hash %s and MGF1 hash %s', (hash, mgf1Hash) => {
    const { publicKey, privateKey } = rsaPair();
    const plain = fc.uint8Array({ minLength: 1, maxLength: 318, size: 'max' }).map((bytes) => Buffer.from(bytes));

    test('opens what we close', () => {
      fc.assert(
        fc.property(plain, (bytes) => {
          const cipher = Buffer.from(encryptOaep(publicKey, bytes, hash, mgf1Hash), 'base64');
          expect(opensslOaep('decrypt', privatePem(privateKey), cipher, hash, mgf1Hash)).toEqual(bytes);
        }),
        { numRuns: 5 },
      );
    });

    test('closes what we open', () => {
      fc.assert(
        fc.property(plain, (bytes) => {
          const cipher = opensslOaep('encrypt', publicPem(publicKey), bytes, hash, mgf1Hash).toString('base64');
          expect(decryptOaep(privateKey, cipher, hash, mgf1Hash)).toEqual(bytes);
        }),
        { numRuns: 5 },
      );
    });
  });
} else {
  test('NOT RUN HERE: OpenSSL is not installed', () => console.warn('OAEP was not checked against OpenSSL.'));
}
