import type { Attributes } from '../expressions/paths.ts';
import { ValidationException } from '../expressions/validation.ts';

/**
 * Keys of the table's indexes, which keep nothing but keys: partition first. `due` finds what waits, by numbers; `order`
 * finds instances by the order and the order line that bought them, by texts.
 */
export const INDEXES: Readonly<Record<string, readonly [string, string]>> = {
  due: ['dueShard', 'dueAt'],
  order: ['orderKey', 'lineKey'],
};

/** Indexes whose keys are numbers; those of the others are texts. */
const OF_NUMBERS: ReadonlySet<string> = new Set(['due']);

/** Finds an index by its name. @throws ValidationException if there is none, or it was to be read consistently */
export function indexNamed(name: string, isConsistent: boolean): readonly [string, string] {
  const index = INDEXES[name];
  if (index !== undefined && !isConsistent) return index;
  throw new ValidationException(`The index ${name} is not there, or was to be read consistently`);
}

/** Refuses an item whose key of an index is of the wrong type, or an empty text. @throws ValidationException */
export function checkIndexed(item: Attributes): void {
  for (const [index, names] of Object.entries(INDEXES)) {
    const [isRight, type] = OF_NUMBERS.has(index) ? ([isNumber, 'a number'] as const) : ([isText, 'a text'] as const);
    const wrong = names.find((name) => item[name] !== undefined && !isRight(item[name]));
    if (wrong !== undefined) throw new ValidationException(`${wrong} is a key of an index and must be ${type}`);
  }
}

function isNumber(value: Attributes[string]): boolean {
  return value?.N !== undefined;
}

function isText(value: Attributes[string]): boolean {
  return value?.S !== undefined && value.S !== '';
}
