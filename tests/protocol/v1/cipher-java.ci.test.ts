import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { decryptText, type EncryptType, encryptText } from '../../../lib/protocol/v1/cipher.ts';
import { hasJava, javaAes } from '../../support/java.ts';

const BITS = { '1': 256, '2': 128 } as const;
const OTHER = { '1': '2', '2': '1' } as const;

if (hasJava) {
  describe('Java', () => {
    const jobs = Array.from({ length: 400 }, (_, i) => ({
      accessKey: randomBytes(1 + (i % 40)).toString('hex'),
      encryptType: (i % 3 === 0 ? '2' : '1') as EncryptType,
      data: randomBytes(i % 90).toString('base64'),
    }));

    test('opens what we close', () => {
      const wires = jobs.map(({ accessKey, encryptType, data }) => encryptText(accessKey, data, encryptType));
      const opened = javaAes(
        jobs.map(({ accessKey, encryptType }, i) => ({
          act: 'decrypt',
          bits: BITS[encryptType],
          accessKey,
          iv: (wires[i] ?? '').slice(0, 16),
          data: Buffer.from((wires[i] ?? '').slice(16), 'base64'),
        })),
      );
      expect(opened.map(String)).toEqual(jobs.map(({ data }) => data));
    });

    test('closes what we open, whichever size we expected', () => {
      const iv = 'Zz0123456789abCD';
      const closed = javaAes(
        jobs.map(({ accessKey, encryptType, data }) => ({
          act: 'encrypt',
          bits: BITS[encryptType],
          accessKey,
          iv,
          data: Buffer.from(data),
        })),
      );
      jobs.forEach(({ accessKey, encryptType, data }, i) => {
        const wire = iv + closed[i]?.toString('base64');
        expect(decryptText(accessKey, wire, encryptType)).toBe(data);
        expect(decryptText(accessKey, wire, OTHER[encryptType])).toBe(data);
      });
    });
  });
} else {
  test('NOT RUN HERE: no JDK is installed', () => console.warn('AES was not checked against Java.'));
}
