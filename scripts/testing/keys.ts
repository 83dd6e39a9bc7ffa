import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { type Secrets, SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import type { KeyClass } from '../marketplace/calls/family.ts';

/** Bits of a key that encrypts credentials: KooGate takes no fewer. */
const CREDENTIALS_BITS = 3_072;
/** Bits of a key that seals what lies in the table in memory: the fewest that hold a content key, since they are made in milliseconds. */
const SEALING_BITS = 1_024;

/** A key pair as PEM: SPKI and PKCS#8. */
interface Pair {
  readonly public: string;
  readonly private: string;
}

/** Made when first needed, once a process: a key of 3072 bits costs a good part of a second. */
const credentials = once(() => pair(CREDENTIALS_BITS));
const sealing = once(() => pair(SEALING_BITS));

/** Access keys of a test, one a class. */
export type AccessKeys = Readonly<Record<KeyClass, string>>;

export function newAccessKeys(): AccessKeys {
  const key = () => randomBytes(16).toString('hex');
  return { base: key(), kit: key(), license: key(), general: key() };
}

/** The key that opens what was encrypted for the marketplace. */
export function credentialsKey(): KeyObject {
  return createPrivateKey(credentials().private);
}

/** The secrets of an installation that lives in a test; `own` are the seller's. */
export function testSecrets(accessKeys: AccessKeys, own: Readonly<Record<string, string>>): Secrets {
  const lists = Object.fromEntries(Object.entries(accessKeys).map(([name, key]) => [name, [key]]));
  return {
    product: async () => ({
      accessKeys: lists,
      get credentialsKey() {
        return credentials().public;
      },
    }),
    sealing: async (kind, half) => [{ kid: `${kind}-test`, key: sealing()[half] }],
    account: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
    kit: async () => [credentials().private],
    database: async () => '',
    hmac: async () => ({ audit: 'a'.repeat(32), customer: 'c'.repeat(32) }),
    mail: async () => ({ host: 'localhost', port: 25, from: 'koogate@example.com' }),
    receiver: async () => 'ops@example.com',
    login: async () => randomBytes(32).toString('hex'),
    sellerOwn: async (name) => {
      const secret = Object.hasOwn(own, name) ? own[name] : undefined;
      if (secret !== undefined) return secret;
      throw new SecretsUnavailable(`There is no secret "${name}": give it as secrets: { '${name}': '…' }.`);
    },
    seller: async () => {
      throw new SecretsUnavailable('The secret of the HTTP seller is given where the seller is made.');
    },
  };
}

function pair(modulusLength: number): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    public: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    private: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function once<Made>(make: () => Made): () => Made {
  let made: { readonly it: Made } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
