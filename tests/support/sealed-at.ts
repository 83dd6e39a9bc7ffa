import type { SealedAt } from '../../lib/sealing/sealer.ts';

/** The item that a test seals for where it is of no account. */
export const AT: SealedAt = { pk: 'INSTANCE#demo#i', sk: 'INSTANCE' };
