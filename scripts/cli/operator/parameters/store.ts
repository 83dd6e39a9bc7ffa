import { SEALED_KINDS, type SealedKind, type SealingKey } from '../../../../lib/secrets/secrets.ts';
import { names } from '../../../../lib/secrets/source.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { SecretStore } from './stores.ts';

/** Plan of what to write, in this order. */
export interface WritePlan {
  readonly writes: readonly (readonly [name: string, text: string])[];
  /** Names that have to wait for a second run. */
  readonly deferred: readonly string[];
  /** Names of keys that nothing needs any more: they are deleted. */
  readonly retired: readonly string[];
}

/** Tells whether nothing needs a sealing key any more. `sealing` is the key that seals, as stored and as given. */
export type MayRetire = (kind: SealedKind, kid: string, sealing: readonly (string | undefined)[]) => Promise<boolean>;

/**
 * Compares documents with what is stored. A new sealing key is given to those who open before those who seal: its
 * public half waits until the caches know the private one. The newest private key stands in the parameter of its kind, each
 * older one in a parameter of its own, so that keys rotate without end; a store of large values keeps them in one list.
 * @throws Problem if a stored sealing key is missing from the documents and something may need it
 */
export async function planWrites(
  store: SecretStore,
  documents: ReadonlyMap<string, string>,
  mayRetire: MayRetire,
): Promise<WritePlan> {
  const deferred: string[] = [];
  const retired: string[] = [];
  const keys = new Map<string, string>();
  for (const kind of SEALED_KINDS) {
    const [privates, publics] = [names.sealing(kind, 'private'), names.sealing(kind, 'public')];
    const given = keysOf(documents.get(privates) ?? '[]');
    const [newest, ...older] = given;
    if (store.list !== undefined) {
      for (const key of older) keys.set(names.sealingKey(kind, key.kid), JSON.stringify([key]));
      if (newest !== undefined) keys.set(privates, JSON.stringify([newest]));
    }
    const [sealing] = keysOf(documents.get(publics) ?? '[]');
    if (sealing !== undefined) keys.set(publics, JSON.stringify([sealing]));

    const before = await storedKeys(store, kind);
    if (before.length === 0) continue;
    const [sealer] = keysOf((await store.read(publics)) ?? '[]');
    for (const { kid, key, name } of before) {
      if (given.some((one) => one.kid === kid && one.key === key)) continue;
      const isOther = given.some((one) => one.kid === kid);
      if (isOther || !(await mayRetire(kind, kid, [sealer?.kid, newest?.kid]))) {
        throw new Problem('problem.sealing-key-lost', { name: store.place(privates), kid }, EXIT.found);
      }
      if (name !== privates) retired.push(name);
    }
    if (!before.some(({ kid }) => kid === newest?.kid)) deferred.push(publics);
  }
  // Older keys first: nobody is to miss one while the newest takes its place.
  const isOld = (name: string) => name.split('/').length === 3 && name.startsWith('sealing/');
  const all = [...new Map([...documents, ...keys])].filter(([name]) => !deferred.includes(name));
  const writes = [...all.filter(([name]) => isOld(name)), ...all.filter(([name]) => !isOld(name))];
  for (const [name, text] of writes) {
    if (Buffer.byteLength(text) <= store.largest) continue;
    throw new Problem('problem.too-large', { name: store.place(name), bytes: store.largest }, EXIT.found);
  }
  return { writes, deferred, retired };
}

interface StoredKey extends SealingKey {
  /** The document that holds it. */
  readonly name: string;
}

/** Private keys of a kind as they are stored: in one list, or each by itself. */
async function storedKeys(store: SecretStore, kind: SealedKind): Promise<readonly StoredKey[]> {
  const list = names.sealing(kind, 'private');
  const stored: StoredKey[] = [];
  for (const name of [list, ...((await store.list?.(list)) ?? [])]) {
    stored.push(...keysOf((await store.read(name)) ?? '[]').map((key) => ({ ...key, name })));
  }
  return stored;
}

function keysOf(text: string): readonly SealingKey[] {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('problem.stored-key', {}, EXIT.found);
  }
}
