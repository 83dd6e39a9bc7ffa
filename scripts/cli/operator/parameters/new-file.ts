import { generateKeyPair, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Product } from '../../../../lib/config/products.ts';
import { FAMILIES } from '../../../../lib/protocol/families.ts';
import { importPublicKey } from '../../../../lib/protocol/oaep.ts';
import type { SecretsFile } from '../../../../lib/secrets/file.ts';
import { newHmacKeys } from '../../../dev/local-secrets.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';

/** Contents of a new secrets file. */
export interface NewFile {
  readonly path: string;
  readonly products: Iterable<Product>;
  /** Names of those who hear of alarms. */
  readonly receivers: readonly string[];
  /** Sites beside the stage's own, each with an account of its own. */
  readonly sites: readonly string[];
  /** Path of the marketplace's public key for credentials, PEM; only `rsa-oaep` needs it. */
  readonly credentialsKey: string | undefined;
  /** Texts that stand where the seller types something in: a blank or the want of an `@` keeps them from being taken. */
  readonly blanks: { readonly key: string; readonly address: string };
  readonly today: Date;
}

/**
 * Makes up the secrets of a real installation: sealing keys and the secret for the HTTP seller are made here, access
 * keys, account keys and addresses are left for the seller to type in.
 * @throws Problem if the file exists or the key is unfit
 */
export async function writeNewFile(options: NewFile): Promise<void> {
  const { path, products, receivers, sites, credentialsKey, blanks, today } = options;
  const kid = today.toISOString().slice(0, 10);
  const sold = [...products];
  const withKit = sold.some(({ families }) => families.some((family) => family.startsWith('kit-')));
  const [credentials, personal, kit] = await Promise.all([newPair(), newPair(), withKit ? newPair() : undefined]);
  const file: SecretsFile = {
    products: Object.fromEntries(sold.map((product) => [product.id, { accessKeys: blankKeys(product, blanks.key) }])),
    sealing: {
      credentials: [{ kid, ...credentials }],
      personal: [{ kid, ...personal }],
      ...(kit === undefined ? {} : { kit: [{ kid, ...kit }] }),
    },
    marketplace: {
      ...(credentialsKey === undefined ? {} : { publicKey: readPublicKey(credentialsKey) }),
      accessKeyId: blanks.key,
      secretAccessKey: blanks.key,
      ...(sites.length === 0
        ? {}
        : { sites: Object.fromEntries(sites.map((site) => [site, blankAccount(blanks.key)])) }),
    },
    seller: { secret: `whsec_${randomBytes(24).toString('base64')}` },
    ...(kit === undefined ? {} : { login: { secret: randomBytes(32).toString('base64') } }),
    hmac: newHmacKeys(),
    ...(receivers.length === 0
      ? {}
      : { receivers: Object.fromEntries(receivers.map((name) => [name, blanks.address])) }),
  };
  try {
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Problem('problem.unwritable', { file: path, detail }, EXIT.found);
  }
}

/** A place for the key pair of a site's account. */
function blankAccount(blank: string): { accessKeyId: string; secretAccessKey: string } {
  return { accessKeyId: blank, secretAccessKey: blank };
}

/** A place for the keys of each class that may sign the product's calls. */
function blankKeys({ families }: Product, blank: string): Record<string, string[]> {
  const classes = new Set(families.flatMap((family) => FAMILIES[family].keyClasses));
  return Object.fromEntries([...classes].map((keyClass) => [keyClass, [blank]]));
}

function readPublicKey(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    importPublicKey(pem);
    return pem;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Problem('problem.credentials-key', { file: path, detail }, EXIT.found);
  }
}

function newPair(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
