import type { Family } from '../protocol/call.ts';
import { type EncryptType, MAX_CREDENTIAL_BYTES } from '../protocol/v1/cipher.ts';
import type { CredentialScheme, Product } from './products.ts';

/** Members of a product that decide how user names and passwords travel. */
export type Encrypting = Pick<Product, 'credentials' | 'families' | 'credentialsV1'>;

/** The families of V1.0, whose calls encrypt sensitive values with AES under a key made of the access key. */
const V1_FAMILIES: readonly Family[] = ['saas-v1', 'license-1'];

/** Names the size of the AES key with which V1.0's values of a product are encrypted; AES-256 unless it says AES-128. */
export function encryptTypeOf({ credentials, credentialsV1 }: Omit<Encrypting, 'families'>): EncryptType {
  return (isAes(credentials) ? credentials : credentialsV1)?.scheme === 'aes-128' ? '2' : '1';
}

/**
 * Chooses the scheme in which user name and password travel in the answer to a call: V1.0 has AES; V2.0 has what the
 * product says, and plain text where that is V1.0's AES.
 */
export function schemeFor(product: Encrypting, family: Family): CredentialScheme {
  const { credentials, families } = product;
  if (V1_FAMILIES.includes(family)) return { scheme: encryptTypeOf(product) === '2' ? 'aes-128' : 'aes-256' };
  return isAes(credentials) && families.some((one) => V1_FAMILIES.includes(one)) ? { scheme: 'plain' } : credentials;
}

/** The smallest RSA key that is taken, in bytes, and the length of the hashes; see OAEP in RFC 8017, 7.1.1. */
const RSA_BYTES = 384;
const HASH_BYTES = { sha1: 20, sha256: 32 } as const;

/** Most bytes of UTF-8 that a user name or password may have in every way in which the product's calls are answered. */
export function mostCredentialBytes(product: Encrypting): number {
  const limits = product.families.map((family) => {
    const scheme = schemeFor(product, family);
    if (isAes(scheme)) return MAX_CREDENTIAL_BYTES;
    return scheme.scheme === 'rsa-oaep' ? RSA_BYTES - 2 * HASH_BYTES[scheme.hash] - 2 : Number.POSITIVE_INFINITY;
  });
  return Math.min(...limits);
}

function isAes({ scheme }: CredentialScheme): boolean {
  return scheme === 'aes-256' || scheme === 'aes-128';
}
