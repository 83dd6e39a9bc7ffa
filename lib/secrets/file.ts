import { createPublicKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { parseDocument } from './parse.ts';
import { SEALED_KINDS, SecretsUnavailable } from './secrets.ts';
import { names, type Source } from './source.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const keyPairs = v.array(
  v.object({ kid: v.string('a text'), publicKey: v.string('a text'), privateKey: v.string('a text') }, 'a key pair'),
  'a list of key pairs',
);

const account = {
  accessKeyId: v.string('a text'),
  secretAccessKey: v.string('a text'),
  securityToken: v.exactOptional(v.string('a text')),
};

const accessKeys = v.record(v.string(), v.array(v.string('a text'), 'a list of access keys'), 'lists by class');

/** The whole file. Only its outline is checked here; each document is checked when it is asked for. */
const fileDocument = v.object(
  {
    products: v.record(
      v.string(),
      v.object(
        {
          accessKeys,
          kitPrivateKey: v.exactOptional(v.string('a text')),
          credentialsKey: v.exactOptional(v.string('a text')),
        },
        'an object with accessKeys',
      ),
      'an object by product',
    ),
    sealing: v.object(
      { credentials: keyPairs, personal: keyPairs, kit: v.exactOptional(keyPairs) },
      'an object with credentials and personal',
    ),
    marketplace: v.object(
      {
        privateKey: v.exactOptional(v.string('a text')),
        publicKey: v.exactOptional(v.string('a text')),
        ...account,
        /** Accounts of further sites, by the name or address that koogate.config.ts gives them. */
        sites: v.exactOptional(
          v.record(v.string(), v.object(account, 'an object with accessKeyId and secretAccessKey'), 'accounts by site'),
        ),
      },
      'an object with privateKey, accessKeyId and secretAccessKey',
    ),
    seller: v.exactOptional(
      v.object(
        { secret: v.string('a text'), own: v.exactOptional(v.record(v.string(), v.string('a text'), 'texts by name')) },
        'an object with secret',
      ),
    ),
    login: v.exactOptional(v.object({ secret: v.string('a text') }, 'an object with secret')),
    hmac: v.exactOptional(
      v.object({ audit: v.string('a text'), customer: v.string('a text') }, 'an object with audit and customer'),
    ),
    database: v.exactOptional(v.object({ password: v.string('a text') }, 'an object with password')),
    /** Mail server that a server sends alarms by; checked when it is asked for. */
    mail: v.exactOptional(v.looseObject({}, 'an object with host, port and from')),
    /** E-mail and webhook addresses of those who hear of alarms, by the names that koogate.config.ts gives them. */
    receivers: v.exactOptional(v.record(v.string(), v.string('an address'), 'addresses by name')),
  },
  'an object with products, sealing and marketplace',
);

/** The local secrets file. */
export type SecretsFile = v.InferOutput<typeof fileDocument>;

/**
 * Secrets of a local run: one JSON file with both sides' keys, cut into the documents of the installation. It is read
 * again when it changes. `marketplace.privateKey` is the marketplace's own half, which only a stand-in has; our side gets
 * its public key. Where the marketplace is real, the file has `marketplace.publicKey` instead.
 * @param env `KOOGATE_SELLER_SECRET` takes the place of `seller.secret`.
 */
export function fileSource(path: string, env: Environment = {}): Source {
  let held: { readonly version: string; readonly documents: ReadonlyMap<string, unknown> } | undefined;
  return async (name) => {
    const version = await versionOf(path);
    if (held?.version !== version) {
      const file = readSecretsFile(path, await readFile(path, 'utf8'));
      held = { version, documents: documentsOf(path, file) };
    }
    const { documents } = held;
    const secret = name === names.seller && env.KOOGATE_SELLER_SECRET;
    const document = secret ? { ...Object(documents.get(name)), secret } : documents.get(name);
    if (document === undefined) throw new SecretsUnavailable(missing(path, name), 'gone');
    return JSON.stringify(document);
  };
}

