import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openClientSecret } from '../../../lib/protocol/kit/client-secret.ts';
import { encryptOaep, type OaepHash } from '../../../lib/protocol/oaep.ts';
import { hasJava, javaOaep } from '../../support/java.ts';
import { refused } from '../../support/refused.ts';
import { publicDer, rsaPair } from '../../support/rsa.ts';

const { publicKey, privateKey } = rsaPair();
const SECRET = 'client-secret-0123456789';
const pairs = (['sha256', 'sha1'] as const).flatMap((hash) =>
  (['sha256', 'sha1'] as const).map((mgf1Hash) => ({ hash, mgf1Hash })),
);
const close = (plain: Buffer | string, { hash, mgf1Hash }: { hash: OaepHash; mgf1Hash: OaepHash }) =>
  encryptOaep(publicKey, plain, hash, mgf1Hash);

describe('the client secret', () => {
  test.each(pairs.flatMap((used) => pairs.map((configured) => [used, configured] as const)))(
    'closed with %j opens where %j is configured',
    (used, configured) => {
      expect(openClientSecret(privateKey, close(SECRET, used), configured)).toBe(SECRET);
    },
  );

  test('opens without any configuration, and from hex', () => {
    for (const pair of pairs) {
      const base64 = close(SECRET, pair);
      expect(openClientSecret(privateKey, base64)).toBe(SECRET);
      expect(openClientSecret(privateKey, Buffer.from(base64, 'base64').toString('hex'))).toBe(SECRET);
    }
  });

  const good = close(SECRET, { hash: 'sha256', mgf1Hash: 'sha1' });
  const bytes = Buffer.from(good, 'base64');
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(100) ^ 1, 100);

  test.each([
    ['nothing', ''],
    ['no base64', '演示'],
    ['a cipher text cut short', bytes.subarray(0, 383).toString('base64')],
    ['a cipher text with a byte more', Buffer.concat([bytes, Buffer.of(0)]).toString('base64')],
    ['hex with something behind it', `${bytes.toString('hex')}.`],
    ['a cipher text with a bit changed', changed.toString('base64')],
    ['a number above the modulus', Buffer.alloc(384, 0xff).toString('base64')],
    ['a number that is no padding', randomBytes(384).fill(0, 0, 1).toString('base64')],
    ['what another key closed', encryptOaep(rsaPair().publicKey, SECRET, 'sha256', 'sha256')],
    ['an empty secret', close('', { hash: 'sha256', mgf1Hash: 'sha256' })],
    ['a secret that is no UTF-8', close(Buffer.from([0xff, 0xfe]), { hash: 'sha256', mgf1Hash: 'sha256' })],
  ])('is refused, always in the same words, if it is %s', (_, cipherText) => {
    expect(refused(() => openClientSecret(privateKey, cipherText))).toMatchObject({
      resultCode: '000101',
      message: 'clientSecret cannot be decrypted; check the public key given in the seller console',
    });
  });

  test('is not opened with a key below 3072 bit, which is no fault of the caller', () => {
    const weak = rsaPair(2048).privateKey;
    expect(() => openClientSecret(weak, good)).toThrow('3072');
  });

  if (hasJava) {
    test('opens from Java, with its default and with every pair told', () => {
      const javaName = { sha1: 'SHA-1', sha256: 'SHA-256' } as const;
      const secrets = pairs.map(() => randomBytes(24).toString('base64url'));
      const job = (secret: string) => ({
        act: 'encrypt' as const,
        key: publicDer(publicKey),
        data: Buffer.from(secret).toString('base64'),
      });
      const told = secrets.map((secret, i) => {
        const { hash, mgf1Hash } = pairs[i] ?? { hash: 'sha256', mgf1Hash: 'sha256' };
        return { ...job(secret), hashes: [javaName[hash], javaName[mgf1Hash]] as const };
      });
      const ciphers = javaOaep([...told, job(SECRET)]);
      expect(ciphers.map((cipher) => openClientSecret(privateKey, cipher))).toEqual([...secrets, SECRET]);
    });
  } else {
    test('NOT RUN HERE: no JDK is installed', () => console.warn('Client secrets were not checked against Java.'));
  }
});
