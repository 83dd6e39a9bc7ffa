import type { SecretsFile } from '../../lib/secrets/file.ts';
import { privatePem, publicPem, rsaPair as rsaKeys } from '../support/rsa.ts';

/** An RSA key pair in PEM that this test file has not had yet. */
export function rsaPair(bits = 3072): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = rsaKeys(bits);
  return { publicKey: publicPem(publicKey), privateKey: privatePem(privateKey) };
}

/** One pair for all that a test needs. */
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
