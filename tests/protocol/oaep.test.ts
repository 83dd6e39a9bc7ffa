import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DecryptionFailed,
  decryptOaep,
  encryptOaep,
  importPrivateKey,
  importPublicKey,
  type OaepHash,
} from '../../lib/protocol/oaep.ts';
import { privatePem, publicPem, rsaPair } from '../support/rsa.ts';

const { publicKey, privateKey } = rsaPair();
const hashes: OaepHash[] = ['sha1', 'sha256'];
const combinations = hashes.flatMap((hash) => hashes.map((mgf1Hash) => [hash, mgf1Hash] as const));
const room = (hash: OaepHash) => 384 - 2 * (hash === 'sha1' ? 20 : 32) - 2;

describe.each(combinations)('OAEP with %s and MGF1 with %s', (hash, mgf1Hash) => {
  test('gives back what it was given, from nothing to the longest that fits', () => {
    const plain = fc.uint8Array({ maxLength: room(hash), size: 'max' });
    fc.assert(
      fc.property(plain, (bytes) => {
        const cipherText = encryptOaep(publicKey, Buffer.from(bytes), hash, mgf1Hash);
        expect(cipherText).toMatch(/^[A-Za-z0-9+/]{512}$/);
        expect(decryptOaep(privateKey, cipherText, hash, mgf1Hash)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 15, examples: [[new Uint8Array(0)], [new Uint8Array(room(hash)).fill(1)], [new Uint8Array(3)]] },
    );
  });

  test('takes no byte more than fits', () => {
    const act = () => encryptOaep(publicKey, Buffer.alloc(room(hash) + 1), hash, mgf1Hash);
    expect(act).toThrow(new RangeError(`${room(hash) + 1} bytes are too long: this key takes at most ${room(hash)}.`));
  });

  test('is not opened with other hashes', () => {
    const cipherText = encryptOaep(publicKey, 'secret', hash, mgf1Hash);
    for (const [other, otherMgf1] of combinations) {
      if (other === hash && otherMgf1 === mgf1Hash) continue;
      expect(() => decryptOaep(privateKey, cipherText, other, otherMgf1)).toThrow(DecryptionFailed);
    }
  });

  test('takes its seed from the given source', () => {
    const seed = (bytes: number) => Buffer.alloc(bytes, 7);
    const act = () => encryptOaep(publicKey, 'x', hash, mgf1Hash, seed);
    expect(act()).toBe(act());
    expect(encryptOaep(publicKey, 'x', hash, mgf1Hash)).not.toBe(encryptOaep(publicKey, 'x', hash, mgf1Hash));
  });
});

describe('with both hashes alike', () => {
  test.each(hashes)('Node’s own OAEP with %s understands it, both ways', (oaepHash) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (plain) => {
        const options = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
        const theirs = publicEncrypt({ key: publicKey, ...options }, Buffer.from(plain)).toString('base64');
        expect(decryptOaep(privateKey, theirs, oaepHash, oaepHash).toString()).toBe(plain);
        const ours = Buffer.from(encryptOaep(publicKey, plain, oaepHash, oaepHash), 'base64');
        expect(privateDecrypt({ key: privateKey, ...options }, ours).toString()).toBe(plain);
      }),
      { numRuns: 10 },
    );
  });
});

