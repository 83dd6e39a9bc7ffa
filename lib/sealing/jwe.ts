import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

/**
 * JSON Web Encryption in its compact form (RFC 7516), in the one combination that is used here: RSA-OAEP-256 wraps the
 * content key, A256GCM encrypts. Pure; the wrapping is content-keys.ts'.
 */
export const ALGORITHM = 'RSA-OAEP-256';
export const ENCRYPTION = 'A256GCM';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Content keys are as long as the cipher's. */
export const KEY_BYTES = 32;

/** The parts of a sealed text, as they stand in it. */
export interface Jwe {
  /** base64url; authenticated with the content. */
  readonly header: string;
  /** The content key, wrapped; base64url. */
  readonly wrapped: string;
  readonly iv: string;
  readonly text: string;
  readonly tag: string;
}

/** The protected header, encoded. @param item what the value belongs to: see {@link bindingOf} */
export function encodeHeader(kid: string, typ: string, item: string): string {
  return base64url(JSON.stringify({ alg: ALGORITHM, enc: ENCRYPTION, kid, typ, item }));
}

/** Characters that stand for an item in a header: 132 bits of a digest. */
const BINDING_LENGTH = 22;

/** Stands for an item of the table in the header of what is sealed for it; tells nothing of its key. */
export function bindingOf(pk: string, sk: string): string {
  return hash('sha256', JSON.stringify([pk, sk]), 'base64url').slice(0, BINDING_LENGTH);
}

/** Encrypts a text under a content key that is wrapped already; each time under a new random IV. */
export function encrypt(text: string, key: Buffer, header: string, wrapped: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(header, 'ascii'));
  const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return [header, wrapped, base64url(iv), base64url(content), base64url(cipher.getAuthTag())].join('.');
}

/** The text inside. @throws Error if the key is another, or anything was altered */
export function decrypt({ header, iv, text, tag }: Jwe, key: Buffer): string {
  const [nonce, authTag] = [Buffer.from(iv, 'base64url'), Buffer.from(tag, 'base64url')];
  if (nonce.length !== IV_BYTES || authTag.length !== TAG_BYTES)
    throw new Error('An IV or a tag has the wrong length.');
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(header, 'ascii'))
    .setAuthTag(authTag);
  return Buffer.concat([decipher.update(text, 'base64url'), decipher.final()]).toString('utf8');
}

/** Takes a sealed text apart; undefined if it is none. Members of the header are as they came. */
export function parseJwe(sealed: string): (Jwe & { readonly members: Readonly<Record<string, unknown>> }) | undefined {
  const parts = sealed.split('.');
  const [header, wrapped, iv, text, tag] = parts;
  if (header === undefined || wrapped === undefined || iv === undefined || text === undefined || tag === undefined) {
    return undefined;
  }
  if (parts.length > 5 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
  try {
    const members: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    if (typeof members !== 'object' || members === null) return undefined;
    return { header, wrapped, iv, text, tag, members: members as Record<string, unknown> };
  } catch {
    return undefined;
  }
}

export function base64url(data: Buffer | string): string {
  return (typeof data === 'string' ? Buffer.from(data) : data).toString('base64url');
}
