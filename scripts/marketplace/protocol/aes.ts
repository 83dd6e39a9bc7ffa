import { createCipheriv, createDecipheriv, randomInt } from 'node:crypto';
import { sha1prng } from './sha1prng.ts';

/*
 * Sensitive values of V1.0: AES in CBC mode with PKCS#5 padding; on the wire sixteen letters and digits that are the
 * initialisation vector, directly followed by the base64 of the cipher text.
 * Source: https://support.huaweicloud.com/intl/en-us/accessg-marketplace/en-us_topic_0070649063.html
 */

/** `1` is AES-256, the default; `2` is AES-128. */
export type EncryptType = '1' | '2';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function keyBits(type: EncryptType): 256 | 128 {
  return type === '1' ? 256 : 128;
}

export function randomVector(): string {
  return Array.from({ length: 16 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

export function sealValue(accessKey: string, type: EncryptType, plain: string, vector = randomVector()): string {
  const cipher = createCipheriv(cipherName(type), sha1prng(accessKey, keyBits(type) / 8), vector);
  return vector + cipher.update(plain, 'utf8', 'base64') + cipher.final('base64');
}

/** The plain text, or undefined if the value was not made with this key and size. */
export function openValue(accessKey: string, type: EncryptType, value: string): string | undefined {
  return openWithKey(sha1prng(accessKey, keyBits(type) / 8), value);
}

/** Opens with a ready AES key of 16 or 32 bytes. */
export function openWithKey(key: Uint8Array, value: string): string | undefined {
  const vector = value.slice(0, 16);
  const base64 = value.slice(16);
  const cipherText = Buffer.from(base64, 'base64');
  if (!/^[\x20-\x7e]{16}$/.test(vector) || cipherText.toString('base64') !== base64) return undefined;
  try {
    const decipher = createDecipheriv(key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc', key, vector);
    const plain = Buffer.concat([decipher.update(cipherText), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    return undefined;
  }
}

function cipherName(type: EncryptType): string {
  return `aes-${keyBits(type)}-cbc`;
}
