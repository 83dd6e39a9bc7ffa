import type { EncryptType } from '../protocol/v1/cipher.ts';
import type { CredentialScheme } from './products.ts';

/** The marketplace's name of the AES key size of a product; AES-256, the default, unless it says AES-128. */
export function encryptTypeOf({ scheme }: CredentialScheme): EncryptType {
  return scheme === 'aes-128' ? '2' : '1';
}
