import { generateKeyPair, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { Product } from '../../lib/config/products.ts';
import { DEFAULT_SITE } from '../../lib/config/stage.ts';
import { FAMILIES } from '../../lib/protocol/families.ts';
import { Problem } from './problem.ts';
import { LICENSE_KEY } from './samples/demo-licenses.ts';
import { MODEL_KEY } from './samples/demo-models.ts';

/*
 * The secrets of a local run, in one file of a fixed shape, so that other programs can play the marketplace too.
 * The first run makes them up; later runs only add what a new product lacks, since a lost sealing key would mean the
 * loss of everything it sealed.
 */

const sealingPairs = v.array(v.object({ kid: v.string(), publicKey: v.string(), privateKey: v.string() }));

const accountEntries = { accessKeyId: v.string(), secretAccessKey: v.string() };

const fileSchema = v.looseObject({
  products: v.optional(
    v.record(
      v.string(),
      v.looseObject({
        accessKeys: v.record(v.string(), v.array(v.string())),
        kitPrivateKey: v.exactOptional(v.string()),
      }),
    ),
    {},
  ),
  sealing: v.optional(
    v.object({ credentials: sealingPairs, personal: sealingPairs, kit: v.exactOptional(sealingPairs) }),
  ),
  marketplace: v.optional(
    v.looseObject({
      privateKey: v.string(),
      ...accountEntries,
      sites: v.exactOptional(v.record(v.string(), v.looseObject(accountEntries))),
    }),
  ),
  seller: v.optional(v.looseObject({ secret: v.string(), own: v.exactOptional(v.record(v.string(), v.string())) })),
  login: v.optional(v.looseObject({ secret: v.string() })),
  hmac: v.optional(v.looseObject({ audit: v.string(), customer: v.string() })),
  database: v.optional(v.looseObject({ password: v.string() })),
});

type SecretsFile = v.InferOutput<typeof fileSchema>;

/** The file once nothing is missing from it. */
export type LocalSecrets = {
  readonly [Part in 'products' | 'sealing' | 'marketplace' | 'seller' | 'login' | 'hmac']: NonNullable<
    SecretsFile[Part]
  >;
};

/** A product that needs secrets: those of its families, and the account of its site. */
export type Sold = Pick<Product, 'id' | 'families' | 'site'>;

/** @throws Problem if the file cannot be read or is not of the shape. */
export function readLocalSecrets(path: string): SecretsFile {
  const parsed = v.safeParse(fileSchema, parseFile(path));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Problem(
    `The secrets file ${path} is not of the expected shape: ${v.getDotPath(issue) ?? ''} ${issue.message}`,
    `密钥文件 ${path} 的结构不符合要求：${v.getDotPath(issue) ?? ''} ${issue.message}`,
  );
}

/**
 * Reads the secrets file after completing it: every product has two access keys a class (newest, older) and, with a Kit
 * family, the private key of its app credential; there are sealing pairs, the marketplace's pair and its keys for the open
 * APIs, and secrets for the HTTP seller, for the login's cookies, and for the history and pseudonyms.
 * @param databaseExists there are data already, so a missing sealing key is a loss and not a beginning.
 * @throws Problem
 */
export async function ensureLocalSecrets(
  path: string,
  products: Iterable<Sold>,
  databaseExists: boolean,
): Promise<LocalSecrets> {
  const found: SecretsFile = existsSync(path) ? readLocalSecrets(path) : { products: {} };
  if (databaseExists && found.sealing === undefined) {
    throw new Problem(
      `There are data already, but ${existsSync(path) ? 'no sealing keys in' : 'no'} ${path}, whose keys they are sealed ` +
        'with. Put the file back (KOOGATE_SECRETS names another place), or move the data folder away to begin anew.',
      `已有数据，但${existsSync(path) ? `${path} 中没有封存密钥` : `没有 ${path}`}，而数据是用其中的密钥封存的。` +
        '请放回该文件（KOOGATE_SECRETS 可指定其他位置），或移走数据文件夹重新开始。',
    );
  }
  const sold = [...products];
  const [ofProducts, sealing, marketplace] = await Promise.all([
    completeProducts(found, sold),
    completeSealing(found.sealing, sold.some(hasKit)),
    completeMarketplace(found.marketplace, sold),
  ]);
  const complete = {
    ...found,
    products: ofProducts,
    sealing,
    marketplace,
    seller: completeSeller(found.seller),
    login: found.login ?? { secret: randomBytes(32).toString('base64') },
    hmac: found.hmac ?? newHmacKeys(),
  };
  if (JSON.stringify(complete) !== JSON.stringify(found)) writeSecrets(path, complete);
  return complete;
}

/** Keeps the password of the database in the secrets file, where the server looks for it. @throws Problem */
export function keepDatabasePassword(path: string, password: string): void {
  const found = readLocalSecrets(path);
  if (found.database?.password !== password) writeSecrets(path, { ...found, database: { password } });
}

/** Makes the keys for the history and for pseudonyms. */
export function newHmacKeys(): LocalSecrets['hmac'] {
  const key = () => randomBytes(32).toString('base64');
  return { audit: key(), customer: key() };
}

async function completeProducts(found: SecretsFile, sold: readonly Sold[]): Promise<LocalSecrets['products']> {
  const complete = sold.map(async (product) => {
    const own = found.products[product.id] ?? { accessKeys: {} };
    const classes = new Set(product.families.flatMap((family) => FAMILIES[family].keyClasses));
    const missing = [...classes].filter((keyClass) => !Object.hasOwn(own.accessKeys, keyClass));
    const fresh = Object.fromEntries(missing.map((keyClass) => [keyClass, [randomUUID(), randomUUID()]]));
    const needsPair = hasKit(product) && own.kitPrivateKey === undefined;
    return [
      product.id,
      {
        ...own,
        accessKeys: { ...own.accessKeys, ...fresh },
        ...(needsPair ? { kitPrivateKey: (await newPair()).privateKey } : {}),
      },
    ] as const;
  });
  return { ...found.products, ...Object.fromEntries(await Promise.all(complete)) };
}

/** With the keys that the demo sellers sign licences and make customers' keys with. */
function completeSeller(found: SecretsFile['seller']): LocalSecrets['seller'] {
  const seller = found ?? { secret: `whsec_${randomBytes(24).toString('base64')}` };
  const { [LICENSE_KEY]: license = newLicenseKey(), [MODEL_KEY]: model = randomBytes(32).toString('base64url') } =
    seller.own ?? {};
  return { ...seller, own: { ...seller.own, [LICENSE_KEY]: license, [MODEL_KEY]: model } };
}

function newLicenseKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function hasKit({ families }: Sold): boolean {
  return families.some((family) => family === 'kit-v2' || family === 'kit-v1');
}

async function completeSealing(found: SecretsFile['sealing'], withKit: boolean): Promise<LocalSecrets['sealing']> {
  const kid = new Date().toISOString().slice(0, 10);
  const pairs = async () => [{ kid, ...(await newPair()) }];
  const [credentials, personal, kit] = await Promise.all([
    found?.credentials ?? pairs(),
    found?.personal ?? pairs(),
    found?.kit ?? (withKit ? pairs() : undefined),
  ]);
  return { credentials, personal, ...(kit === undefined ? {} : { kit }) };
}

async function newMarketplace(): Promise<LocalSecrets['marketplace']> {
  const { privateKey } = await newPair();
  return { privateKey, ...newAccount() };
}

/** With an account for each site but the local run's own. */
async function completeMarketplace(
  found: SecretsFile['marketplace'],
  sold: readonly Sold[],
): Promise<LocalSecrets['marketplace']> {
  const marketplace = found ?? (await newMarketplace());
  const further = sold.flatMap(({ site }) => (site === undefined || site === DEFAULT_SITE ? [] : [site]));
  const missing = [...new Set(further)].filter((site) => marketplace.sites?.[site] === undefined);
  if (missing.length === 0) return marketplace;
  const fresh = Object.fromEntries(missing.map((site) => [site, newAccount()]));
  return { ...marketplace, sites: { ...marketplace.sites, ...fresh } };
}

function newAccount(): { accessKeyId: string; secretAccessKey: string } {
  return {
    accessKeyId: randomBytes(10).toString('hex').toUpperCase(),
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
}

async function newPair(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const detail = error instanceof Error ? error.message : error;
    throw new Problem(`The secrets file ${path} cannot be read: ${detail}`, `无法读取密钥文件 ${path}：${detail}`);
  }
}

/** In place as a whole and for its owner alone: a half-written file would lose the sealing keys. */
function writeSecrets(path: string, secrets: SecretsFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(next, 0o600); // whatever the umask
  renameSync(next, path);
}
