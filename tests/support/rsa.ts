import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { keptSync } from './kept.ts';

/*
 * RSA keys take a good part of a second each to make, and no test depends on their being new: they are made once for a
 * checkout.
 */

interface RsaPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** How many pairs of each size this test file has asked for. */
const asked = new Map<number, number>();

/** An RSA key pair that this test file has not had yet. */
export function rsaPair(modulusLength = 3072): RsaPair {
  const count = (asked.get(modulusLength) ?? 0) + 1;
  asked.set(modulusLength, count);
  return namedPair(String(count), modulusLength);
}

/** The RSA key pair of that name, the same for all test files. */
export function namedPair(name: string, modulusLength = 3072): RsaPair {
  const make = () => privatePem(generateKeyPairSync('rsa', { modulusLength }).privateKey);
  const privateKey = createPrivateKey(keptSync(`rsa-${modulusLength}-${name}.pem`, make));
  return { publicKey: createPublicKey(privateKey), privateKey };
}

export const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
export const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
export const publicDer = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64');
export const privateDer = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
