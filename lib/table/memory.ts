/**
 * DynamoDB as far as KooGate uses it, in memory and without a wait: one table, conditional writes on single items, reads,
 * queries of the table and of its index. Expressions are evaluated as DynamoDB documents them, for the portable subset that
 * the store keeps to; whatever lies outside it is refused, so that no request is misread. A property test compares every
 * answer with a real engine's: tests/table/memory.ci.test.ts.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { compared } from './expressions/condition.ts';
import type { Attributes } from './expressions/paths.ts';
import { INDEXES } from './request/indexes.ts';
import { type Command, type Input, type Operation, oneOf, readCommand } from './request/read-command.ts';
import { type Filter, readScan } from './request/read-filter.ts';
import { readQuery } from './request/read-query.ts';
import { isWrite, type KeyTexts, keyTexts, readWrite, type WriteOperation } from './request/read-write.ts';
import type { Table } from './table.ts';

/** A write that took place. */
export interface Change {
  readonly key: string;
  readonly before: Attributes | undefined;
  readonly after: Attributes | undefined;
}

export type Send = DynamoDBClient['send'];

/**
 * The items by key, and what sends requests to them: each at once, whole, one after the other.
 *
 * @example
 * const table: Table = { client: new MemoryEngine(), name: 'memory' };
 */
export class MemoryEngine implements Pick<Table['client'], 'send'> {
  readonly items = new Map<string, Attributes>();
  /** Called after each write that took place. */
  onWrite: (change: Change) => void = () => {};

  /** Takes a command as the client's `send` does; answers are copies. */
  readonly send = (async (command: Command, options?: { readonly abortSignal?: AbortSignal }) => {
    options?.abortSignal?.throwIfAborted();
    const { operation, input } = readCommand(command);
    const answer = isWrite(operation) ? this.change(operation, input) : this.reads[operation](input);
    return structuredClone(answer);
  }) as unknown as Send;

  private readonly reads: Readonly<Record<Exclude<Operation, WriteOperation>, (input: Input) => object>> = {
    GetItem: (input) => {
      const Item = this.items.get(keyOf(input.Key));
      return Item === undefined ? {} : { Item };
    },
    BatchGetItem: ({ RequestItems = {} }) => {
      const read = Object.entries(RequestItems).map(([table, { Keys = [], ConsistentRead: _, ...others }]) => {
        for (const member of Object.keys(others)) oneOf(member);
        return [table, Keys.map((key) => this.items.get(keyOf(key))).filter((item) => item !== undefined)];
      });
      return { Responses: Object.fromEntries(read) };
    },
    Query: (input) => this.query(input),
    Scan: (input) => page([...this.items.values()].sort(byKey), { order: byKey, ...readScan(input) }, input),
  };

  private change(operation: WriteOperation, input: Input): object {
    const write = readWrite(operation, input);
    const key = keyText(write.key);
    const before = this.items.get(key);
    if (!write.holds(before)) throw write.refusal(structuredClone(before));
    const after = write.change(before);
    this.write(key, operation === 'PutItem' ? structuredClone(after) : after);
    return write.answer(after);
  }

  private write(key: string, after: Attributes | undefined): void {
    const before = this.items.get(key);
    if (after === undefined) this.items.delete(key);
    else this.items.set(key, after);
    this.onWrite({ key, before, after });
  }

  /** The items of one partition of the table, or of an index, by their sort key. */
  private query(input: Input): object {
    const { keys, isOfIndex, condition, given, keeps } = readQuery(input);
    const order = isOfIndex ? byIndex(keys[1]) : byKey;
    const found = [...this.items.values()].filter(
      (item) => (!isOfIndex || isIndexed(item, keys)) && condition.holds(item, given),
    );
    const projected = isOfIndex ? found.map((item) => picked(item, ['pk', 'sk', ...keys])) : found;
    return page(projected.sort(order), { order, keeps }, input);
  }
}

function isIndexed(item: Attributes, names: readonly string[]): boolean {
  return names.every((name) => item[name] !== undefined);
}

function picked(item: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

type Order = (a: Attributes, b: Attributes) => number;

interface Reading extends Pick<Filter, 'keeps'> {
  readonly order: Order;
}

function page(items: readonly Attributes[], { order, keeps }: Reading, input: Input): object {
  const { Limit, ExclusiveStartKey: from } = input;
  const rest = from === undefined ? items : items.filter((item) => order(item, from) > 0);
  if (Limit === undefined || rest.length <= Limit) return { Items: rest.filter(keeps) };
  const read = rest.slice(0, Limit);
  const last = read.at(-1);
  const Items = read.filter(keeps);
  return last === undefined ? { Items } : { Items, LastEvaluatedKey: picked(last, ['pk', 'sk', ...INDEX_KEYS]) };
}

const INDEX_KEYS = Object.values(INDEXES).flat();

function keyOf(key: Attributes | undefined): string {
  return keyText(keyTexts(key));
}

function keyText({ pk, sk }: KeyTexts): string {
  return `${pk.length} ${pk} ${sk}`; // told apart whatever characters they hold
}

function byKey(a: Attributes, b: Attributes): number {
  return (compared(a.pk, b.pk) ?? 0) || (compared(a.sk, b.sk) ?? 0);
}

function byIndex(sort: string): Order {
  return (a, b) => (compared(a[sort], b[sort]) ?? 0) || byKey(a, b);
}
