import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { readNumber } from './numbers.ts';
import type { Attributes } from './paths.ts';
import { ValidationException } from './validation.ts';

/** Bytes that an item has at most, names included. */
export const MAX_ITEM_BYTES = 400 * 1024;
/** Bytes that a partition key has at most. */
export const MAX_PARTITION_KEY_BYTES = 2_048;
/** Bytes that a sort key has at most. */
export const MAX_SORT_KEY_BYTES = 1_024;

/**
 * Checks an item before it is written: types that the portable subset knows, numbers that are kept exactly, no empty set,
 * and a size that the table takes.
 * @throws ValidationException
 */
export function checkItem(item: Attributes): void {
  const bytes = Object.entries(item).reduce((sum, [name, value]) => sum + byteLength(name) + sizeOf(value), 0);
  if (bytes > MAX_ITEM_BYTES) throw new ValidationException(`An item of ${bytes} bytes exceeds ${MAX_ITEM_BYTES}`);
}

/** Checks a value of a request as `checkItem` does. @throws ValidationException */
export function checkValue(value: AttributeValue): void {
  sizeOf(value);
}

/** The text of a key attribute. @throws ValidationException if it is missing, not a text, empty or too long */
export function readKey(key: Attributes | undefined, name: 'pk' | 'sk'): string {
  const text = key?.[name]?.S;
  const most = name === 'pk' ? MAX_PARTITION_KEY_BYTES : MAX_SORT_KEY_BYTES;
  if (text === undefined || text === '') throw new ValidationException(`The key ${name} is missing`);
  if (byteLength(text) > most) throw new ValidationException(`The key ${name} is longer than ${most} bytes`);
  return text;
}

/** Bytes of a value as DynamoDB counts them: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOf(value: AttributeValue): number {
  const [type, another] = Object.entries(value).filter(([, held]) => held !== undefined);
  if (type === undefined || another !== undefined) throw new ValidationException('A value must have exactly one type');
  if (value.S !== undefined) return byteLength(value.S);
  if (value.N !== undefined) {
    readNumber(value.N);
    return Math.ceil(value.N.replace(/\D/g, '').length / 2) + 1;
  }
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.L !== undefined) return value.L.reduce((sum, member) => sum + 1 + sizeOf(member), 3);
  if (value.M !== undefined) {
    return Object.entries(value.M).reduce((sum, [name, member]) => sum + 1 + byteLength(name) + sizeOf(member), 3);
  }
  if (value.SS === undefined) throw new ValidationException(`The type ${type[0]} is not in the subset`);
  if (value.SS.length === 0) throw new ValidationException('A set must not be empty');
  if (new Set(value.SS).size < value.SS.length) throw new ValidationException('A set has a member twice');
  return value.SS.reduce((sum, member) => sum + byteLength(member), 0);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
