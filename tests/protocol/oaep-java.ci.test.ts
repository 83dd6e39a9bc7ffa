import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { decryptOaep, encryptOaep, type OaepHash } from '../../lib/protocol/oaep.ts';
import { hasJava, javaOaep } from '../support/java.ts';
import { privateDer, publicDer, rsaPair } from '../support/rsa.ts';

/** What Java means when no parameters are given: the name says SHA-256, MGF1 stays with SHA-1. */
const javaDefault: [hash: OaepHash, mgf1Hash: OaepHash] = ['sha256', 'sha1'];
const javaName = { sha1: 'SHA-1', sha256: 'SHA-256' } as const;

if (hasJava) {
  describe('Java', () => {
    const { publicKey, privateKey } = rsaPair();
    const plains = [1, 2, 100, 317, 318].map((length) => randomBytes(length));

    test('opens with its default OAEPWithSHA-256AndMGF1Padding what we close', () => {
      const jobs = plains.map((plain) => ({
        act: 'decrypt' as const,
        key: privateDer(privateKey),
        data: encryptOaep(publicKey, plain, ...javaDefault),
      }));
      expect(javaOaep(jobs)).toEqual(plains.map((plain) => plain.toString('base64')));
    });

    test('closes with its default OAEPWithSHA-256AndMGF1Padding what we open', () => {
      const key = publicDer(publicKey);
      const ciphers = javaOaep(plains.map((plain) => ({ act: 'encrypt', key, data: plain.toString('base64') })));
      expect(ciphers.map((cipher) => decryptOaep(privateKey, cipher, ...javaDefault))).toEqual(plains);
    });

    test('and we agree when it is told both hashes', () => {
      const combinations = (['sha1', 'sha256'] as const).flatMap((hash) =>
        (['sha1', 'sha256'] as const).map((mgf1Hash) => [hash, mgf1Hash] as const),
      );
      const data = randomBytes(200).toString('base64');
      const results = javaOaep(
        combinations.flatMap(([hash, mgf1Hash]) => {
          const told = { hashes: [javaName[hash], javaName[mgf1Hash]] as const };
          const ours = encryptOaep(publicKey, Buffer.from(data, 'base64'), hash, mgf1Hash);
          return [
            { act: 'decrypt' as const, ...told, key: privateDer(privateKey), data: ours },
            { act: 'encrypt' as const, ...told, key: publicDer(publicKey), data },
          ];
        }),
      );
      combinations.forEach(([hash, mgf1Hash], i) => {
        expect(results[2 * i]).toBe(data);
        expect(decryptOaep(privateKey, results[2 * i + 1] ?? '', hash, mgf1Hash).toString('base64')).toBe(data);
      });
    });
  });
} else {
  test('NOT RUN HERE: no JDK is installed', () => console.warn('OAEP was not checked against Java.'));
}
