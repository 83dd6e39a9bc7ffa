import { MemoryEngine } from '../../../../lib/table/memory.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { Broken, shown } from './bench.ts';

/** An answer, or the error that came instead. */
type Answer = { readonly value: Readonly<Record<string, unknown>> } | { readonly error: Error & { Item?: unknown } };

/**
 * A table that sends every request to the engine and to the model in memory, and throws `Broken` at the first answer that
 * differs. The index is asked of the model alone: an engine's index may lag.
 */
export function twin(table: Table): Table {
  const model = new MemoryEngine();
  const ask = (send: Table['client']['send'], args: readonly unknown[]): Promise<Answer> =>
    (Reflect.apply(send, table.client, args) as Promise<object>).then(
      (value) => ({ value: value as Readonly<Record<string, unknown>> }),
      (error: Error) => ({ error }),
    );
  const send = async (...args: readonly unknown[]) => {
    const command = args[0] as { constructor: { name: string }; input: { IndexName?: string } };
    const { input } = command;
    const expected = await ask(model.send, args);
    const found = input.IndexName === undefined ? await ask(table.client.send, args) : expected;
    const request = `${command.constructor.name.replace('Command', '')} ${shown(summary(input))}`;
    const different = firstDifference(comparable(found, expected), comparable(expected, expected));
    if (different !== undefined) {
      const [path, one, other] = different;
      throw new Broken(`${request}${path}`, shown(other), shown(one));
    }
    if ('error' in found) throw found.error;
    return found.value;
  };
  return { name: table.name, client: { send: send as Table['client']['send'] } };
}

/** The expressions of a request, without its values. */
function summary(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name.endsWith('Expression')));
}

/** Part of an answer that both must agree on. An engine may keep the old image back with a failed condition: it is read then. */
function comparable(answer: Answer, expected: Answer): unknown {
  if ('error' in answer) {
    const { name, Item } = answer.error;
    return plain({ error: name, item: Item ?? ('error' in expected ? expected.error.Item : undefined) });
  }
  const { Attributes, Item, Items, Responses } = answer.value;
  return plain({
    Attributes,
    Item,
    Items,
    Responses: Responses && Object.values(Responses).flat().map(shownWhole).sort(),
  });
}

function shownWhole(item: unknown): string {
  return JSON.stringify(plain(item));
}

/** A value in one form: members by their names, sets in order, numbers without regard to how they are written. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => {
      if (name === 'SS' && Array.isArray(member)) return [name, [...member].sort()];
      return [name, name === 'N' && typeof member === 'string' ? String(Number(member)) : plain(member)];
    });
  return Object.fromEntries(members);
}

/** Path to the first member in which two values differ, and both members. */
function firstDifference(a: unknown, b: unknown, path = ''): readonly [string, unknown, unknown] | undefined {
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return [path, a, b];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const name of names) {
    const found = firstDifference(Object(a)[name], Object(b)[name], `${path} ${name}`);
    if (found !== undefined) return found;
  }
  return [path, a, b];
}