/** @throws SecretsUnavailable saying what of the file to mend */
export function readSecretsFile(path: string, text: string): SecretsFile {
  return parseDocument(`The secrets file ${path}`, fileDocument, text);
}

/**
 * The documents that a secrets file holds, by name.
 * @throws SecretsUnavailable if marketplace.privateKey is not a private key
 */
export function documentsOf(path: string, file: SecretsFile): ReadonlyMap<string, unknown> {
  const { privateKey, publicKey, sites = {}, ...own } = file.marketplace;
  const ofMarketplace = publicKey ?? (privateKey === undefined ? undefined : publicHalf(path, privateKey));
  const credentialsKey = ofMarketplace === undefined ? {} : { credentialsKey: ofMarketplace };
  const documents = new Map<string, unknown>();
  for (const [product, { kitPrivateKey, ...keys }] of Object.entries(file.products)) {
    documents.set(names.product(product), { ...credentialsKey, ...keys });
    if (kitPrivateKey !== undefined) documents.set(names.kit(product), { privateKey: kitPrivateKey });
  }
  for (const kind of SEALED_KINDS) {
    const pairs = file.sealing[kind];
    if (pairs === undefined) continue;
    documents.set(
      names.sealing(kind, 'public'),
      pairs.map(({ kid, publicKey }) => ({ kid, key: publicKey })),
    );
    documents.set(
      names.sealing(kind, 'private'),
      pairs.map(({ kid, privateKey }) => ({ kid, key: privateKey })),
    );
  }
  documents.set(names.account(), own);
  for (const [site, account] of Object.entries(sites)) documents.set(names.account(site), account);
  if (file.seller !== undefined) documents.set(names.seller, file.seller);
  if (file.login !== undefined) documents.set(names.login, file.login);
  if (file.hmac !== undefined) documents.set(names.hmac, file.hmac);
  if (file.database !== undefined) documents.set(names.database, file.database);
  if (file.mail !== undefined) documents.set(names.mail, file.mail);
  for (const [name, address] of Object.entries(file.receivers ?? {})) documents.set(names.receiver(name), address);
  return documents;
}

async function versionOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    throw new SecretsUnavailable(
      `The secrets file ${path} cannot be read: run "npm start" or "npm run demo", which make it, ` +
        'or set KOOGATE_SECRETS to the file you mean.',
      'unreachable',
    );
  }
}

function publicHalf(path: string, pem: string): string {
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    throw new SecretsUnavailable(
      `The secrets file ${path}: marketplace.privateKey must be a private key in PEM.`,
      'unfit',
    );
  }
}

function missing(path: string, name: string): string {
  const [folder, product, part] = name.split('/');
  if (part === 'kit') {
    return `The secrets file ${path} has no products.${product}.kitPrivateKey: add the private key of the app credential.`;
  }
  if (folder === 'sealing') return `The secrets file ${path} has no sealing.kit: add a key pair for the Kit's secrets.`;
  if (folder === 'marketplace') {
    return `The secrets file ${path} has no marketplace.sites entry for ${product}: add accessKeyId and secretAccessKey of that site's account.`;
  }
  if (folder === 'database')
    return `The secrets file ${path} has no database.password: add that of the database's user.`;
  if (folder === 'hmac')
    return `The secrets file ${path} has no hmac: add audit and customer, each a text of at least 32 characters.`;
  if (folder === 'mail') return `The secrets file ${path} has no mail: add host, port and from of your mail server.`;
  if (folder === 'receivers') return `The secrets file ${path} has no receivers.${product}: add the address.`;
  if (folder === 'login') return `The secrets file ${path} has no login.secret: add a text of at least 32 characters.`;
  if (folder === 'products') return `The secrets file ${path} has no product "${product}": add its accessKeys.`;
  return `The secrets file ${path} has no seller.secret: add it, or set KOOGATE_SELLER_SECRET.`;
}
