import { ValidationException } from './validation.ts';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Significant decimal digits that a double always keeps. */
const EXACT_DIGITS = 15;

/**
 * Reads a number as the table holds it. DynamoDB keeps 38 digits, JavaScript does not; so a number that would change on
 * the way is refused rather than compared wrongly.
 * @throws ValidationException for a text that is not a decimal, an integer beyond 2⁵³ and more than 15 digits of a fraction
 */
export function readNumber(text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new ValidationException(`"${text}" is not a number`);
  if (Number.isInteger(value)) {
    if (Number.isSafeInteger(value) && isWhole(text)) return value;
    throw new ValidationException(`${text} is beyond the integers that are kept exactly`);
  }
  const digits = text
    .replace(/[eE].*/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  if (digits.length > EXACT_DIGITS) throw new ValidationException(`${text} has more digits than are kept exactly`);
  return value;
}

/**
 * Adds two numbers of the table, which counters alone need.
 * @throws ValidationException unless both and their sum are integers that are kept exactly
 */
export function addNumbers(a: string, b: string): string {
  const [left, right] = [readNumber(a), readNumber(b)];
  const sum = left + right;
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right) && Number.isSafeInteger(sum)) return String(sum);
  throw new ValidationException(`${a} and ${b} cannot be added exactly`);
}

/** A fraction may round to an integer and has lost digits then; integers are written without an exponent. */
function isWhole(text: string): boolean {
  return /^[+-]?\d+(?:\.0*)?$/.test(text);
}
