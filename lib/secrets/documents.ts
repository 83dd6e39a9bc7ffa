import * as v from 'valibot';
import { importPrivateKey, importPublicKey } from '../protocol/oaep.ts';

/**
 * The documents that secrets are kept in: JSON texts, one per name. In Parameter Store the name stands below the
 * installation's prefix; the local file is cut into the same documents. Rules speak of the shape alone: a message
 * of theirs never repeats what it found.
 */

const keyText = v.pipe(
  v.string('a text'),
  v.regex(/^\S+$/, 'a text without white space, copied whole from the console'),
);

const accessKeyList = v.array(keyText, 'a list of access keys, newest first');

const PUBLIC_KEY = 'a public key in PEM (SPKI) of RSA with at least 3072 bit';
const PRIVATE_KEY = 'a private key in PEM (PKCS#8) of RSA with at least 3072 bit';

const publicKey = v.pipe(
  v.string(PUBLIC_KEY),
  v.check((pem) => pem.includes('BEGIN PUBLIC KEY') && succeeds(() => importPublicKey(pem)), PUBLIC_KEY),
);

const privateKey = v.pipe(
  v.string(PRIVATE_KEY),
  v.check((pem) => succeeds(() => importPrivateKey(pem)), PRIVATE_KEY),
);

const KEY_ID = 'a key id of 1 to 64 letters, digits, dots, hyphens and underscores';
const keyId = v.pipe(v.string(KEY_ID), v.regex(/^[\w.-]{1,64}$/, KEY_ID));

const GENERATIONS = 'a list of sealing keys, newest first, with at least one';

function sealingKeys<T extends typeof publicKey | typeof privateKey>(key: T) {
  return v.pipe(
    v.array(v.object({ kid: keyId, key }, 'an object with kid and key'), GENERATIONS),
    v.minLength(1, GENERATIONS),
    v.check((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'a list in which no kid repeats'),
  );
}

/** Access keys of a product by class, newest first, and the marketplace's key for credentials. */
export const productDocument = v.object(
  {
    accessKeys: v.pipe(
      v.object(
        {
          base: v.exactOptional(accessKeyList),
          kit: v.exactOptional(accessKeyList),
          license: v.exactOptional(accessKeyList),
          general: v.exactOptional(accessKeyList),
        },
        'an object of lists by class',
      ),
      v.check(
        (classes) => Object.values(classes).some((keys) => keys.length > 0),
        'an object with at least one access key, under "base" for SaaS interfaces',
      ),
    ),
    credentialsKey: v.exactOptional(publicKey),
  },
  'an object with accessKeys',
);

const PEM = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

/**
 * The private key of the product's app credential; after a change of keys the older ones follow in the same text, since
 * saved debugging cases keep the secret as it was encrypted then. Becomes the list of them.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649438.html
 */
export const kitDocument = v.object(
  {
    privateKey: v.pipe(
      v.string(PRIVATE_KEY),
      v.transform((text): string[] => text.match(PEM) ?? []),
      v.array(privateKey, PRIVATE_KEY),
      v.minLength(1, PRIVATE_KEY),
    ),
  },
  'an object with privateKey',
);

const LONG_TEXT = 'a text of at least 32 characters';
const longText = v.pipe(v.string(LONG_TEXT), v.minLength(32, LONG_TEXT));

/** Secret that encrypts the cookies of the unified login. */
export const loginDocument = v.object({ secret: longText }, 'an object with secret');

/** Keys that chain the history and make buyers' ids pseudonyms. */
export const hmacDocument = v.object({ audit: longText, customer: longText }, 'an object with audit and customer');

/** Password of the database; empty where the database asks for none. */
export const databaseDocument = v.object({ password: v.string('a text') }, 'an object with password');

/** Public halves of the sealing keys of one kind. */
export const sealingPublicDocument = sealingKeys(publicKey);

/** Private halves of the sealing keys of one kind. */
export const sealingPrivateDocument = sealingKeys(privateKey);

/** Key pair of the seller's cloud account. */
export const accountDocument = v.object(
  { accessKeyId: keyText, secretAccessKey: keyText, securityToken: v.exactOptional(keyText) },
  'an object with accessKeyId and secretAccessKey',
);

const PORT = 'a port from 1 to 65535';

/** Mail server that alarms are sent by. */
export const mailDocument = v.object(
  {
    host: v.pipe(v.string('a host'), v.regex(/^[\w.-]+$/, 'a host such as smtp.example.com')),
    port: v.pipe(v.number(PORT), v.integer(PORT), v.minValue(1, PORT), v.maxValue(65_535, PORT)),
    user: v.exactOptional(v.string('a text')),
    password: v.exactOptional(v.string('a text')),
    from: v.pipe(v.string('an e-mail address'), v.regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address')),
  },
  'an object with host, port and from',
);

const SELLER_SECRET = 'a Standard Webhooks secret: whsec_ and 24 to 64 bytes in base64';

/** Secret that signs the calls to the seller's own backend, and whatever secrets the seller's own code uses, by name. */
export const sellerDocument = v.object(
  {
    secret: v.pipe(
      v.string(SELLER_SECRET),
      v.regex(/^(whsec_)?[A-Za-z0-9+/]+={0,2}$/, SELLER_SECRET),
      v.check((text) => {
        const { length } = Buffer.from(text.replace(/^whsec_/, ''), 'base64');
        return length >= 24 && length <= 64;
      }, SELLER_SECRET),
    ),
    own: v.exactOptional(v.record(v.string(), v.string('texts by name'), 'texts by name')),
  },
  'an object with secret',
);

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
