import type { Bytes } from '../../marketplace/protocol/mac.ts';

/** One deviation from the documented way, by name; the name finds its sentence in the messages. */
export interface Cause {
  readonly id: string;
  /** Detail that the sentence is about; never a key, a signature or a signed text. */
  readonly about?: string;
}

/**
 * Finding of the doctor.
 * `right`: the signature holds; `notes` say what else could make a server refuse the call.
 * `explained`: exactly these single deviations, each for itself, give the signature that was seen.
 * `unknown`: none does. There may be two at once, or another key.
 */
export type Diagnosis =
  | { readonly kind: 'right'; readonly notes: readonly Cause[] }
  | { readonly kind: 'explained'; readonly causes: readonly Cause[] }
  | { readonly kind: 'unknown'; readonly notes: readonly Cause[] };

/** A value in place of the right one, and what it would mean. */
export interface Variant<Value = Buffer> extends Cause {
  readonly value: Value;
}

/** The keys a product has, by class, each newest first. */
export type KeyRing = Readonly<Record<string, readonly string[]>>;

export const bytes = (value: Bytes): Buffer =>
  typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);

/** Causes without repeats, in the order found. */
export function distinct(causes: readonly Cause[]): Cause[] {
  const seen = new Map<string, Cause>();
  for (const { id, about } of causes) {
    const name = `${id} ${about ?? ''}`;
    if (!seen.has(name)) seen.set(name, about === undefined ? { id } : { id, about });
  }
  return [...seen.values()];
}

/** An explanation if any single deviation fits, unknown otherwise. */
export function concluded(causes: readonly Cause[], notes: readonly Cause[] = []): Diagnosis {
  return causes.length > 0 ? { kind: 'explained', causes: distinct(causes) } : { kind: 'unknown', notes };
}

/** Variants that differ from the right value and from each other; of equal ones the first keeps its name. */
export function differing(variants: readonly Variant[], right: Buffer): Variant[] {
  const seen = new Set([right.toString('hex')]);
  return variants.filter(({ value }) => {
    const print = value.toString('hex');
    return !seen.has(print) && seen.add(print);
  });
}
