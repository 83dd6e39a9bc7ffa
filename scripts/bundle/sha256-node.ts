/** Stands in for the SDK's own wrapper of Node's SHA-256. */
export { Sha256 as Sha256Node } from '../../lib/secrets/sha256.ts';
