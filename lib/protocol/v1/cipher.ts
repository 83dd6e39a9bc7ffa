import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { decodeUtf8 } from '../json.ts';
import { deriveKey } from './derive-key.ts';

/**
 * AES-CBC of sensitive values: phone and e-mail in calls, user name and password in answers. On the wire 16 letters and
 * digits, whose ASCII bytes are the IV, directly followed by the base64 of the cipher text.
 * Source: https://www.huaweicloud.com/guide/productsdesc-bms_00a3aa731426282cf27f272f51cd2a90support0
 */

/** The marketplace's names of the key sizes: `1` is AES-256, its default, `2` AES-128. */
export type EncryptType = '1' | '2';

/** Most bytes of UTF-8 that a user name or password may have: encrypted they must fit a field of 128 characters. */
export const MAX_CREDENTIAL_BYTES = 79;

const BITS = { '1': 256, '2': 128 } as const;
const OTHER = { '1': '2', '2': '1' } as const;
const BLOCK = 16;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Checks whether a user name or password, once encrypted, fits its field of 128 characters. */
export function fitsCredential(plain: string): boolean {
  return Buffer.byteLength(plain) <= MAX_CREDENTIAL_BYTES;
}

/**
 * The wire form of a text. A text of up to {@link MAX_CREDENTIAL_BYTES} bytes yields at most 128 characters.
 * @param random source of the IV.
 */
export function encryptText(
  accessKey: string,
  plain: string,
  encryptType: EncryptType = '1',
  random: (bytes: number) => Buffer = randomBytes,
): string {
  const iv = makeIv(random);
  const bits = BITS[encryptType];
  const cipher = createCipheriv(`aes-${bits}-cbc`, deriveKey(accessKey, bits), iv);
  return iv + Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

/**
 * The text of a wire form: tried with the configured key size, then with the other one, since which size the marketplace
 * uses was chosen once in its console. Undefined if neither opens it or the result is not UTF-8; an order never fails for that.
 */
export function decryptText(accessKey: string, wire: string, encryptType: EncryptType = '1'): string | undefined {
  const parts = split(wire);
  if (parts === undefined) return undefined;
  return open(accessKey, parts, encryptType) ?? open(accessKey, parts, OTHER[encryptType]);
}

interface WireParts {
  readonly iv: string;
  readonly cipherText: Buffer;
}

function split(wire: string): WireParts | undefined {
  const text = wire.replaceAll(' ', '+'); // a blank can only have been a plus: neither IV nor base64 knows blanks
  if (!/^[!-~]{16}[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return { iv: text.slice(0, BLOCK), cipherText: Buffer.from(text.slice(BLOCK), 'base64') };
}

function open(accessKey: string, { iv, cipherText }: WireParts, encryptType: EncryptType): string | undefined {
  const bits = BITS[encryptType];
  const decipher = createDecipheriv(`aes-${bits}-cbc`, deriveKey(accessKey, bits), iv);
  try {
    return decodeUtf8(Buffer.concat([decipher.update(cipherText), decipher.final()]));
  } catch {
    // wrong padding or no whole blocks: another key, another size, or a damaged value
  }
}

/** 16 letters and digits, each as likely as any other: bytes beyond the last multiple of 62 are thrown away. */
function makeIv(random: (bytes: number) => Buffer): string {
  const limit = 256 - (256 % ALPHABET.length);
  let iv = '';
  while (iv.length < BLOCK) {
    for (const byte of random(BLOCK - iv.length)) {
      if (byte < limit) iv += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return iv;
}
