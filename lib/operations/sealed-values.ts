import type { Key } from '../instances/keys.ts';
import { inspectSealed } from '../sealing/sealer.ts';
import type { SealedKind } from '../secrets/secrets.ts';

/** A sealed value of an item, and where it stands: names of members, and places in lists. */
export interface SealedValue {
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly kind: SealedKind;
  readonly kid: string;
  /** It was sealed for this very item. */
  readonly isBound: boolean;
}

/** The sealed values of an item as it was read: those that stand by themselves, and those that wait within a set's member. */
export function sealedValues(item: Key & Readonly<Record<string, unknown>>): {
  readonly values: readonly SealedValue[];
  readonly waiting: readonly SealedValue[];
} {
  const values: SealedValue[] = [];
  const waiting: SealedValue[] = [];
  const look = (value: unknown, path: readonly (string | number)[], found: SealedValue[]): void => {
    if (typeof value === 'string') {
      const sealed = inspectSealed(value, item);
      if (sealed !== undefined) found.push({ path, text: value, ...sealed });
    } else if (value instanceof Set) {
      for (const member of value) look(parsed(member), path, waiting);
    } else if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) look(entry, [...path, index], found);
    } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      for (const [name, entry] of Object.entries(value)) look(entry, [...path, name], found);
    }
  };
  look(item, [], values);
  return { values, waiting };
}

/** Members of sets are texts; those of the Kit's changes are JSON. */
function parsed(member: unknown): unknown {
  try {
    return JSON.parse(String(member));
  } catch {
    return undefined;
  }
}
