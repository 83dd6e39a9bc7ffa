import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isJson, type Json } from '../checks/check.ts';
import type { KeyRing } from '../doctor/cause.ts';
import { readPrivateKey } from '../doctor/oaep.ts';
import { readChoice } from './arguments.ts';
import { Problem } from './problem.ts';

/** Options that say whom to call and with what. */
export interface TargetOptions {
  readonly at?: string | undefined;
  readonly product?: string | undefined;
  readonly key?: readonly string[] | undefined;
  readonly secrets?: string | undefined;
  readonly 'private-key'?: string | undefined;
  readonly 'public-key'?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly 'body-sign'?: string | undefined;
}

/** A seller's server and the keys that the marketplace shares with it. */
export interface Target {
  /** The production address. */
  readonly at: string;
  readonly ring: KeyRing;
  readonly privateKey?: KeyObject;
  readonly publicKey?: KeyObject;
  readonly insecure: boolean;
  readonly bodySign?: 'required' | 'expected';
  /** Milliseconds within which an answer counts; 5 000 unless told. */
  readonly limit?: number;
}

const KEY_CLASSES = ['base', 'kit', 'license', 'general'] as const;

export const SECRETS_FILE = '.local/secrets.json';

/** Finds out whom to call. @throws Problem that says what to give */
export function readTarget(options: TargetOptions): Target {
  const file = readSecrets(options.secrets);
  const product = productOf(options, file);
  const at = options.at ?? (product === undefined ? undefined : `http://127.0.0.1:3000/produce/${product}`);
  if (at === undefined) throw new Problem('problem.at');
  if (!URL.canParse(at) || !/^https?:$/.test(new URL(at).protocol)) throw new Problem('problem.address', { at });
  const { ring, privateKey } = readKeys(options, file, product);
  const demand = readChoice('--body-sign', options['body-sign'], ['required', 'optional']);
  return {
    at,
    ring,
    insecure: options.insecure === true,
    ...(privateKey && { privateKey }),
    ...publicKeyOf(options['public-key'], file, product),
    ...(demand && { bodySign: demand === 'required' ? 'required' : 'expected' }),
  };
}

/** Keys alone, for commands that call nobody. */
export function readKeys(
  options: TargetOptions,
  file = readSecrets(options.secrets),
  product = productOf(options, file),
): { ring: KeyRing; privateKey?: KeyObject } {
  const ring: Record<string, string[]> = { ...fromFile(file, product) };
  const given: Record<string, string[]> = {};
  for (const pair of options.key ?? []) {
    const at = pair.indexOf('=');
    const keyClass = readChoice('--key', at < 0 ? pair : pair.slice(0, at), KEY_CLASSES);
    const key = pair.slice(at + 1);
    if (keyClass === undefined || at < 0 || key === '') throw new Problem('problem.key');
    given[keyClass] = [...(given[keyClass] ?? []), key];
  }
  const privateKey = privateKeyOf(options['private-key'], file);
  return { ring: { ...ring, ...given }, ...(privateKey && { privateKey }) };
}

function readSecrets(path: string | undefined): Json {
  const file = path ?? SECRETS_FILE;
  if (!existsSync(file)) {
    if (path !== undefined) throw new Problem('problem.file', { file });
    return {};
  }
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isJson(content)) return content;
  } catch {
    // Said below: a file that is no JSON and one that is no object are the same to the reader.
  }
  throw new Problem('problem.secrets', { file });
}

/** The product named, or in the address, or the only one there is. */
function productOf({ product, at }: TargetOptions, file: Json): string | undefined {
  const products = isJson(file.products) ? Object.keys(file.products) : [];
  const inAddress = /\/produce\/([a-z0-9-]+)/.exec(at ?? '')?.[1];
  const only = products.length === 1 ? products[0] : undefined;
  return product ?? (inAddress !== undefined && products.includes(inAddress) ? inAddress : only);
}

function fromFile(file: Json, product: string | undefined): Record<string, string[]> {
  const products = isJson(file.products) ? file.products : {};
  const entry = product === undefined ? undefined : products[product];
  const keys = isJson(entry) && isJson(entry.accessKeys) ? entry.accessKeys : {};
  return Object.fromEntries(
    Object.entries(keys).map(([name, list]) => [
      name,
      [list].flat().filter((key): key is string => typeof key === 'string'),
    ]),
  );
}

function privateKeyOf(path: string | undefined, file: Json): KeyObject | undefined {
  if (path !== undefined) {
    if (!existsSync(path)) throw new Problem('problem.file', { file: path });
    try {
      return readPrivateKey(readFileSync(path, 'utf8'));
    } catch {
      throw new Problem('problem.private-key', { file: path });
    }
  }
  const inFile = isJson(file.marketplace) ? file.marketplace.privateKey : undefined;
  return typeof inFile === 'string' ? readPrivateKey(inFile) : undefined;
}

/** The public half of the app credential: given, or derived from the private half in the secrets file. */
function publicKeyOf(path: string | undefined, file: Json, product: string | undefined): { publicKey?: KeyObject } {
  if (path !== undefined) return { publicKey: readPublicKey(path) };
  const entry = isJson(file.products) && product !== undefined ? file.products[product] : undefined;
  const own = isJson(entry) ? entry.kitPrivateKey : undefined;
  return typeof own === 'string' ? { publicKey: createPublicKey(readPrivateKey(own)) } : {};
}

function readPublicKey(path: string): KeyObject {
  if (!existsSync(path)) throw new Problem('problem.file', { file: path });
  const text = readFileSync(path, 'utf8').trim();
  try {
    if (text.includes('-----')) return createPublicKey(text);
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    throw new Problem('problem.public-key', { file: path });
  }
}

/** The newest key of a class. @throws Problem */
export function keyOf({ ring }: Pick<Target, 'ring'>, keyClass: string): string {
  const key = ring[keyClass]?.[0];
  if (key === undefined) throw new Problem('problem.key-missing', { keyClass });
  return key;
}
