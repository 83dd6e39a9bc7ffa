import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Attributes, type Path, valueAt } from './paths.ts';
import { Tokens } from './tokens.ts';

/** What placeholders stand for. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** A condition, read once and evaluated often. */
export type Condition = (item: Attributes | undefined, given: Placeholders) => boolean;

/** Reads a condition of the portable subset (see tests/instances/expression-grammar.ts). @throws ValidationException */
export function readCondition(text: string): Condition {
  const tokens = new Tokens(text);
  const condition = either(tokens);
  tokens.end();
  return condition;
}

function either(tokens: Tokens): Condition {
  const parts = [both(tokens)];
  while (tokens.takes('OR')) parts.push(both(tokens));
  return (item, given) => parts.some((part) => part(item, given));
}

function both(tokens: Tokens): Condition {
  const parts = [not(tokens)];
  while (tokens.takes('AND')) parts.push(not(tokens));
  return (item, given) => parts.every((part) => part(item, given));
}

function not(tokens: Tokens): Condition {
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

function call(tokens: Tokens): Condition {
  const name = tokens.take('attribute_exists', 'attribute_not_exists', 'begins_with', 'contains');
  tokens.take('(');
  const path = tokens.path();
  const operand = tokens.takes(',') ? tokens.value() : '';
  tokens.take(')');
  return (item, given) => {
    const there = valueAt(item, named(path, given));
    if (name === 'attribute_exists') return there !== undefined;
    if (name === 'attribute_not_exists') return there === undefined;
    const wanted = given.values[operand];
    if (name === 'contains') return holds(there, wanted);
    return there?.S !== undefined && wanted?.S !== undefined && there.S.startsWith(wanted.S);
  };
}

function comparison(tokens: Tokens): Condition {
  const path = tokens.path();
  const operator = tokens.take('=', '<>', '<', '<=', '>', '>=');
  const operand = tokens.value();
  return (item, given) => {
    const [left, right] = [valueAt(item, named(path, given)), given.values[operand]];
    if (operator === '=') return isSame(left, right);
    if (operator === '<>') return !isSame(left, right);
    const order = compared(left, right);
    if (order === undefined) return false;
    return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator] ?? false;
  };
}

/** The path with its placeholders replaced. */
export function named(path: Path, { names }: Placeholders): Path {
  return path.map((step) => (typeof step === 'number' ? step : (names[step] ?? step)));
}

/** Equality of values: sets have no order, and a number is its value. */
export function isSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.N !== undefined || b.N !== undefined)
    return a.N !== undefined && b.N !== undefined && Number(a.N) === Number(b.N);
  if (a.SS !== undefined) return b.SS !== undefined && [...a.SS].sort().join('\0') === [...b.SS].sort().join('\0');
  if (a.L !== undefined) return b.L?.length === a.L.length && a.L.every((member, at) => isSame(member, b.L?.[at]));
  if (a.M === undefined) return a.S === b.S && a.BOOL === b.BOOL && a.NULL === b.NULL && b.M === undefined;
  const [left, right] = [a.M, b.M ?? {}];
  const names = Object.keys(left);
  return (
    b.M !== undefined &&
    names.length === Object.keys(right).length &&
    names.every((name) => isSame(left[name], right[name]))
  );
}

/** Undefined where values have no order: one is missing, the types differ, or they are neither numbers nor texts. */
export function compared(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  return undefined;
}

function holds(there: AttributeValue | undefined, wanted: AttributeValue | undefined): boolean {
  if (wanted === undefined) return false;
  if (there?.L !== undefined) return there.L.some((member) => isSame(member, wanted));
  if (wanted.S === undefined) return false;
  return there?.S?.includes(wanted.S) ?? there?.SS?.includes(wanted.S) ?? false;
}
