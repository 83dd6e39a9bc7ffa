import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Path } from './paths.ts';
import { ValidationException } from './validation.ts';

/** The names and values that stand behind an expression's placeholders. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** Replaces the placeholders of a path. @throws ValidationException if a name is not given */
export function named(path: Path, { names }: Placeholders): Path {
  return path.map((step) => {
    if (typeof step === 'number') return step;
    if (!Object.hasOwn(names, step)) throw new ValidationException(`The name ${step} is not given`);
    return names[step] ?? '';
  });
}

/** The value behind a placeholder. @throws ValidationException if it is not given */
export function valueBehind(placeholder: string, { values }: Placeholders): AttributeValue {
  const value = Object.hasOwn(values, placeholder) ? values[placeholder] : undefined;
  if (value === undefined) throw new ValidationException(`The value ${placeholder} is not given`);
  return value;
}
