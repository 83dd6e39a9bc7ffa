import type { Attributes } from '../expressions/paths.ts';
import { ValidationException } from '../expressions/validation.ts';

/** Keys of the table's index, which keeps nothing but keys: partition first, a number both. */
export const INDEXES: Readonly<Record<string, readonly [string, string]>> = { due: ['dueShard', 'dueAt'] };

/** Finds an index by its name. @throws ValidationException if there is none, or it was to be read consistently */
export function indexNamed(name: string, isConsistent: boolean): readonly [string, string] {
  const index = INDEXES[name];
  if (index !== undefined && !isConsistent) return index;
  throw new ValidationException(`The index ${name} is not there, or was to be read consistently`);
}

/** Refuses an item whose key of an index is not a number. @throws ValidationException */
export function checkIndexed(item: Attributes): void {
  for (const names of Object.values(INDEXES)) {
    const wrong = names.find((name) => item[name] !== undefined && item[name].N === undefined);
    if (wrong !== undefined) throw new ValidationException(`${wrong} is a key of an index and must be a number`);
  }
}
