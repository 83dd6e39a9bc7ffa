import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { readNumber } from './numbers.ts';
import { type Attributes, valueAt } from './paths.ts';
import { named, type Placeholders, valueBehind } from './placeholders.ts';
import { Tokens } from './tokens.ts';
import { ValidationException } from './validation.ts';

/** A condition, read once and evaluated often. */
export interface Condition {
  /** Placeholders that the condition has. */
  readonly used: ReadonlySet<string>;
  /** Evaluates the condition. @throws ValidationException if it cannot be evaluated, which is never "false" */
  holds(item: Attributes | undefined, given: Placeholders): boolean;
}

type Part = Condition['holds'];

/** Reads a condition of the portable subset (see tests/instances/expression-grammar.ts). @throws ValidationException */
export function readCondition(text: string): Condition {
  const tokens = new Tokens(text);
  const holds = either(tokens);
  tokens.end();
  return { used: tokens.used, holds };
}

// All parts are evaluated, whatever the first ones give: an operand that cannot be compared is found in any case.
function either(tokens: Tokens): Part {
  const parts = [both(tokens)];
  while (tokens.takes('OR')) parts.push(both(tokens));
  return (item, given) => parts.map((part) => part(item, given)).some((held) => held);
}

function both(tokens: Tokens): Part {
  const parts = [not(tokens)];
  while (tokens.takes('AND')) parts.push(not(tokens));
  return (item, given) => parts.map((part) => part(item, given)).every((held) => held);
}

function not(tokens: Tokens): Part {
  if (tokens.takes('NOT')) {
    const inner = not(tokens);
    return (item, given) => !inner(item, given);
  }
  if (tokens.takes('(')) {
    const inner = either(tokens);
    tokens.take(')');
    return inner;
  }
  return tokens.next.startsWith('#') ? comparison(tokens) : call(tokens);
}

function call(tokens: Tokens): Part {
  const name = tokens.take('attribute_exists', 'attribute_not_exists', 'begins_with', 'contains');
  tokens.take('(');
  const path = tokens.path();
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    tokens.take(')');
    return (item, given) => (valueAt(item, named(path, given)) !== undefined) === (name === 'attribute_exists');
  }
  tokens.take(',');
  const operand = tokens.value();
  tokens.take(')');
  return (item, given) => {
    const there = valueAt(item, named(path, given));
    const wanted = valueBehind(operand, given);
    if (name === 'contains') return holds(there, wanted);
    if (wanted.S === undefined) throw new ValidationException('begins_with takes a text');
    return there?.S?.startsWith(wanted.S) === true;
  };
}

function comparison(tokens: Tokens): Part {
  const path = tokens.path();
  const operator = tokens.take('=', '<>', '<', '<=', '>', '>=');
  const operand = tokens.value();
  return (item, given) => {
    const [left, right] = [valueAt(item, named(path, given)), valueBehind(operand, given)];
    if (operator === '=') return isSame(left, right);
    if (operator === '<>') return !isSame(left, right);
    if (right.N === undefined && right.S === undefined) {
      throw new ValidationException(`${operator} takes a number or a text`);
    }
    const order = compared(left, right);
    if (order === undefined) return false;
    return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator] ?? false;
  };
}

/** Compares two values for equality: sets have no order, and a number is its value. */
export function isSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.N !== undefined || b.N !== undefined)
    return a.N !== undefined && b.N !== undefined && readNumber(a.N) === readNumber(b.N);
  if (a.SS !== undefined) return b.SS !== undefined && [...a.SS].sort().join('\0') === [...b.SS].sort().join('\0');
  if (a.L !== undefined) return b.L?.length === a.L.length && a.L.every((member, at) => isSame(member, b.L?.[at]));
  if (a.M === undefined) return a.S === b.S && a.BOOL === b.BOOL && a.NULL === b.NULL && !isComposite(b);
  const [left, right] = [a.M, b.M ?? {}];
  const names = Object.keys(left);
  return (
    b.M !== undefined &&
    names.length === Object.keys(right).length &&
    names.every((name) => isSame(left[name], right[name]))
  );
}

function isComposite({ M, L, SS }: AttributeValue): boolean {
  return M !== undefined || L !== undefined || SS !== undefined;
}

/** Orders two values; undefined where they have no order: one is missing, or they are not two numbers or two texts. */
export function compared(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return readNumber(a.N) - readNumber(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  return undefined;
}

function holds(there: AttributeValue | undefined, wanted: AttributeValue): boolean {
  if (there?.L !== undefined) return there.L.some((member) => isSame(member, wanted));
  if (wanted.S === undefined) return false;
  return there?.S?.includes(wanted.S) ?? there?.SS?.includes(wanted.S) ?? false;
}
