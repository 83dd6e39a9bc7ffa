import {
  constants,
  createPrivateKey,
  createPublicKey,
  hash as digest,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/**
 * RSA-OAEP (RFC 8017, section 7.1) with an empty label and a hash of its own for MGF1. Node's option sets both hashes
 * at once, while Java's default `OAEPWithSHA-256AndMGF1Padding` is SHA-256 with SHA-1 for MGF1; so the padding is made
 * and undone here, around RSA without padding.
 */

/** A hash that OAEP may use, for the label or for MGF1. */
export type OaepHash = 'sha1' | 'sha256';

const LENGTH = { sha1: 20, sha256: 32 } as const;
const MIN_BITS = 3072;

/** The one failure of decryption; which step failed must not be told to anyone who can send cipher texts. */
export class DecryptionFailed extends Error {
  override readonly name = 'DecryptionFailed';

  constructor() {
    super('The cipher text cannot be decrypted with this key and these hashes.');
  }
}

/** A public key from PEM. @throws Error if it is not RSA of at least 3072 bit. */
export function importPublicKey(pem: string): KeyObject {
  return checked(readPem(() => createPublicKey(pem)));
}

/** A private key from PEM. @throws Error if it is not RSA of at least 3072 bit. */
export function importPrivateKey(pem: string): KeyObject {
  return checked(readPem(() => createPrivateKey(pem)));
}

/**
 * Encrypts a short text, base64. A text means its UTF-8 bytes.
 * @param publicKey PEM is read at every call: import it once where it matters.
 * @param random source of the seed.
 * @throws RangeError if the text is too long for the key (3072 bit with SHA-256: 318 bytes), Error for an unfit key.
 */
export function encryptOaep(
  publicKey: KeyObject | string,
  plain: Buffer | string,
  hash: OaepHash,
  mgf1Hash: OaepHash,
  random: (bytes: number) => Buffer = randomBytes,
): string {
  const key = typeof publicKey === 'string' ? importPublicKey(publicKey) : checked(publicKey);
  const message = Buffer.from(plain);
  const seedLength = LENGTH[hash];
  const block = Buffer.alloc(blockLength(key));
  const room = block.length - 2 * seedLength - 2;
  if (message.length > room) {
    throw new RangeError(`${message.length} bytes are too long: this key takes at most ${room}.`);
  }
  const seed = block.subarray(1, 1 + seedLength);
  const data = block.subarray(1 + seedLength);
  random(seedLength).copy(seed);
  digest(hash, '', 'buffer').copy(data);
  data[data.length - message.length - 1] = 1;
  message.copy(data, data.length - message.length);
  mask(data, seed, mgf1Hash);
  mask(seed, data, mgf1Hash);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block).toString('base64');
}

/**
 * Decrypts what {@link encryptOaep} or any other implementation made.
 * @throws DecryptionFailed whatever is wrong with the cipher text; Error for an unfit key.
 */
export function decryptOaep(
  privateKey: KeyObject | string,
  cipherText: string,
  hash: OaepHash,
  mgf1Hash: OaepHash,
): Buffer {
  const key = typeof privateKey === 'string' ? importPrivateKey(privateKey) : checked(privateKey);
  const cipher = Buffer.from(cipherText, 'base64');
  if (cipher.length !== blockLength(key)) throw new DecryptionFailed();
  let block: Buffer;
  try {
    block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipher);
  } catch {
    throw new DecryptionFailed(); // a number above the modulus: anyone can see that without the key
  }
  return unpad(block, hash, mgf1Hash);
}

/**
 * Every step is taken and every byte looked at whatever the earlier ones showed, and one verdict is given at the end:
 * telling a wrong first byte from the rest would let the caller decrypt step by step (Manger, 2001).
 */
function unpad(block: Buffer, hash: OaepHash, mgf1Hash: OaepHash): Buffer {
  const hashLength = LENGTH[hash];
  const seed = block.subarray(1, 1 + hashLength);
  const data = block.subarray(1 + hashLength);
  mask(seed, data, mgf1Hash);
  mask(data, seed, mgf1Hash);

  let bad = block.readUInt8(0);
  bad |= Number(!timingSafeEqual(data.subarray(0, hashLength), digest(hash, '', 'buffer')));
  let found = 0; // all bits set behind the first 1
  let start = 0;
  const rest = data.subarray(hashLength);
  for (let i = 0; i < rest.length; i++) {
    const byte = rest.readUInt8(i);
    const isOne = ((byte ^ 1) - 1) >> 31;
    const isZero = (byte - 1) >> 31;
    start |= (i + 1) & isOne & ~found;
    bad |= ~(found | isOne | isZero);
    found |= isOne;
  }
  bad |= ~found;
  const message = Buffer.from(rest.subarray(start));
  // Stryker disable next-line CallExpression: wipes the plain text from memory, which no caller can see
  block.fill(0);
  if (bad !== 0) throw new DecryptionFailed();
  return message;
}

/** XORs `target` with MGF1 of `seed`, in place. */
function mask(target: Buffer, seed: Buffer, hash: OaepHash): void {
  const input = Buffer.alloc(seed.length + 4);
  seed.copy(input);
  for (let at = 0, counter = 0; at < target.length; counter++) {
    input.writeUInt32BE(counter, seed.length);
    for (const byte of digest(hash, input, 'buffer')) {
      if (at === target.length) break;
      target.writeUInt8(target.readUInt8(at) ^ byte, at);
      at++;
    }
  }
}

function blockLength(key: KeyObject): number {
  return Math.ceil(bits(key) / 8);
}

function bits(key: KeyObject): number {
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  return modulusLength;
}

function readPem(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch {
    throw new Error('The key is not a PEM key, or encrypted: expected SPKI for a public, PKCS#8 for a private key.');
  }
}

function checked(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa' || bits(key) < MIN_BITS) {
    throw new Error(`The key must be RSA of at least ${MIN_BITS} bit; make one with: openssl genrsa ${MIN_BITS}.`);
  }
  return key;
}
