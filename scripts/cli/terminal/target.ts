import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../marketplace/calls/send.ts';
import { isJson, type Json } from '../checks/check.ts';
import type { KeyRing } from '../doctor/cause.ts';
import { readPrivateKey } from '../doctor/oaep.ts';
import { readChoice } from './arguments.ts';
import { Problem } from './problem.ts';
import { findLocalData, type LocalData, type Running, type RunningProduct } from './running.ts';

/** Options that say whom to call and with what. */
export interface TargetOptions {
  readonly at?: string | undefined;
  readonly 'other-at'?: string | undefined;
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
  /** Address of another product, none of whose keys is in the ring. */
  readonly otherAt?: string;
  readonly ring: KeyRing;
  readonly privateKey?: KeyObject;
  readonly publicKey?: KeyObject;
  readonly insecure: boolean;
  readonly bodySign?: 'required' | 'expected';
  /** Milliseconds within which an answer counts; 5 000 unless told. */
  readonly limit?: number;
  /** Takes what came of each call; what it throws ends the run. */
  readonly onOutcome?: (outcome: Outcome) => void;
  /** The KooGate of this machine that the address leads to, and the id of the product there. */
  readonly local?: { readonly running: Running; readonly id: string };
}

const KEY_CLASSES = ['base', 'kit', 'license', 'general'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds out whom to call: `--at`, else a product of the KooGate that runs on the data folder.
 * @throws Problem that says what to give
 */
export function readTarget(options: TargetOptions, env: Environment): Target {
  const data = findLocalData(env);
  const given = options.secrets === undefined ? undefined : readSecrets(options.secrets, data);
  const at = options.at ?? addressIn(data, options.product);
  for (const one of [at, options['other-at'] ?? at])
    if (!URL.canParse(one) || !/^https?:$/.test(new URL(one).protocol))
      throw new Problem('problem.address', { at: one });
  const running = data.running && at.startsWith(`${data.running.route}/`) ? data.running : undefined;
  const file = given ?? readSecrets(running?.secrets, data);
  const id = productOf({ ...options, at }, file, running);
  const { ring, privateKey } = keysOf(options, file, id);
  const otherAt = options['other-at'] ?? (running && otherProduct(running, file, id, ring));
  const demand = readChoice('--body-sign', options['body-sign'], ['required', 'optional']);
  return {
    at,
    ring,
    ...(otherAt !== undefined && { otherAt }),
    insecure: options.insecure === true,
    ...(privateKey && { privateKey }),
    ...publicKeyOf(options['public-key'], file, id),
    ...(demand && { bodySign: demand === 'required' ? 'required' : 'expected' }),
    ...(running !== undefined && id !== undefined && { local: { running, id } }),
  };
}

/** Address of a product of the KooGate that runs here. @throws Problem if none runs, or the product is not known */
function addressIn({ folder, running }: LocalData, product: string | undefined): string {
  if (running === undefined) throw new Problem('problem.not-running', { data: folder });
  const { route, products } = running;
  const choices = products.map(({ name }) => name).join(', ');
  const [only, ...others] = products;
  if (product === undefined) {
    if (only === undefined || others.length > 0) throw new Problem('problem.product-needed', { choices });
    return `${route}/${only.name}`;
  }
  const found = named(products, product);
  if (found === undefined) throw new Problem('problem.product', { given: product, choices });
  return `${route}/${found.name}`;
}

/** Address of a product of the KooGate that runs here which shares no key with a product; undefined if there is none. */
function otherProduct({ route, products }: Running, file: Json, id: string | undefined, ring: KeyRing) {
  const own = Object.values(ring).flat();
  const families = products.find((one) => one.id === id)?.families ?? [];
  const shared = (one: RunningProduct) => one.families.filter((family) => families.includes(family)).length;
  const others = products.filter((one) => {
    const keys = Object.values(fromFile(file, one.id)).flat();
    return one.id !== id && keys.length > 0 && !keys.some((key) => own.includes(key));
  });
  // One that takes the same calls: another would refuse them whatever their signature.
  const [other] = others.toSorted((a, b) => shared(b) - shared(a));
  return other && `${route}/${other.name}`;
}

/** A product by its name, else by its id: a name may be another product's id of before. */
function named(products: Running['products'], given: string | undefined): Running['products'][number] | undefined {
  return products.find(({ name }) => name === given) ?? products.find(({ id }) => id === given);
}

/** Reads the password of the database out of a secrets file; none if the file has none. */
export function databasePassword(secrets: string | undefined, env: Environment): string | undefined {
  const { database } = readSecrets(secrets, findLocalData(env));
  return isJson(database) && typeof database.password === 'string' ? database.password : undefined;
}

/** Reads keys alone, for commands that call nobody. @throws Problem */
export function readKeys(options: TargetOptions, env: Environment): { ring: KeyRing; privateKey?: KeyObject } {
  const data = findLocalData(env);
  const file = readSecrets(options.secrets ?? data.running?.secrets, data);
  return keysOf(options, file, productOf(options, file, data.running));
}

function keysOf(
  options: TargetOptions,
  file: Json,
  product: string | undefined,
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

function readSecrets(path: string | undefined, { folder }: LocalData): Json {
  const file = path ?? join(folder, 'secrets.json');
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

/**
 * Id of the product named, or in the address, or of the only one there is: what secrets and stored items are named by.
 * @throws Problem that lists the products if the one named is none of them
 */
function productOf({ product, at }: TargetOptions, file: Json, running: Running | undefined): string | undefined {
  const ids = isJson(file.products) ? Object.keys(file.products) : [];
  const known = running?.products ?? [];
  const idOf = (given: string | undefined) =>
    named(known, given)?.id ?? (given !== undefined && ids.includes(given) ? given : undefined);
  const only = ids.length === 1 ? ids[0] : undefined;
  if (product === undefined) return idOf(/\/produce\/([a-z0-9-]+)/.exec(at ?? '')?.[1]) ?? only;
  const id = idOf(product);
  if (id !== undefined || ids.length === 0) return id ?? product;
  const choices = known.length > 0 ? known.map(({ name }) => name) : ids;
  throw new Problem('problem.product', { given: product, choices: choices.join(', ') });
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
