import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decryptText, type EncryptType, encryptText, fitsCredential } from '../../../lib/protocol/v1/cipher.ts';
import { deriveKey } from '../../../lib/protocol/v1/derive-key.ts';
import { vectorsOf } from '../../support/vectors.ts';

const KEY = '00000000-1111-2222-3333-444444444444';
const encryptTypes = fc.constantFrom<EncryptType[]>('1', '2');
const plains = fc.string({ unit: 'grapheme', maxLength: 120 });

/** A source of randomness that yields the given letters. */
function ivSource(text: string): (bytes: number) => Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return () => Buffer.from([...text].map((letter) => alphabet.indexOf(letter)));
}

describe('the published values', () => {
  test.each(vectorsOf('v1-aes-cbc'))('$id', ({ keys: { accessKey }, inputs, expected }) => {
    const { encryptType, ivAscii, plaintext } = inputs;
    expect(encryptText(accessKey, plaintext, encryptType, ivSource(ivAscii))).toBe(expected.wireValue);
    expect(decryptText(accessKey, expected.wireValue, encryptType)).toBe(plaintext);
  });
});

describe('encrypting and decrypting', () => {
  test('gives every text back, whichever of the two sizes is configured', () => {
    fc.assert(
      fc.property(plains, encryptTypes, encryptTypes, (plain, used, configured) => {
        expect(decryptText(KEY, encryptText(KEY, plain, used), configured)).toBe(plain);
      }),
    );
  });

  test('is AES-256 unless told otherwise', () => {
    const wire = encryptText(KEY, 'owner', undefined, ivSource('A1b2C3d4E5f6G7h8'));
    expect(wire).toBe(encryptText(KEY, 'owner', '1', ivSource('A1b2C3d4E5f6G7h8')));
    expect(wire).not.toBe(encryptText(KEY, 'owner', '2', ivSource('A1b2C3d4E5f6G7h8')));
  });

  test('uses another IV of letters and digits each time', () => {
    const wires = Array.from({ length: 50 }, () => encryptText(KEY, 'same'));
    expect(new Set(wires.map((wire) => wire.slice(0, 16))).size).toBe(50);
    for (const wire of wires) expect(wire).toMatch(/^[A-Za-z0-9]{16}/);
  });

  test('passes over random bytes that would favour some letters', () => {
    const draws = [Buffer.alloc(16, 248), Buffer.alloc(16, 255), Buffer.alloc(16, 247)];
    expect(encryptText(KEY, '', '1', () => draws.shift() ?? Buffer.alloc(0)).slice(0, 16)).toBe('9'.repeat(16));
  });

  test('opens a value whose pluses were taken for blanks on the way', () => {
    const wire =
      vectorsOf('v1-aes-cbc').find(({ expected }) => expected.wireValue.includes('+'))?.expected.wireValue ?? '';
    expect(decryptText(KEY, wire.replaceAll('+', ' '))).toBe(decryptText(KEY, wire));
    expect(decryptText(KEY, wire)).toBeDefined();
  });
});

describe('what cannot be decrypted is absent', () => {
  const wire = encryptText(KEY, 'user@example.com', '1', ivSource('A1b2C3d4E5f6G7h8'));

  test.each([
    ['an empty value', ''],
    ['an IV alone', wire.slice(0, 16)],
    ['a plain e-mail', 'somebody.with.a.long.name@example.com'],
    ['a value cut short', wire.slice(0, -4)],
    ['a value cut to one block', wire.slice(0, 16 + 20)],
    ['a value with a letter more', `${wire}A`],
    ['something before the IV', `é${wire}`],
    ['an IV beyond ASCII', `é${wire.slice(1)}`],
    ['base64 of the URL kind', `${wire.slice(0, 16)}${Buffer.alloc(16, 0xfb).toString('base64url')}`],
  ])('%s', (_, value) => {
    expect(decryptText(KEY, value)).toBeUndefined();
  });

  test('what another key closed, or what was changed in its last block', () => {
    // Wrong padding shows with all but one in 256 wrong keys, and hardly any other result is UTF-8.
    const opened = Array.from({ length: 300 }, (_, i) => decryptText(`other-key-${i}`, wire));
    expect(opened.filter((one) => one !== undefined)).toEqual([]);
    const damaged = Buffer.from(wire.slice(16), 'base64');
    damaged.writeUInt8(damaged.readUInt8(20) ^ 1, 20);
    expect(decryptText(KEY, wire.slice(0, 16) + damaged.toString('base64'))).toBeUndefined();
  });

  test('what is well padded but not UTF-8', () => {
    const cipher = createCipheriv('aes-256-cbc', deriveKey(KEY, 256), 'A1b2C3d4E5f6G7h8');
    const bytes = Buffer.concat([cipher.update(Buffer.from([0xff, 0xfe])), cipher.final()]);
    expect(decryptText(KEY, `A1b2C3d4E5f6G7h8${bytes.toString('base64')}`)).toBeUndefined();
  });

  test('never throws, whatever comes', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String({ maxLength: 200 }), fc.constant(wire));
    fc.assert(fc.property(anything, encryptTypes, (value, type) => void decryptText(KEY, value, type)));
  });
});

test('a user name fits its field of 128 characters up to 79 bytes', () => {
  expect(encryptText(KEY, 'x'.repeat(79)).length).toBeLessThanOrEqual(128);
  expect(fitsCredential('x'.repeat(79))).toBe(true);
  expect(encryptText(KEY, 'x'.repeat(80)).length).toBeGreaterThan(128);
  expect(fitsCredential('x'.repeat(80))).toBe(false);
  expect(fitsCredential('演'.repeat(26))).toBe(true);
  expect(fitsCredential('演'.repeat(27))).toBe(false);
});
