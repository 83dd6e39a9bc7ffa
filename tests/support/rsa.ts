import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A fresh RSA key pair. */
export function rsaPair(modulusLength = 3072): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength });
}

export const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
export const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
export const publicDer = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64');
export const privateDer = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
