import { type Condition, readCondition } from '../expressions/condition.ts';
import { checkValue } from '../expressions/item.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import { readUpdate, type Update } from '../expressions/update.ts';
import { ValidationException } from '../expressions/validation.ts';
import type { Input } from './read-command.ts';

/** Names and values that a request gives for its placeholders, each value checked. @throws ValidationException */
export function placeholders(input: Input): Placeholders {
  const values = input.ExpressionAttributeValues ?? {};
  for (const value of Object.values(values)) checkValue(value);
  return { names: input.ExpressionAttributeNames ?? {}, values };
}

/** Refuses a placeholder that no expression has: it is likely to be a misspelt one. @throws ValidationException */
export function refuseUnused({ names, values }: Placeholders, used: ReadonlySet<string>): void {
  const unused = [...Object.keys(names), ...Object.keys(values)].find((placeholder) => !used.has(placeholder));
  if (unused !== undefined) throw new ValidationException(`${unused} is given and not used`);
}

const conditions = new Map<string, Condition>();
const updates = new Map<string, Update>();

/** Reads a condition, each text once. @throws ValidationException */
export function conditionOf(text: string): Condition {
  return cached(conditions, text, readCondition);
}

/** Reads an update, each text once. @throws ValidationException */
export function updateOf(text: string): Update {
  return cached(updates, text, readUpdate);
}

function cached<Read>(known: Map<string, Read>, text: string, read: (text: string) => Read): Read {
  const found = known.get(text) ?? read(text);
  known.set(text, found);
  return found;
}
