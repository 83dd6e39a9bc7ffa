import { SEALED_KINDS, type SealingKey } from '../../../../lib/secrets/secrets.ts';
import { names } from '../../../../lib/secrets/source.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { SecretStore } from './stores.ts';

/** What is to be written, in this order. */
export interface WritePlan {
  readonly writes: readonly (readonly [name: string, text: string])[];
  /** Names that have to wait for a second run. */
  readonly deferred: readonly string[];
}

/**
 * Compares documents with what is stored. A new sealing key is given to those who open before those who seal: its
 * public half waits until the caches know the private one.
 * @throws Problem if a stored sealing key is missing from the documents: what it sealed could never be opened again
 */
export async function planWrites(store: SecretStore, documents: ReadonlyMap<string, string>): Promise<WritePlan> {
  const deferred: string[] = [];
  for (const kind of SEALED_KINDS) {
    const name = names.sealing(kind, 'private');
    const stored = await store.read(name);
    if (stored === undefined) continue;
    const before = keysOf(stored);
    const after = keysOf(documents.get(name) ?? '[]');
    for (const { kid, key } of before) {
      if (after.some((one) => one.kid === kid && one.key === key)) continue;
      throw new Problem('problem.sealing-key-lost', { name: store.place(name), kid }, EXIT.found);
    }
    const newest = after[0]?.kid;
    if (!before.some(({ kid }) => kid === newest)) deferred.push(names.sealing(kind, 'public'));
  }
  const writes = [...documents].filter(([name]) => !deferred.includes(name));
  for (const [name, text] of writes) {
    if (Buffer.byteLength(text) <= store.largest) continue;
    throw new Problem('problem.too-large', { name: store.place(name), bytes: store.largest }, EXIT.found);
  }
  return { writes, deferred };
}

function keysOf(text: string): readonly SealingKey[] {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('problem.stored-key', {}, EXIT.found);
  }
}
