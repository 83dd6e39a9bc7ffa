import type { SealedKind, SealingKey, Secrets } from '../secrets/secrets.ts';
import { type ContentKey, unwrapper, wrapper } from './content-keys.ts';
import { ALGORITHM, decrypt, ENCRYPTION, encrypt, type Jwe, parseJwe } from './jwe.ts';

/** Closes values before they touch the table and opens them again. */
export interface Sealer {
  /** A compact JWE (RSA-OAEP-256, A256GCM, `kid` in its header) of the value as JSON. */
  seal(kind: SealedKind, value: unknown): Promise<string>;
  /** The value that was sealed. @throws Error if no key of that kind opens it. */
  open(kind: SealedKind, sealed: string): Promise<unknown>;
}

/**
 * Seals with the newest public key of a kind and opens with the private key that the header names, so keys rotate by
 * putting a new one in front; a key may go when nothing is left that it sealed. The kind stands in the header, which
 * is authenticated: what was sealed as one kind is never opened as another, even if both should share a key.
 * Errors name kind and `kid`, nothing else.
 *
 * The form is standard, and any JWE library opens it; it is put together here because a library would wrap a content key
 * for each value, and then the answer to a query of a hundred instances would cost a hundred RSA operations.
 * @param clock Unix milliseconds
 */
export function createSealer(secrets: Pick<Secrets, 'sealing'>, clock: () => number = Date.now): Sealer {
  const wrappers = oncePerKey((kind, { kid, key }) => wrapper(key, kid, typeOf(kind), clock));
  const unwrappers = oncePerKey((_, { key }) => unwrapper(key));
  return {
    async seal(kind, value) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new Error(`Nothing to seal as ${kind}: the value has no JSON form.`);
      const [newest] = await secrets.sealing(kind, 'public');
      if (newest === undefined) throw new Error(`There is no public key to seal ${kind} with: add one to the secrets.`);
      const { key, header, wrapped }: ContentKey = readable('public', kind, newest, wrappers)();
      return encrypt(text, key, header, wrapped);
    },
    async open(kind, sealed) {
      const jwe = parseJwe(sealed);
      const { alg, enc, kid, typ, crit, zip } = jwe?.members ?? {};
      if (jwe === undefined || typeof kid !== 'string' || kid.length > 128) {
        throw new Error(`What should be sealed ${kind} is no JWE with a kid.`);
      }
      if (typ !== typeOf(kind)) throw new Error(`What was sealed under key "${kid}" is not of the kind ${kind}.`);
      if (alg !== ALGORITHM || enc !== ENCRYPTION || crit !== undefined || zip !== undefined) {
        throw new Error(`What was sealed under key "${kid}" as ${kind} is not in the form that is used here.`);
      }
      const matching = (await secrets.sealing(kind, 'private')).find((key) => key.kid === kid);
      if (matching === undefined) {
        throw new Error(
          `No private key for ${kind} has the kid "${kid}": keep older keys until nothing is sealed by them.`,
        );
      }
      return JSON.parse(await openedText(jwe, readable('private', kind, matching, unwrappers), kind, kid));
    },
  };
}

function typeOf(kind: SealedKind): string {
  return `koogate-${kind}`;
}

async function openedText(
  jwe: Jwe,
  unwrap: (wrapped: string) => Promise<Buffer>,
  kind: SealedKind,
  kid: string,
): Promise<string> {
  try {
    return decrypt(jwe, await unwrap(jwe.wrapped));
  } catch {
    throw new Error(
      `Key "${kid}" does not open what was sealed as ${kind}: another key had this kid, or it was altered.`,
    );
  }
}

function readable<Made>(half: 'public' | 'private', kind: SealedKind, key: SealingKey, make: PerKey<Made>): Made {
  try {
    return make(kind, key);
  } catch {
    const form = half === 'public' ? 'SPKI' : 'PKCS#8';
    throw new Error(`The ${half} key "${key.kid}" for ${kind} cannot be read: it must be an RSA key in PEM (${form}).`);
  }
}

type PerKey<Made> = (kind: SealedKind, key: SealingKey) => Made;

/** Makes something of a key once; a kid that is given another key is made anew. */
function oncePerKey<Made>(make: PerKey<Made>): PerKey<Made> {
  const cache = new Map<string, { readonly pem: string; readonly made: Made }>();
  return (kind, key) => {
    const name = JSON.stringify([kind, key.kid]);
    const known = cache.get(name);
    if (known?.pem === key.key) return known.made;
    const made = make(kind, key);
    cache.set(name, { pem: key.key, made });
    return made;
  };
}
