import { generateKeyPairSync } from 'node:crypto';
import type { SecretsFile } from '../../lib/secrets/file.ts';

/** A fresh RSA key pair in PEM. */
export function rsaPair(bits = 3072): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** One pair for all that a test needs; making them takes long. */
export const pair = rsaPair();

/** A secrets file of the documented shape. */
export function secretsFile(): SecretsFile {
  return {
    products: {
      demo: { accessKeys: { base: ['newest-key', 'older-key'], general: ['general-key'] } },
      plain: { accessKeys: { base: ['plain-key'] } },
    },
    sealing: { credentials: [{ kid: 'c1', ...pair }], personal: [{ kid: 'p1', ...pair }] },
    marketplace: { privateKey: pair.privateKey, accessKeyId: 'id-of-account', secretAccessKey: 'secret-of-account' },
    seller: { secret: 'whsec_c2VsbGVyLXNlY3JldC1vZi0yNC1ieXRlcw==' },
  };
}
