import { constants, createPrivateKey, createPublicKey, publicEncrypt, randomBytes, webcrypto } from 'node:crypto';
import { base64url, KEY_BYTES } from './jwe.ts';

/** A content key seals at most so many values … */
const MOST_SEALS = 1_000;
/** … within so many milliseconds. Far below what random IVs allow (2³² values), so that one key is one burst of work. */
const LONGEST_USE_MS = 3_600_000;
/** Unwrapped keys that are remembered, per private key. */
const MOST_OPENED = 1_000;

/** A content key, with what stands for it in every text that it seals. */
export interface ContentKey {
  readonly key: Buffer;
  readonly kid: string;
  readonly wrapped: string;
}

/**
 * Content keys for sealing under one public key. A key is made here, wrapped once and used for a number of values and for
 * a time: whoever opens many of them at once unwraps it once.
 * @throws Error if the text is no RSA key
 */
export function wrapper(pem: string, kid: string, clock: () => number): () => ContentKey {
  const publicKey = createPublicKey(pem);
  if (publicKey.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  let current: (ContentKey & { readonly until: number; seals: number }) | undefined;
  return () => {
    const now = clock();
    if (current === undefined || current.seals >= MOST_SEALS || now >= current.until) {
      const key = randomBytes(KEY_BYTES);
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const wrapped = base64url(publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256' }, key));
      current = { key, kid, wrapped, until: now + LONGEST_USE_MS, seals: 0 };
    }
    current.seals += 1;
    return current;
  };
}

/**
 * Unwraps content keys with one private key. The RSA operation, thousands of times dearer than the rest, is off the main
 * thread and done once for each wrapped key; what it gave is remembered, the oldest forgotten first.
 * @throws Error if the text is no RSA key; the function given rejects if a key cannot be unwrapped
 */
export function unwrapper(pem: string): (wrapped: string) => Promise<Buffer> {
  const privateKey = createPrivateKey(pem).toCryptoKey({ name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['decrypt']);
  const opened = new Map<string, Promise<Buffer>>();
  return (wrapped) => {
    const known = opened.get(wrapped);
    if (known !== undefined) return known;
    const [oldest] = opened.keys();
    if (opened.size >= MOST_OPENED && oldest !== undefined) opened.delete(oldest);
    const unwrapping = unwrap(privateKey, wrapped).catch((error: unknown) => {
      opened.delete(wrapped); // what failed is tried anew: it may have been for want of memory
      throw error;
    });
    opened.set(wrapped, unwrapping);
    return unwrapping;
  };
}

async function unwrap(privateKey: webcrypto.CryptoKey, wrapped: string): Promise<Buffer> {
  const key = await webcrypto.subtle.decrypt({ name: 'RSA-OAEP' }, privateKey, Buffer.from(wrapped, 'base64url'));
  if (key.byteLength !== KEY_BYTES) throw new Error('A content key has the wrong length.');
  return Buffer.from(key);
}
