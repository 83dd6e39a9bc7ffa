import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ValidationException } from './validation.ts';

/** An item, or a map inside one. */
export type Attributes = Record<string, AttributeValue>;

/** A document path: names of members and positions in lists. */
export type Path = readonly (string | number)[];

/** Reads the value at a path; undefined if there is none. */
export function valueAt(item: Attributes | undefined, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = item && { M: item };
  for (const step of path) {
    value = typeof step === 'number' ? value?.L?.[step] : own(value?.M, step);
    if (value === undefined) return undefined;
  }
  return value;
}

/** Sets the value at a path of an item, in place. @throws ValidationException if the path leads through nothing */
export function put(item: Attributes, path: Path, value: AttributeValue): void {
  const last = path.at(-1);
  const parent = valueAt(item, path.slice(0, -1));
  if (typeof last === 'string' && parent?.M !== undefined) parent.M[last] = value;
  else if (typeof last === 'number' && parent?.L !== undefined) parent.L[Math.min(last, parent.L.length)] = value;
  else throw invalidPath();
}

/** Removes the value at a path of an item, in place. @throws ValidationException if the path leads through nothing */
export function remove(item: Attributes, path: Path): void {
  const last = path.at(-1);
  const parent = valueAt(item, path.slice(0, -1));
  if (typeof last === 'string' && parent?.M !== undefined) delete parent.M[last];
  else if (typeof last === 'number' && parent?.L !== undefined) parent.L.splice(last, 1);
  else throw invalidPath();
}

function own(map: Attributes | undefined, name: string): AttributeValue | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}

function invalidPath(): ValidationException {
  return new ValidationException('The document path provided in the update expression is invalid for update');
}
