import { SEALED_KINDS, type SealedKind, type SealingKey, type Secrets } from '../secrets/secrets.ts';
import { type ContentKey, unwrapper, wrapper } from './content-keys.ts';
import { ALGORITHM, bindingOf, decrypt, ENCRYPTION, encodeHeader, encrypt, type Jwe, parseJwe } from './jwe.ts';

/** Closes values before they touch the table and opens them again. */
export interface Sealer {
  /**
   * A compact JWE (RSA-OAEP-256, A256GCM, `kid` in its header) of the value as JSON, bound to the item that will hold it.
   */
  seal(kind: SealedKind, value: unknown, at: SealedAt): Promise<string>;
  /**
   * The value that was sealed.
   * @param at the item that it was found in
   * @throws Error if no key of that kind opens it, or it was sealed for another item
   */
  open(kind: SealedKind, sealed: string, at: SealedAt): Promise<unknown>;
}

/** Key of the table's item that holds a sealed value. */
export interface SealedAt {
  readonly pk: string;
  readonly sk: string;
}

/** Milliseconds for which an installation without the mark is taken for one. */
const UNMARKED_FOR_MS = 60_000;

/**
 * Seals with the newest public key of a kind and opens with the private key that the header names, so keys rotate by
 * putting a new one in front; a key may go when nothing is left that it sealed, which resealing sees to. The kind stands in the header, which
 * is authenticated: what was sealed as one kind is never opened as another, even if both should share a key.
 * Errors name kind and `kid`, nothing else.
 *
 * The form is standard, and any JWE library opens it; it is put together here because a library would wrap a content key
 * for each value, and then the answer to a query of a hundred instances would cost a hundred RSA operations.
 *
 * A value is bound to its item: the header names it, so that what was copied into another item is not opened there. Values
 * of older versions name none; they are opened until the installation is marked as one that has no such values any more.
 * @param clock Unix milliseconds
 * @param isMarked whether all values have been bound; asked only where an unbound one is met
 */
export function createSealer(
  secrets: Pick<Secrets, 'sealing'>,
  clock: () => number = Date.now,
  isMarked: () => Promise<boolean> = async () => false,
): Sealer {
  const takesUnbound = unboundUntil(isMarked, clock);
  const wrappers = oncePerKey((_, { kid, key }) => wrapper(key, kid, clock));
  const unwrappers = oncePerKey((_, { key }) => unwrapper(key));
  return {
    async seal(kind, value, { pk, sk }) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new Error(`Nothing to seal as ${kind}: the value has no JSON form.`);
      const [newest] = await secrets.sealing(kind, 'public');
      if (newest === undefined) throw new Error(`There is no public key to seal ${kind} with: add one to the secrets.`);
      const { key, kid, wrapped }: ContentKey = readable('public', kind, newest, wrappers)();
      return encrypt(text, key, encodeHeader(kid, typeOf(kind), bindingOf(pk, sk)), wrapped);
    },
    async open(kind, sealed, { pk, sk }) {
      const jwe = parseJwe(sealed);
      const { alg, enc, kid, typ, crit, zip, item } = jwe?.members ?? {};
      if (jwe === undefined || typeof kid !== 'string' || kid.length > 128) {
        throw new Error(`What should be sealed ${kind} is no JWE with a kid.`);
      }
      if (typ !== typeOf(kind)) throw new Error(`What was sealed under key "${kid}" is not of the kind ${kind}.`);
      if (alg !== ALGORITHM || enc !== ENCRYPTION || crit !== undefined || zip !== undefined) {
        throw new Error(`What was sealed under key "${kid}" as ${kind} is not in the form that is used here.`);
      }
      if (item === undefined ? !(await takesUnbound()) : item !== bindingOf(pk, sk)) {
        const found = item === undefined ? 'for no item, as older versions did' : 'for another item';
        throw new Error(`What was sealed under key "${kid}" as ${kind} was sealed ${found}; it is not opened here.`);
      }
      const matching = (await secrets.sealing(kind, 'private', kid)).find((key) => key.kid === kid);
      if (matching === undefined) {
        throw new Error(
          `No private key for ${kind} has the kid "${kid}": keep older keys until nothing is sealed by them.`,
        );
      }
      return JSON.parse(await openedText(jwe, readable('private', kind, matching, unwrappers), kind, kid));
    },
  };
}

/** Asks for the mark at most once a minute, and never again once it is there. */
function unboundUntil(isMarked: () => Promise<boolean>, clock: () => number): () => Promise<boolean> {
  let marked = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (!marked && clock() - askedAt >= UNMARKED_FOR_MS) {
      marked = await isMarked();
      askedAt = clock();
    }
    return !marked;
  };
}

/** Says of a text whether it is sealed: as what, under which key, and whether for this item. Undefined if it is not. */
export function inspectSealed(
  text: string,
  { pk, sk }: SealedAt,
): { readonly kind: SealedKind; readonly kid: string; readonly isBound: boolean } | undefined {
  const { kid, typ, item } = parseJwe(text)?.members ?? {};
  const kind = SEALED_KINDS.find((one) => typeOf(one) === typ);
  if (kind === undefined || typeof kid !== 'string') return undefined;
  return { kind, kid, isBound: item === bindingOf(pk, sk) };
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
