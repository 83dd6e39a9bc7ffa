import { constants, createHash, type KeyObject, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';

/*
 * RSA with OAEP padding where the label's hash and the mask's hash may differ: Java's default for
 * "OAEPWithSHA-256AndMGF1Padding" masks with SHA-1, which Node's own option cannot express. So the padding is made and
 * undone here and RSA is used raw (RFC 8017, section 7.1).
 * Source of the use: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649434.html
 */

export interface OaepHashes {
  readonly hash: string;
  readonly mgf1: string;
}

/** The pairs in the order in which they are worth trying. */
export const OAEP_PAIRS: readonly OaepHashes[] = [
  { hash: 'sha256', mgf1: 'sha256' },
  { hash: 'sha256', mgf1: 'sha1' },
  { hash: 'sha1', mgf1: 'sha1' },
];

export function sealOaep(key: KeyObject, plain: string, { hash, mgf1 }: OaepHashes): string {
  const size = modulusBytes(key);
  const message = Buffer.from(plain, 'utf8');
  const label = createHash(hash).update('').digest();
  const room = size - message.length - 2 * label.length - 2;
  if (room < 0) throw new RangeError('the text is too long for this key');
  const block = Buffer.concat([label, Buffer.alloc(room), Buffer.from([1]), message]);
  const seed = randomBytes(label.length);
  const maskedBlock = xor(block, mask(seed, block.length, mgf1));
  const maskedSeed = xor(seed, mask(maskedBlock, seed.length, mgf1));
  const padded = Buffer.concat([Buffer.from([0]), maskedSeed, maskedBlock]);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded).toString('base64');
}

/** The text, or undefined: a desk tool owes nobody a constant time, but never says why it failed. */
export function openOaep(key: KeyObject, cipherText: Uint8Array, { hash, mgf1 }: OaepHashes): string | undefined {
  if (cipherText.length !== modulusBytes(key)) return undefined;
  const label = createHash(hash).update('').digest();
  let padded: Buffer;
  try {
    padded = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipherText);
  } catch {
    return undefined;
  }
  const maskedSeed = padded.subarray(1, 1 + label.length);
  const maskedBlock = padded.subarray(1 + label.length);
  const seed = xor(maskedSeed, mask(maskedBlock, label.length, mgf1));
  const block = xor(maskedBlock, mask(seed, maskedBlock.length, mgf1));
  const rest = block.subarray(label.length);
  const mark = rest.findIndex((byte) => byte !== 0);
  const holds = padded[0] === 0 && block.subarray(0, label.length).equals(label) && rest[mark] === 1;
  return holds ? rest.subarray(mark + 1).toString('utf8') : undefined;
}

/** Bytes of an RSA key's modulus; 384 for 3072 bit. */
export function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}

function mask(seed: Uint8Array, length: number, hash: string): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0, have = 0; have < length; counter += 1) {
    const block = Buffer.alloc(4);
    block.writeUInt32BE(counter);
    const part = createHash(hash).update(seed).update(block).digest();
    parts.push(part);
    have += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}
