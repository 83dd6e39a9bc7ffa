import { readFileSync } from 'node:fs';
import { webhookAddress } from '../../../../lib/alarms/receivers.ts';
import { robotAddress } from '../../../../lib/alarms/robots.ts';
import type { Product } from '../../../../lib/config/products.ts';
import { furtherSites, type Stage } from '../../../../lib/config/stage.ts';
import { createSecrets } from '../../../../lib/secrets/create.ts';
import { documentsOf, readSecretsFile, type SecretsFile } from '../../../../lib/secrets/file.ts';
import { type ProductSecrets, SEALED_KINDS, SecretsUnavailable } from '../../../../lib/secrets/secrets.ts';
import { sharedKeys } from '../../../../lib/secrets/shared-keys.ts';
import { names } from '../../../../lib/secrets/source.ts';
import type { Say } from '../../messages/index.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';

/** Content of a secrets file for Parameter Store. */
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
 * @param stage with the names of those who hear of its alarms, and the sites of its products
 * @throws Problem that says what to mend; it repeats no secret
 */
export async function readFileContent(
  path: string,
  products: ReadonlyMap<string, Product>,
  { receivers, webhooks, alarms, sites }: Pick<Stage, 'receivers' | 'webhooks' | 'alarms' | 'sites'>,
  say: Say,
): Promise<FileContent> {
  try {
    const file = readSecretsFile(path, readText(path));
    const documents = new Map<string, string>();
    for (const [name, value] of documentsOf(path, file)) {
      if (!name.startsWith(names.receiver(''))) documents.set(name, JSON.stringify(value));
    }
    const { robots = {} } = alarms;
    const posted = [
      ...webhooks.map((name) => addressAt(path, file, name, (text) => webhookAddress(name, text))),
      ...Object.entries(robots).map(([name, kind]) =>
        addressAt(path, file, name, (text) => robotAddress(name, kind, text)),
      ),
    ];
    for (const [name, address] of posted) documents.set(names.receiver(name), address);
    const addresses = addressesOf(path, file, receivers);
    return {
      documents,
      addresses,
      warnings: [
        ...(await check(path, documents, products, say)),
        ...unnamed(path, file, [...receivers, ...webhooks, ...Object.keys(robots)], say),
        ...withoutAccount(path, documents, sites, say),
      ],
    };
  } catch (error) {
    if (!(error instanceof SecretsUnavailable)) throw error;
    throw new Problem('problem.as-said', { text: error.message }, EXIT.found);
  }
}

async function check(
  path: string,
  documents: ReadonlyMap<string, string>,
  products: ReadonlyMap<string, Product>,
  say: Say,
): Promise<string[]> {
  const source = async (name: string) => {
    const text = documents.get(name);
    if (text === undefined) throw new SecretsUnavailable(`"${name}" is missing from ${path}.`, 'gone');
    return text;
  };
  const place = (name: string) => `"${name}" of ${path}`;
  const secrets = createSecrets(source, { maxAge: Infinity, clock: () => 0, place });
  const given: [string, ProductSecrets][] = [];
  for (const name of documents.keys()) {
    const [folder, product = '', part] = name.split('/');
    if (folder === 'marketplace' && product !== '') await secrets.account(product);
    else if (part === 'kit') await secrets.kit(product);
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
  if (documents.has(names.hmac)) await secrets.hmac();
  if (documents.has(names.database)) await secrets.database();
  if (documents.has(names.mail)) await secrets.mail();
  return [
    ...sharedKeys(given),
    ...against(products, new Map(given), path, say),
    ...withoutKit(products, documents, path, say),
    ...(documents.has(names.hmac) ? [] : [say('parameters.no-hmac', { file: path })]),
  ];
}

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** @throws Problem about a receiver without an address */
function addressesOf(path: string, file: SecretsFile, receivers: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map(Object.entries(file.receivers ?? {}));
  const addresses = receivers.map((name) => {
    const address = given.get(name);
    if (address !== undefined && ADDRESS.test(address)) return [names.receiver(name), address] as const;
    throw new Problem('problem.receiver', { receiver: name, file: path }, EXIT.found);
  });
  return new Map(addresses);
}

/** @throws Problem about a webhook or robot whose address is not what `check` expects */
function addressAt(
  path: string,
  file: SecretsFile,
  name: string,
  check: (address: string) => unknown,
): readonly [string, string] {
  const address = file.receivers?.[name] ?? '';
  try {
    check(address);
  } catch (error) {
    const text = `${path}: ${error instanceof Error ? error.message : String(error)}`;
    throw new Problem('problem.as-said', { text }, EXIT.found);
  }
  return [name, address];
}

function unnamed(path: string, file: SecretsFile, receivers: readonly string[], say: Say): string[] {
  return Object.keys(file.receivers ?? {})
    .filter((name) => !receivers.includes(name))
    .map((name) => say('parameters.unnamed', { receiver: name, file: path }));
}

/** Holds what the file gives against what koogate.config.ts sells. */
function against(
  products: ReadonlyMap<string, Product>,
  given: ReadonlyMap<string, ProductSecrets>,
  path: string,
  say: Say,
): string[] {
  const warnings: string[] = [];
  for (const [name, { credentials }] of products) {
    const secrets = given.get(name);
    if (secrets === undefined) {
      warnings.push(say('parameters.no-keys', { product: name, file: path }));
    } else if (credentials.scheme === 'rsa-oaep' && secrets.credentialsKey === undefined) {
      throw new Problem('problem.no-credentials-key', { product: name, file: path }, EXIT.found);
    }
  }
  for (const name of given.keys()) {
    if (!products.has(name)) warnings.push(say('parameters.unknown', { product: name, file: path }));
  }
  return warnings;
}

/** Sites whose open APIs nobody could call. */
function withoutAccount(
  path: string,
  documents: ReadonlyMap<string, string>,
  sites: Stage['sites'],
  say: Say,
): string[] {
  return furtherSites(sites)
    .filter((site) => !documents.has(names.account(site)))
    .map((site) => say('parameters.no-account', { site, file: path }));
}

/** The Kit's calls need two keys more: one that opens the client secrets, and one that seals them again. */
function withoutKit(
  products: ReadonlyMap<string, Product>,
  documents: ReadonlyMap<string, string>,
  path: string,
  say: Say,
): string[] {
  const sold = [...products.values()].filter(({ families }) => families.some((family) => family.startsWith('kit-')));
  const keyless = sold.filter(({ id }) => !documents.has(names.kit(id)));
  const warnings = keyless.map(({ id }) => say('parameters.no-kit-key', { product: id, file: path }));
  if (sold.length > 0 && !documents.has(names.sealing('kit', 'public'))) {
    warnings.push(say('parameters.no-kit-sealing', { file: path }));
  }
  return warnings;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Problem('problem.secrets-file', { file: path });
  }
}
