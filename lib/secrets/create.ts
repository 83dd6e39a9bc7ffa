import type { GenericSchema, InferOutput } from 'valibot';
import { type CacheOptions, createCache } from './cache.ts';
import {
  accountDocument,
  databaseDocument,
  hmacDocument,
  kitDocument,
  loginDocument,
  mailDocument,
  productDocument,
  sealingPrivateDocument,
  sealingPublicDocument,
  sellerDocument,
} from './documents.ts';
import { parseDocument } from './parse.ts';
import { type Secrets, SecretsUnavailable } from './secrets.ts';
import { names, type Source } from './source.ts';

/** Asks for further secrets that whoever reads one will need next; nobody waits for them. */
export type Alongside = (secrets: Secrets) => readonly Promise<unknown>[];

export interface SecretsOptions extends CacheOptions {
  /** Names a document in errors; by default with its own name. */
  readonly place?: (name: string) => string;
  /** Names that are asked for in the same moment as any secret that has to be read, so that a call waits for one reading. */
  readonly alongside?: Alongside;
}

/** Ids of sealing keys; a header may say anything. */
const KEY_ID = /^[\w.-]{1,64}$/;

type Read = <S extends GenericSchema>(name: string, schema: S) => Promise<InferOutput<S>>;

/** The secrets of an installation, read from a source, checked, and cached. */
export function createSecrets(source: Source, options: SecretsOptions): Secrets {
  const { maxAge, alongside = () => [] } = options;
  const place = options.place ?? ((name) => `The secret "${name}"`);
  const cache = createCache((name) => source(name).catch(unavailable(place(name))), options);
  const reader =
    (age: number): Read =>
    (name, schema) =>
      cache.get(name, (text) => parseDocument(place(name), schema, text), age);
  const text = (name: string) => cache.get(name, plainText, maxAge);
  const direct = reader(maxAge);
  const early = secretsBy(reader(maxAge / 2), text, place); // what is read together is not to grow old one after the other
  const together: Read = (name, schema) => {
    const isDue = cache.isDue(name);
    const value = direct(name, schema);
    if (isDue) for (const other of alongside(early)) other.catch(() => undefined); // told when it is asked for
    return value;
  };
  return secretsBy(together, text, place);
}

/** Reads a text that stands by itself, or in the quotes of JSON. */
function plainText(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text.trim();
}

function secretsBy(document: Read, text: (name: string) => Promise<string>, place: (name: string) => string): Secrets {
  return {
    product: (name) => document(names.product(name), productDocument),
    sealing: async (kind, half, kid) => {
      if (half === 'public') return document(names.sealing(kind, half), sealingPublicDocument);
      const listed = await document(names.sealing(kind, half), sealingPrivateDocument);
      if (kid === undefined || !KEY_ID.test(kid) || listed.some((key) => key.kid === kid)) return listed;
      return document(names.sealingKey(kind, kid), sealingPrivateDocument).catch((error: unknown) => {
        if (error instanceof SecretsUnavailable && error.reason === 'gone') return listed;
        throw error;
      });
    },
    kit: async (product) => (await document(names.kit(product), kitDocument)).privateKey,
    database: async () => (await document(names.database, databaseDocument)).password,
    hmac: () => document(names.hmac, hmacDocument),
    login: async () => (await document(names.login, loginDocument)).secret,
    mail: () => document(names.mail, mailDocument),
    receiver: (name) => text(names.receiver(name)),
    account: (site) => document(names.account(site), accountDocument),
    sellerOwn: async (name) => {
      const { own } = await document(names.seller, sellerDocument);
      const secret = own !== undefined && Object.hasOwn(own, name) ? own[name] : undefined;
      if (secret === undefined) throw new SecretsUnavailable(`${place(names.seller)} has no own.${name}.`, 'gone');
      return secret;
    },
    seller: async () => (await document(names.seller, sellerDocument)).secret,
  };
}

function unavailable(place: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof SecretsUnavailable) throw error;
    throw new SecretsUnavailable(`${place} cannot be read.`, 'unreachable', { cause: error });
  };
}
