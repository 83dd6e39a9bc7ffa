import { createDecipheriv, createHash } from 'node:crypto';
import { type EncryptType, keyBits, openValue, openWithKey } from '../../marketplace/protocol/aes.ts';
import { sha1, sha256 } from '../../marketplace/protocol/mac.ts';
import { sha1prng } from '../../marketplace/protocol/sha1prng.ts';
import { bytes, type Cause, concluded, type Diagnosis, type KeyRing, type Variant } from './cause.ts';
import { keyVariants } from './key-variants.ts';

/** An encrypted value of a V1.0 call or answer. */
export interface SealedValue {
  readonly keyClass: string;
  readonly value: string;
  readonly encryptType: EncryptType;
}

/** Without padding, fewer bytes than this may look like text by chance. */
const SURE = 12;

type Attempt = Cause & { readonly open: () => string | undefined };

/** Says which single deviation from the documented cipher makes the value readable. Never gives the plain text away. */
export function explainAes(sealed: SealedValue, ring: KeyRing): Diagnosis {
  const keys = ring[sealed.keyClass] ?? [];
  const right = keys.findIndex((key) => readable(openValue(key, sealed.encryptType, sealed.value)));
  if (right >= 0) {
    const notes = sealed.value.length > 128 ? [{ id: 'aes.too-long' }] : [];
    return { kind: 'right', notes: right > 0 ? [...notes, { id: 'key.older' }] : notes };
  }
  return concluded(keys.flatMap((key) => attempts(sealed, key, ring).filter(({ open }) => readable(open()))));
}

function attempts({ value, encryptType, keyClass }: SealedValue, key: string, ring: KeyRing): Attempt[] {
  const other: EncryptType = encryptType === '1' ? '2' : '1';
  const length = keyBits(encryptType) / 8;
  const derived = sha1prng(key, length);
  const vector = bytes(value.slice(0, 16));
  const rest = value.slice(16);
  return [
    { id: 'aes.other-size', about: String(keyBits(other)), open: () => openValue(key, other, value) },
    ...derivations(key, length).map(
      ({ value: aesKey, ...cause }): Attempt => ({ ...cause, open: () => openWithKey(aesKey, value) }),
    ),
    ...keyVariants(key, ring, keyClass).map(
      ({ value: seed, ...cause }): Attempt => ({
        ...cause,
        open: () => openWithKey(sha1prng(seed.toString('utf8'), length), value),
      }),
    ),
    ...spellings(value).map(([id, text]): Attempt => ({ id, open: () => openWithKey(derived, text) })),
    { id: 'aes.ecb', open: () => decrypt('ecb', derived, null, Buffer.from(value, 'base64')) },
    { id: 'aes.zero-vector', open: () => decrypt('cbc', derived, Buffer.alloc(16), Buffer.from(value, 'base64')) },
    { id: 'aes.zero-vector', open: () => decrypt('cbc', derived, Buffer.alloc(16), Buffer.from(rest, 'base64')) },
    { id: 'aes.vector-inside', open: () => vectorInside(derived, Buffer.from(value, 'base64')) },
    {
      id: 'aes.vector-hex',
      open: () =>
        decrypt('cbc', derived, Buffer.from(value.slice(0, 32), 'hex'), Buffer.from(value.slice(32), 'base64')),
    },
    { id: 'aes.hex', open: () => decrypt('cbc', derived, vector, Buffer.from(rest, 'hex')) },
    { id: 'aes.cfb', open: () => decrypt('cfb', derived, vector, Buffer.from(rest, 'base64')) },
    { id: 'aes.gcm', open: () => decrypt('ctr', derived, vector, Buffer.from(rest, 'base64')) },
    { id: 'aes.zero-padding', open: () => unpadded(derived, vector, Buffer.from(rest, 'base64')) },
    { id: 'aes.plain', open: () => (looksPlain(value) ? value : undefined) },
  ];
}

