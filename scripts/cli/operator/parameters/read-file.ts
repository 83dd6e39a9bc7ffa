import { readFileSync } from 'node:fs';
import type { Product } from '../../../../lib/config/products.ts';
import { createSecrets } from '../../../../lib/secrets/create.ts';
import { documentsOf, readSecretsFile, type SecretsFile } from '../../../../lib/secrets/file.ts';
import { type ProductSecrets, SEALED_KINDS, SecretsUnavailable } from '../../../../lib/secrets/secrets.ts';
import { sharedKeys } from '../../../../lib/secrets/shared-keys.ts';
import { names } from '../../../../lib/secrets/source.ts';
import { Problem } from '../../../dev/problem.ts';

/** What a secrets file holds for Parameter Store. */
export interface FileContent {
  /** Texts by name below the prefix. */
  readonly documents: ReadonlyMap<string, string>;
  /** E-mail addresses by name below the prefix; CloudFormation reads them, no function does. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Sentences about what is allowed but probably not meant. */
  readonly warnings: readonly string[];
}

/**
 * Reads a secrets file and checks each document as the functions will.
 * @param receivers names of those who hear of the stage's alarms
 * @throws Problem that says what to mend; it repeats no secret
 */
export async function readFileContent(
  path: string,
  products: ReadonlyMap<string, Product>,
  receivers: readonly string[],
): Promise<FileContent> {
  try {
    const file = readSecretsFile(path, readText(path));
    const documents = new Map<string, string>();
    for (const [name, value] of documentsOf(path, file)) documents.set(name, JSON.stringify(value));
    const addresses = addressesOf(path, file, receivers);
    return {
      documents,
      addresses,
      warnings: [...(await check(path, documents, products)), ...unnamed(path, file, receivers)],
    };
  } catch (error) {
    throw error instanceof SecretsUnavailable ? new Problem(error.message) : error;
  }
}

async function check(
  path: string,
  documents: ReadonlyMap<string, string>,
  products: ReadonlyMap<string, Product>,
): Promise<string[]> {
  const source = async (name: string) => {
    const text = documents.get(name);
    if (text === undefined) throw new SecretsUnavailable(`"${name}" is missing from ${path}.`);
    return text;
  };
  const place = (name: string) => `"${name}" of ${path}`;
  const secrets = createSecrets(source, { maxAge: Infinity, clock: () => 0, place });
  const given: [string, ProductSecrets][] = [];
  for (const name of documents.keys()) {
    const [folder, product = '', part] = name.split('/');
    if (part === 'kit') await secrets.kit(product);
    else if (folder === 'products') given.push([product, await secrets.product(product)]);
  }
  for (const kind of SEALED_KINDS) {
    if (kind === 'kit' && !documents.has(names.sealing(kind, 'public'))) continue;
    await secrets.sealing(kind, 'public');
    await secrets.sealing(kind, 'private');
  }
  await secrets.account();
  if (documents.has(names.seller)) await secrets.seller();
  if (documents.has(names.login)) await secrets.login();
  return [...sharedKeys(given), ...against(products, new Map(given), path), ...withoutKit(products, documents, path)];
}

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** @throws Problem about a receiver without an address */
function addressesOf(path: string, file: SecretsFile, receivers: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map(Object.entries(file.receivers ?? {}));
  const addresses = receivers.map((name) => {
    const address = given.get(name);
    if (address !== undefined && ADDRESS.test(address)) return [names.receiver(name), address] as const;
    throw new Problem(
      `Receiver "${name}" of the stage's alarms has no e-mail address in ${path}: add it as receivers.${name}, such as ` +
        `"${name}@example.com".`,
    );
  });
  return new Map(addresses);
}

function unnamed(path: string, file: SecretsFile, receivers: readonly string[]): string[] {
  return Object.keys(file.receivers ?? {})
    .filter((name) => !receivers.includes(name))
    .map((name) => `Receiver "${name}" of ${path} is not written: the stage's receivers do not name it.`);
}

/** Holds what the file gives against what koogate.config.ts sells. */
function against(
  products: ReadonlyMap<string, Product>,
  given: ReadonlyMap<string, ProductSecrets>,
  path: string,
): string[] {
  const warnings: string[] = [];
  for (const [name, { credentials }] of products) {
    const secrets = given.get(name);
    if (secrets === undefined) {
      warnings.push(`Product "${name}" has no access keys in ${path}: its calls will be answered with 503.`);
    } else if (credentials.scheme === 'rsa-oaep' && secrets.credentialsKey === undefined) {
      throw new Problem(
        `Product "${name}" encrypts credentials: put the key's PEM into marketplace.publicKey of ${path}.`,
      );
    }
  }
  for (const name of given.keys()) {
    if (!products.has(name)) warnings.push(`Product "${name}" of ${path} is not in koogate.config.ts.`);
  }
  return warnings;
}

/** The Kit's calls need two keys more: one that opens the client secrets, and one that seals them again. */
function withoutKit(
  products: ReadonlyMap<string, Product>,
  documents: ReadonlyMap<string, string>,
  path: string,
): string[] {
  const sold = [...products.values()].filter(({ families }) => families.some((family) => family.startsWith('kit-')));
  const keyless = sold.filter(({ id }) => !documents.has(names.kit(id)));
  const warnings = keyless.map(
    ({ id }) => `Product "${id}" has no kitPrivateKey in ${path}: applicationSync will be answered with 000005.`,
  );
  if (sold.length > 0 && !documents.has(names.sealing('kit', 'public'))) {
    warnings.push(`${path} has no sealing.kit: applicationSync will be answered with 000005.`);
  }
  return warnings;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Problem(`${path} cannot be read: name the secrets file with --file, or make one with --init.`);
  }
}
