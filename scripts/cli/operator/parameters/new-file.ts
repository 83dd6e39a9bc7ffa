import { generateKeyPair, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Product } from '../../../../lib/config/products.ts';
import { FAMILIES } from '../../../../lib/protocol/families.ts';
import { importPublicKey } from '../../../../lib/protocol/oaep.ts';
import type { SecretsFile } from '../../../../lib/secrets/file.ts';
import { Problem } from '../../../dev/problem.ts';

/** Stands where the seller types something in; its blanks make sure that it is never taken for a key. */
export const BLANK = '(copy from the seller console)';

/** Stands where an address belongs; is none itself, for want of an `@`. */
const ADDRESS = '(e-mail address)';

/** Contents of a new secrets file. */
export interface NewFile {
  readonly path: string;
  readonly products: Iterable<Product>;
  /** Names of those who hear of alarms. */
  readonly receivers: readonly string[];
  /** Path of the marketplace's public key for credentials, PEM; only `rsa-oaep` needs it. */
  readonly credentialsKey: string | undefined;
  readonly today: Date;
}

/**
 * Makes up the secrets of a real installation: sealing keys and the secret for the HTTP seller are made here, access
 * keys, account keys and addresses are left for the seller to type in.
 * @throws Problem if the file exists or the key is unfit
 */
export async function writeNewFile({ path, products, receivers, credentialsKey, today }: NewFile): Promise<void> {
  const kid = today.toISOString().slice(0, 10);
  const sold = [...products];
  const withKit = sold.some(({ families }) => families.some((family) => family.startsWith('kit-')));
  const [credentials, personal, kit] = await Promise.all([newPair(), newPair(), withKit ? newPair() : undefined]);
  const file: SecretsFile = {
    products: Object.fromEntries(sold.map((product) => [product.id, { accessKeys: blankKeys(product) }])),
    sealing: {
      credentials: [{ kid, ...credentials }],
      personal: [{ kid, ...personal }],
      ...(kit === undefined ? {} : { kit: [{ kid, ...kit }] }),
    },
    marketplace: {
      ...(credentialsKey === undefined ? {} : { publicKey: readPublicKey(credentialsKey) }),
      accessKeyId: BLANK,
      secretAccessKey: BLANK,
    },
    seller: { secret: `whsec_${randomBytes(24).toString('base64')}` },
    ...(kit === undefined ? {} : { login: { secret: randomBytes(32).toString('base64') } }),
    ...(receivers.length === 0 ? {} : { receivers: Object.fromEntries(receivers.map((name) => [name, ADDRESS])) }),
  };
  try {
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new Problem(`${path} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

/** A place for the keys of each class that may sign the product's calls. */
function blankKeys({ families }: Product): Record<string, string[]> {
  const classes = new Set(families.flatMap((family) => FAMILIES[family].keyClasses));
  return Object.fromEntries([...classes].map((keyClass) => [keyClass, [BLANK]]));
}

function readPublicKey(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    importPublicKey(pem);
    return pem;
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Problem(`${path} is no public key in PEM of RSA with at least 3072 bit: ${why}`);
  }
}

function newPair(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