/** Other ways from the access key to an AES key. */
function derivations(key: string, length: number): Variant[] {
  const raw = bytes(key);
  return [
    { id: 'aes.raw-key', value: Buffer.concat([raw, Buffer.alloc(32)]).subarray(0, length) },
    { id: 'aes.raw-key', value: Buffer.concat([bytes(key.replaceAll('-', '')), Buffer.alloc(32)]).subarray(0, length) },
    { id: 'aes.raw-key', value: Buffer.from(key.replaceAll('-', ''), 'hex') },
    { id: 'aes.sha256-key', value: sha256(raw).subarray(0, length) },
    { id: 'aes.md5-key', value: createHash('md5').update(raw).digest() },
    { id: 'aes.md5-key', value: bytes(createHash('md5').update(raw).digest('hex')).subarray(0, length) },
    { id: 'aes.sha1-once', value: Buffer.concat([sha1(raw), Buffer.alloc(32)]).subarray(0, length) },
    { id: 'aes.sha1-twice-only', value: Buffer.concat([sha1(sha1(raw)), Buffer.alloc(32)]).subarray(0, length) },
    { id: 'aes.sha1-repeated', value: Buffer.concat([sha1(sha1(raw)), sha1(sha1(sha1(raw)))]).subarray(0, length) },
    {
      id: 'aes.unsigned-carry',
      value: Buffer.concat([sha1(sha1(raw)), sha1(unsignedAdvance(sha1(raw)))]).subarray(0, length),
    },
  ].filter(({ value }) => value.length === 16 || value.length === 32);
}

/** The generator's step with bytes taken as unsigned: right for AES-128, wrong from byte 21 on. */
function unsignedAdvance(state: Buffer): Buffer {
  const output = sha1(state);
  let carry = 1;
  return Buffer.from(
    state.map((byte, index) => {
      const sum = byte + (output[index] ?? 0) + carry;
      carry = sum >> 8;
      return sum & 255;
    }),
  );
}

function spellings(value: string): [string, string][] {
  return [
    ['aes.plus-to-blank', value.replaceAll(' ', '+')],
    [
      'aes.url-encoded',
      value.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    ],
    [
      'aes.base64url',
      /^[\w-]+$/.test(value)
        ? value.slice(0, 16) + Buffer.from(value.slice(16), 'base64url').toString('base64')
        : value,
    ],
    ['aes.line-breaks', value.replaceAll(/[\r\n]/g, '')],
    ['aes.separator', value.replace(/^(.{16})[:,;.|-]/, '$1')],
  ].filter(([, text]) => text !== value) as [string, string][];
}

function decrypt(mode: string, key: Uint8Array, vector: Buffer | null, cipherText: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, vector);
    const plain = Buffer.concat([decipher.update(cipherText), decipher.final()]);
    const long = vector === null || mode === 'cbc' || plain.length >= SURE;
    return long ? new TextDecoder('utf-8', { fatal: true }).decode(plain) : undefined;
  } catch {
    return undefined;
  }
}

/** A chained block opens with the one before it, so this also fits the tail of a value made with a vector of zeros. */
function vectorInside(key: Buffer, whole: Buffer): string | undefined {
  if (readable(decrypt('cbc', key, Buffer.alloc(16), whole))) return undefined;
  return decrypt('cbc', key, whole.subarray(0, 16), whole.subarray(16));
}

function unpadded(key: Buffer, vector: Buffer, cipherText: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, vector).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(cipherText), decipher.final()]);
    return plain.length > 0 && plain.at(-1) === 0
      ? new TextDecoder('utf-8', { fatal: true }).decode(plain).replace(/\0+$/, '')
      : undefined;
  } catch {
    return undefined;
  }
}

/** Random bytes hardly ever look like this: printable text of some length. */
function readable(text: string | undefined): boolean {
  return text !== undefined && !/[\p{Cc}\ufffd]/u.test(text);
}

/** Something that was never encrypted: an e-mail address, a phone number, a short name. */
function looksPlain(value: string): boolean {
  return value.length < 32 || /[@ ]/.test(value) || /^\+?\d[\d-]{6,}$/.test(value);
}
