import { CompactEncrypt, type CryptoKey, compactDecrypt, decodeProtectedHeader, importPKCS8, importSPKI } from 'jose';
import type { SealedKind, SealingKey, Secrets } from './secrets.ts';

/** Closes values before they touch the table and opens them again. */
export interface Sealer {
  /** A compact JWE (RSA-OAEP-256, A256GCM, `kid` in its header) of the value as JSON. */
  seal(kind: SealedKind, value: unknown): Promise<string>;
  /** The value that was sealed. @throws Error if no key of that kind opens it. */
  open(kind: SealedKind, sealed: string): Promise<unknown>;
}

const ALGORITHM = 'RSA-OAEP-256';
const ENCRYPTION = 'A256GCM';

type Half = 'public' | 'private';

/**
 * Seals with the newest public key of a kind and opens with the private key that the header names, so keys rotate by
 * putting a new one in front; a key may go when nothing is left that it sealed. The kind stands in the header, which
 * is authenticated: what was sealed as one kind is never opened as another, even if both should share a key.
 * Errors name kind and `kid`, nothing else.
 */
export function createSealer(secrets: Pick<Secrets, 'sealing'>): Sealer {
  const imported = importOnce();
  return {
    async seal(kind, value) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new Error(`Nothing to seal as ${kind}: the value has no JSON form.`);
      const [newest] = await secrets.sealing(kind, 'public');
      if (newest === undefined) throw new Error(`There is no public key to seal ${kind} with: add one to the secrets.`);
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid: newest.kid, typ: typeOf(kind) })
        .encrypt(await imported(kind, 'public', newest));
    },
    async open(kind, sealed) {
      const { kid, typ } = headerOf(kind, sealed);
      if (typ !== typeOf(kind)) throw new Error(`What was sealed under key "${kid}" is not of the kind ${kind}.`);
      const matching = (await secrets.sealing(kind, 'private')).find((key) => key.kid === kid);
      if (matching === undefined) {
        throw new Error(
          `No private key for ${kind} has the kid "${kid}": keep older keys until nothing is sealed by them.`,
        );
      }
      const key = await imported(kind, 'private', matching);
      return JSON.parse(new TextDecoder().decode(await decrypt(sealed, key, kind, kid)));
    },
  };
}

function typeOf(kind: SealedKind): string {
  return `koogate-${kind}`;
}

function headerOf(kind: SealedKind, sealed: string): { kid: string; typ: unknown } {
  try {
    const { kid, typ } = decodeProtectedHeader(sealed);
    if (typeof kid === 'string' && kid.length <= 128) return { kid, typ };
  } catch {
    // told below: the parser's own text may repeat what it was given
  }
  throw new Error(`What should be sealed ${kind} is no JWE with a kid.`);
}

async function decrypt(sealed: string, key: CryptoKey, kind: SealedKind, kid: string): Promise<Uint8Array> {
  const options = { keyManagementAlgorithms: [ALGORITHM], contentEncryptionAlgorithms: [ENCRYPTION] };
  return compactDecrypt(sealed, key, options).then(
    ({ plaintext }) => plaintext,
    () => {
      throw new Error(
        `Key "${kid}" does not open what was sealed as ${kind}: another key had this kid, or it was altered.`,
      );
    },
  );
}

/** Imports a key once; a kid that is given another key is imported anew. */
function importOnce(): (kind: SealedKind, half: Half, key: SealingKey) => Promise<CryptoKey> {
  const cache = new Map<string, { pem: string; key: Promise<CryptoKey> }>();
  return (kind, half, { kid, key: pem }) => {
    const name = JSON.stringify([kind, half, kid]);
    const known = cache.get(name);
    if (known?.pem === pem) return known.key;
    const importing = half === 'public' ? importSPKI(pem, ALGORITHM) : importPKCS8(pem, ALGORITHM);
    const key = importing.catch(() => {
      const form = half === 'public' ? 'SPKI' : 'PKCS#8';
      throw new Error(`The ${half} key "${kid}" for ${kind} cannot be read: it must be an RSA key in PEM (${form}).`);
    });
    cache.set(name, { pem, key });
    return key;
  };
}
