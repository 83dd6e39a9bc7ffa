import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { addNumbers } from './numbers.ts';
import { type Attributes, type Path, put, remove, valueAt } from './paths.ts';
import { named, type Placeholders, valueBehind } from './placeholders.ts';
import { Tokens } from './tokens.ts';
import { ValidationException } from './validation.ts';

/** An update, read once and carried out often. */
export interface Update {
  /** Placeholders that the update has. */
  readonly used: ReadonlySet<string>;
  /** Refuses what is wrong whatever the item, and so comes before the condition. @throws ValidationException */
  check(given: Placeholders): void;
  /** Makes the new item of the old one, which stays as it is. @throws ValidationException */
  apply(before: Attributes, given: Placeholders): Attributes;
}

/** One action: its result comes from the item as it was, and is put into the new item afterwards. */
interface Action {
  readonly path: Path;
  /** Placeholder of the value it takes. */
  readonly operand?: string;
  /** Undefined: take away what stands there. */
  result(before: Attributes, given: Placeholders): AttributeValue | undefined;
  /** A DELETE of nothing does nothing. */
  readonly ifNothing?: 'skip';
}

/** Reads an update of the portable subset. @throws ValidationException */
export function readUpdate(text: string): Update {
  const tokens = new Tokens(text);
  const clauses: Readonly<Record<string, (tokens: Tokens) => Action>> = {
    SET: set,
    REMOVE: take,
    ADD: add,
    DELETE: drop,
  };
  const actions: Action[] = [];
  const left = new Set(Object.keys(clauses));
  while (tokens.next !== '' || actions.length === 0) {
    const clause = tokens.take(...left);
    left.delete(clause); // each clause stands once
    const read = clauses[clause];
    do if (read !== undefined) actions.push(read(tokens));
    while (tokens.takes(','));
  }
  const check: Update['check'] = (given) => {
    for (const { operand } of actions) if (operand !== undefined) valueBehind(operand, given);
    refuseOverlap(actions.map(({ path }) => named(path, given)));
  };
  const apply: Update['apply'] = (before, given) => {
    const paths = actions.map(({ path }) => named(path, given));
    const results = actions.map((action) => action.result(before, given));
    const after: Attributes = structuredClone(before);
    results.forEach((value, index) => {
      const path = paths[index] ?? [];
      if (value !== undefined) put(after, path, structuredClone(value));
    });
    // Positions count in the list as it was: the last ones go first.
    const removed = paths.filter((_, index) => results[index] === undefined && actions[index]?.ifNothing === undefined);
    const emptied = paths.filter(
      (path, index) => results[index] === undefined && actions[index]?.ifNothing && valueAt(after, path) !== undefined,
    );
    for (const path of [...removed, ...emptied].sort((a, b) => Number(b.at(-1)) - Number(a.at(-1)) || 0))
      remove(after, path);
    return after;
  };
  return { used: tokens.used, check, apply };
}

function set(tokens: Tokens): Action {
  const path = tokens.path();
  tokens.take('=');
  if (tokens.next.startsWith(':')) {
    const value = tokens.value();
    return { path, operand: value, result: (_, given) => valueBehind(value, given) };
  }
  if (tokens.next.startsWith('#')) {
    const same = tokens.path();
    tokens.take('+');
    const value = tokens.value();
    return {
      path,
      operand: value,
      result: (before, given) => sum(existing(before, same, given), valueBehind(value, given)),
    };
  }
  const what = tokens.take('list_append', 'if_not_exists');
  tokens.take('(');
  const same = tokens.path();
  tokens.take(',');
  const value = tokens.value();
  tokens.take(')');
  return {
    path,
    operand: value,
    result: (before, given) => {
      const more = valueBehind(value, given);
      if (what === 'if_not_exists') return valueAt(before, named(same, given)) ?? more;
      const list = existing(before, same, given).L;
      if (list === undefined || more.L === undefined) throw new ValidationException('list_append takes two lists');
      return { L: [...list, ...more.L] };
    },
  };
}

function take(tokens: Tokens): Action {
  return { path: tokens.path(), result: () => undefined };
}

function add(tokens: Tokens): Action {
  const path = tokens.path();
  const value = tokens.value();
  return {
    path,
    operand: value,
    result: (before, given) => {
      const [there, more] = [valueAt(before, named(path, given)), valueBehind(value, given)];
      if (there === undefined) return addable(more);
      if (there.SS === undefined || more.SS === undefined) return sum(there, more);
      return { SS: [...new Set([...there.SS, ...more.SS])] };
    },
  };
}

function drop(tokens: Tokens): Action {
  const path = tokens.path();
  const value = tokens.value();
  return {
    path,
    operand: value,
    ifNothing: 'skip',
    result: (before, given) => {
      const [there, less] = [valueAt(before, named(path, given)), valueBehind(value, given)];
      if (there === undefined) return undefined;
      if (there.SS === undefined || less.SS === undefined) throw new ValidationException('DELETE takes two sets');
      const left = there.SS.filter((member) => !less.SS?.includes(member));
      return left.length === 0 ? undefined : { SS: left };
    },
  };
}

function addable(value: AttributeValue): AttributeValue {
  if (value.N !== undefined || value.SS !== undefined) return value;
  throw new ValidationException('ADD takes a number or a set');
}

function existing(before: Attributes, path: Path, given: Placeholders): AttributeValue {
  const value = valueAt(before, named(path, given));
  if (value === undefined) throw new ValidationException('The expression refers to an attribute that does not exist');
  return value;
}

function sum(a: AttributeValue, b: AttributeValue): AttributeValue {
  if (a.N === undefined || b.N === undefined) throw new ValidationException('An operand is not a number');
  return { N: addNumbers(a.N, b.N) };
}

function refuseOverlap(paths: readonly Path[]): void {
  paths.forEach((a, i) => {
    paths.slice(i + 1).forEach((b) => {
      const [short, long] = a.length <= b.length ? [a, b] : [b, a];
      if (short.every((step, at) => step === long[at])) throw new ValidationException('Two document paths overlap');
    });
  });
}
