import type { SealedKind } from './secrets.ts';

/** Closes values before they touch the table and opens them again. */
export interface Sealer {
  /** A compact JWE (RSA-OAEP-256, A256GCM, `kid` in its header) of the value as JSON. */
  seal(kind: SealedKind, value: unknown): Promise<string>;
  /** The value that was sealed. @throws Error if no key of that kind opens it. */
  open(kind: SealedKind, sealed: string): Promise<unknown>;
}
