import { spawnSync } from 'node:child_process';
import { constants, createCipheriv, createHash, publicEncrypt } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { bodySign } from '../../lib/protocol/body-sign.ts';
import { DecryptionFailed, decryptOaep, type OaepHash } from '../../lib/protocol/oaep.ts';
import { decryptText, type EncryptType } from '../../lib/protocol/v1/cipher.ts';
import { deriveKey } from '../../lib/protocol/v1/derive-key.ts';
import { hasOpenssl, opensslHmac, opensslOaep } from '../support/openssl.ts';
import { privatePem, rsaPair } from '../support/rsa.ts';

/*
 * Edge cases of the kinds that Project Wycheproof collects, made here and judged by OpenSSL: it takes and refuses the same.
 */

const hashes: OaepHash[] = ['sha1', 'sha256'];
const combinations = hashes.flatMap((hash) => hashes.map((mgf1Hash) => [hash, mgf1Hash] as const));
const { publicKey, privateKey } = rsaPair();
const BLOCK_BYTES = 384;

function mgf1(seed: Buffer, length: number, hash: OaepHash): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; Buffer.concat(parts).length < length; counter += 1) {
    parts.push(
      createHash(hash)
        .update(seed)
        .update(Buffer.from([0, 0, 0, counter]))
        .digest(),
    );
  }
  return Buffer.concat(parts).subarray(0, length);
}

const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, at) => byte ^ b.readUInt8(at)));

interface Padding {
  readonly first?: number;
  readonly label?: string;
  /** Bytes that follow the label's hash, at the end of zeros, in hex. */
  readonly tail: string;
  /** Byte that fills up to the tail. */
  readonly fill?: number;
}

/** A cipher text of a block that is padded as told; the seed is the same each time. */
function forged({ first = 0, label = '', tail, fill = 0 }: Padding, hash: OaepHash, mgf1Hash: OaepHash): Buffer {
  const labelHash = createHash(hash).update(label).digest();
  const seed = Buffer.alloc(labelHash.length, 0x5a);
  const end = Buffer.from(tail, 'hex');
  const filling = Buffer.alloc(BLOCK_BYTES - 1 - 2 * labelHash.length - end.length, fill);
  const data = Buffer.concat([labelHash, filling, end]);
  const maskedData = xor(data, mgf1(seed, data.length, mgf1Hash));
  const maskedSeed = xor(seed, mgf1(maskedData, seed.length, mgf1Hash));
  const block = Buffer.concat([Buffer.from([first]), maskedSeed, maskedData]);
  return publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block);
}

const PADDINGS: Readonly<Record<string, Padding>> = {
  good: { tail: '0161' },
  'an empty message': { tail: '01' },
  'a message of zeros': { tail: '010000' },
  'a message that begins with a separator': { tail: '0101' },
  'a first byte of one': { first: 1, tail: '0161' },
  'another label': { label: 'x', tail: '0161' },
  'no separator': { tail: '0000' },
  'another separator': { tail: '0261' },
  'a byte before the separator': { tail: '800161' },
  'filled with something else': { fill: 0xff, tail: '0161' },
};

/** Answer of each side: the message in hex, or that it is refused. */
function answerOf(open: () => Buffer | string | undefined): string {
  try {
    const opened = open();
    return opened === undefined ? 'refused' : Buffer.from(opened).toString('hex');
  } catch (error) {
    if (error instanceof DecryptionFailed || /openssl/.test(String(error))) return 'refused';
    throw error;
  }
}

/** AES-CBC of whole blocks that carry their own padding, good or not. */
function closed(key: Buffer, iv: string, blocks: Buffer): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(blocks), cipher.final()]);
}

const IV = 'Zz0123456789abCD';
const ACCESS_KEY = 'an access key';
const block = (text: string, ...padding: readonly number[]) => Buffer.concat([Buffer.from(text), Buffer.from(padding)]);
const PADDED: Readonly<Record<string, Buffer>> = {
  good: block('fifteen letters', 1),
  'a whole block of padding': block('sixteen letters!', ...Array<number>(16).fill(16)),
  'an empty text': block('', ...Array<number>(16).fill(16)),
  'padding of zero': block('fifteen letters', 0),
  'padding longer than a block': block('fifteen letters', 17),
  'padding that is not alike': block('fourteen lette', 1, 2),
  'padding of 255': block('fifteen letters', 255),
  'no padding': block('sixteen letters!'),
};

function opensslAes(key: Buffer, cipherText: Buffer): Buffer {
  const args = ['enc', '-d', `-aes-${key.length * 8}-cbc`, '-K', key.toString('hex')];
  const { status, stdout } = spawnSync('openssl', [...args, '-iv', Buffer.from(IV).toString('hex')], {
    input: cipherText,
  });
  if (status !== 0) throw new Error('openssl enc refused');
  return stdout;
}

if (hasOpenssl) {
  describe.each(combinations)('OAEP with %s and MGF1 with %s, as OpenSSL takes it', (hash, mgf1Hash) => {
    test.each(Object.keys(PADDINGS))('%s', (name) => {
      const cipher = forged(PADDINGS[name] ?? { tail: '' }, hash, mgf1Hash);
      const ours = answerOf(() => decryptOaep(privateKey, cipher.toString('base64'), hash, mgf1Hash));
      expect(ours).toBe(answerOf(() => opensslOaep('decrypt', privatePem(privateKey), cipher, hash, mgf1Hash)));
    });
  });

  describe.each(['1', '2'] as const)('AES-CBC of size %s, as OpenSSL takes it', (size: EncryptType) => {
    test.each(Object.keys(PADDED))('%s', (name) => {
      const key = deriveKey(ACCESS_KEY, size === '1' ? 256 : 128);
      const cipherText = closed(key, IV, PADDED[name] ?? Buffer.alloc(16));
      const ours = answerOf(() => decryptText(ACCESS_KEY, IV + cipherText.toString('base64'), size));
      expect(ours).toBe(answerOf(() => opensslAes(key, cipherText)));
    });
  });

  test.each([1, 31, 63, 64, 65, 127, 128, 129, 400])(
    'HMAC-SHA256 under a key of %i bytes, as OpenSSL makes it',
    (length) => {
      const key = 'k'.repeat(length);
      for (const body of ['', 'x', 'x'.repeat(63), 'x'.repeat(64), '云'.repeat(100)]) {
        expect(bodySign(key, body)).toContain(opensslHmac(Buffer.from(key), Buffer.from(body)).toString('base64'));
      }
    },
  );
} else {
  test('NOT RUN HERE: OpenSSL is not installed', () => console.warn('Edge cases were not held against OpenSSL.'));
}
