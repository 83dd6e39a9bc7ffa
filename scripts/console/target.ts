import { createPublicKey } from 'node:crypto';
import { readTarget, type Target } from '../cli/terminal/target.ts';
import { readLocalSecrets } from '../dev/local-secrets.ts';

/** Keeps the command line from looking for a KooGate that runs: here the address and the product's id are known. */
const NO_LOCAL_DATA = { KOOGATE_DATA: '/dev/null' };

/**
 * A product's address and keys, read anew for every call, so that a changed key counts at once. The public half of the
 * Kit's app credential is made of the private one: here both sides of it lie in one file.
 * @throws Problem of the command line
 */
export function targetOf(secrets: string, product: string, at: string): Target {
  const target = readTarget({ secrets, product, at }, NO_LOCAL_DATA);
  const credential = readLocalSecrets(secrets).products[product]?.kitPrivateKey;
  return credential === undefined ? target : { ...target, publicKey: createPublicKey(credential) };
}
