import type { GenericSchema, InferOutput } from 'valibot';
import { type CacheOptions, createCache } from './cache.ts';
import {
  accountDocument,
  kitDocument,
  loginDocument,
  productDocument,
  sealingPrivateDocument,
  sealingPublicDocument,
  sellerDocument,
} from './documents.ts';
import { parseDocument } from './parse.ts';
import { type Secrets, SecretsUnavailable } from './secrets.ts';
import { names, type Source } from './source.ts';

export interface SecretsOptions extends CacheOptions {
  /** What to call a document in errors; by default its name. */
  readonly place?: (name: string) => string;
}

/** The secrets of an installation, read from a source, checked, and cached. */
export function createSecrets(source: Source, options: SecretsOptions): Secrets {
  const place = options.place ?? ((name) => `The secret "${name}"`);
  const get = createCache(async (name) => source(name).catch(unavailable(place(name))), options);
  const document = <S extends GenericSchema>(name: string, schema: S): Promise<InferOutput<S>> =>
    get(name, (text) => parseDocument(place(name), schema, text));
  return {
    product: (name) => document(names.product(name), productDocument),
    sealing: (kind, half) =>
      document(names.sealing(kind, half), half === 'public' ? sealingPublicDocument : sealingPrivateDocument),
    kit: async (product) => (await document(names.kit(product), kitDocument)).privateKey,
    login: async () => (await document(names.login, loginDocument)).secret,
    account: (site) => document(names.account(site), accountDocument),
    sellerOwn: async (name) => {
      const { own } = await document(names.seller, sellerDocument);
      const secret = own !== undefined && Object.hasOwn(own, name) ? own[name] : undefined;
      if (secret === undefined) throw new SecretsUnavailable(`${place(names.seller)} has no own.${name}.`);
      return secret;
    },
    seller: async () => (await document(names.seller, sellerDocument)).secret,
  };
}

function unavailable(place: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof SecretsUnavailable) throw error;
    throw new SecretsUnavailable(`${place} cannot be read.`, { cause: error });
  };
}
