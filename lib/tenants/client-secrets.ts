import type { KeyObject } from 'node:crypto';
import type { Product } from '../config/products.ts';
import { openClientSecret } from '../protocol/kit/client-secret.ts';
import { importPrivateKey } from '../protocol/oaep.ts';
import { Refusal } from '../protocol/refusal.ts';
import type { Secrets } from '../secrets/secrets.ts';

/**
 * Opens the client secrets of the Kit with the private keys of the product's app credential, the newest first. Keys are
 * imported once, as long as the secrets hand out the same list.
 * @returns a function that throws Refusal 000101 if no key opens the text, SecretsUnavailable if there is no key
 */
export function clientSecretOpener(
  secrets: Pick<Secrets, 'kit'>,
): (product: Product, cipherText: string) => Promise<string> {
  const imported = new WeakMap<readonly string[], readonly KeyObject[]>();
  return async ({ id, kitOaep }, cipherText) => {
    const pems = await secrets.kit(id);
    const keys = imported.get(pems) ?? pems.map(importPrivateKey);
    imported.set(pems, keys);
    let refusal: unknown;
    for (const key of keys) {
      try {
        return openClientSecret(key, cipherText, kitOaep);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new Error(`Product "${id}" has no private key for client secrets.`);
  };
}