describe('every failure to decrypt looks the same', () => {
  /** A cipher text of a block that is padded as told: the label's hash, then `tail`, masked or not. */
  function forged({ first = 0, label = '', tail }: { first?: number; label?: string; tail: Buffer }): string {
    const seed = randomBytes(32);
    const data = Buffer.concat([createHash('sha256').update(label).digest(), tail]);
    const mgf1 = (from: Buffer, length: number) => {
      const parts = Array.from({ length: Math.ceil(length / 32) }, (_, counter) =>
        createHash('sha256')
          .update(from)
          .update(Buffer.from([0, 0, 0, counter]))
          .digest(),
      );
      return Buffer.concat(parts).subarray(0, length);
    };
    const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, i) => byte ^ b.readUInt8(i)));
    const maskedData = xor(data, mgf1(seed, data.length));
    const maskedSeed = xor(seed, mgf1(maskedData, 32));
    const block = Buffer.concat([Buffer.from([first]), maskedSeed, maskedData]);
    return publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block).toString('base64');
  }
  const tail = (text: string, fill = 0) =>
    Buffer.from(text.padStart(2 * (384 - 1 - 64), fill.toString(16).padStart(2, '0')), 'hex');
  const good = { tail: tail('0161') };

  test('the forger of these tests can make a good one', () => {
    expect(decryptOaep(privateKey, forged(good), 'sha256', 'sha256').toString()).toBe('a');
    expect(decryptOaep(privateKey, forged({ tail: tail('01') }), 'sha256', 'sha256')).toHaveLength(0);
    expect(decryptOaep(privateKey, forged({ tail: tail('010001') }), 'sha256', 'sha256').toString('hex')).toBe('0001');
  });

  /** A good cipher text that is smaller than others as a number, as one of 256 is. */
  function withLeadingZero(): Buffer {
    for (;;) {
      const cipher = Buffer.from(forged(good), 'base64');
      if (cipher.readUInt8(0) === 0) return cipher;
    }
  }

  const other = rsaPair();
  test.each<[string, () => string]>([
    ['a first byte that is not zero', () => forged({ ...good, first: 1 })],
    ['another label', () => forged({ ...good, label: 'label' })],
    ['no separator at all', () => forged({ tail: tail('00') })],
    ['a byte other than zero before the separator', () => forged({ tail: tail('020161') })],
    ['a high byte before the separator', () => forged({ tail: tail('800161') })],
    ['no zeros before a separator that is none', () => forged({ tail: tail('ff', 0xff) })],
    ['several of these at once', () => forged({ first: 1, label: 'x', tail: tail('02') })],
    ['a cipher text for another key', () => encryptOaep(other.publicKey, 'a', 'sha256', 'sha256')],
    ['a number above the modulus', () => Buffer.alloc(384, 0xff).toString('base64')],
    ['zero', () => Buffer.alloc(384).toString('base64')],
    ['a good one without the zero that it begins with', () => withLeadingZero().subarray(1).toString('base64')],
    ['a byte too few', () => Buffer.alloc(383, 1).toString('base64')],
    ['a byte too many', () => Buffer.alloc(385).toString('base64')],
    ['nothing', () => ''],
    ['no base64', () => '云'.repeat(512)],
  ])('%s', (_, make) => {
    const cipherText = make();
    let caught: unknown;
    try {
      decryptOaep(privateKey, cipherText, 'sha256', 'sha256');
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(DecryptionFailed);
    expect(caught).toMatchObject({
      name: 'DecryptionFailed',
      message: 'The cipher text cannot be decrypted with this key and these hashes.',
    });
    expect(Object.keys(caught as object)).toEqual(['name']);
    expect((caught as Error).cause).toBeUndefined();
  });

  test('any flipped bit', () => {
    fc.assert(
      fc.property(fc.nat({ max: 384 * 8 - 1 }), (bit) => {
        const cipher = Buffer.from(encryptOaep(publicKey, 'secret', 'sha256', 'sha1'), 'base64');
        cipher.writeUInt8(cipher.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(() => decryptOaep(privateKey, cipher.toString('base64'), 'sha256', 'sha1')).toThrow(DecryptionFailed);
      }),
      { numRuns: 20 },
    );
  });
});

describe('keys', () => {
  const unfit: [string, { publicKey: KeyObject; privateKey: KeyObject }][] = [
    ['RSA of 2048 bit', rsaPair(2048)],
    ['an elliptic curve', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RSA for signatures alone (PSS)', generateKeyPairSync('rsa-pss', { modulusLength: 3072 })],
  ];

  test('are imported from PEM, and taken as PEM', () => {
    const pair = { open: importPrivateKey(privatePem(privateKey)), close: importPublicKey(publicPem(publicKey)) };
    expect(
      decryptOaep(pair.open, encryptOaep(pair.close, '云', 'sha256', 'sha256'), 'sha256', 'sha256').toString(),
    ).toBe('云');
    const cipherText = encryptOaep(publicPem(publicKey), 'x', 'sha1', 'sha1');
    expect(decryptOaep(privatePem(privateKey), cipherText, 'sha1', 'sha1').toString()).toBe('x');
  });

  test.each(unfit)('are not %s', (_, pair) => {
    const reason = /^The key must be RSA of at least 3072 bit/;
    expect(() => importPublicKey(publicPem(pair.publicKey))).toThrow(reason);
    expect(() => importPrivateKey(privatePem(pair.privateKey))).toThrow(reason);
    expect(() => encryptOaep(pair.publicKey, 'x', 'sha256', 'sha256')).toThrow(reason);
    expect(() => decryptOaep(pair.privateKey, 'AA==', 'sha256', 'sha256')).toThrow(reason);
  });

  test('whose text is no key say so without showing it', () => {
    for (const read of [importPublicKey, importPrivateKey]) {
      expect(() => read('-----BEGIN SECRET-----')).toThrow(/^The key is not a PEM key/);
    }
    expect(() => importPrivateKey(publicPem(publicKey))).toThrow(/^The key is not a PEM key/);
  });

  test('of a length that is no multiple of eight work too', () => {
    const odd = rsaPair(3073);
    const cipherText = encryptOaep(odd.publicKey, 'x', 'sha256', 'sha1');
    expect(decryptOaep(odd.privateKey, cipherText, 'sha256', 'sha1').toString()).toBe('x');
  });
});
