/**
 * DynamoDB as far as KooGate uses it, in memory and without a wait: one table, conditional writes on single items, reads,
 * queries of the table and of its index. Expressions are evaluated as DynamoDB documents them, for the portable subset that
 * the store keeps to; whatever lies outside it is refused, so that no request is misread. A property test compares every
 * answer with a real engine's: tests/table/memory.ci.test.ts.
 */
import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Condition, compared, readCondition } from './expressions/condition.ts';
import { checkItem, checkValue, readKey } from './expressions/item.ts';
import type { Attributes } from './expressions/paths.ts';
import type { Placeholders } from './expressions/placeholders.ts';
import { readUpdate, type Update } from './expressions/update.ts';
import { ValidationException } from './expressions/validation.ts';
import type { Table } from './table.ts';

/** The members of requests that KooGate sends; any other is refused. */
interface Input {
  readonly TableName?: string;
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys?: readonly Attributes[]; readonly ConsistentRead?: boolean }>
  >;
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Attributes;
}

/** A write that took place. */
export interface Change {
  readonly key: string;
  readonly before: Attributes | undefined;
  readonly after: Attributes | undefined;
}

export type Send = DynamoDBClient['send'];

const EXPRESSION = ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const;
const CONDITION = ['ConditionExpression', 'ReturnValuesOnConditionCheckFailure', ...EXPRESSION] as const;
const PAGE = ['Limit', 'ExclusiveStartKey'] as const;

const MEMBERS: Readonly<Record<string, readonly (keyof Input)[]>> = {
  PutItemCommand: ['TableName', 'Item', ...CONDITION],
  UpdateItemCommand: ['TableName', 'Key', 'UpdateExpression', 'ReturnValues', ...CONDITION],
  DeleteItemCommand: ['TableName', 'Key', ...CONDITION],
  GetItemCommand: ['TableName', 'Key', 'ConsistentRead'],
  BatchGetItemCommand: ['RequestItems'],
  QueryCommand: ['TableName', 'IndexName', 'KeyConditionExpression', 'ConsistentRead', ...EXPRESSION, ...PAGE],
  ScanCommand: ['TableName', 'ConsistentRead', ...PAGE],
};

/** Keys of the table's index, which keeps nothing but keys: partition first, a number both. */
const INDEXES: Readonly<Record<string, readonly [string, string]>> = { due: ['dueShard', 'dueAt'] };

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
    const { name } = command.constructor;
    const [handle, members] = [this.handlers[name], MEMBERS[name]];
    if (handle === undefined || members === undefined) {
      throw new ValidationException(`The table in memory has no ${name}`);
    }
    const given = Object.entries(command.input).filter(([, value]) => value !== undefined);
    const foreign = given.find(([member]) => !(members as readonly string[]).includes(member));
    if (foreign !== undefined) throw new ValidationException(`${name} with ${foreign[0]} is not in the subset`);
    return structuredClone(handle(command.input));
  }) as unknown as Send;

  private readonly handlers: Readonly<Record<string, (input: Input) => object>> = {
    PutItemCommand: (input) => {
      const key = keyOf(input.Item);
      const after = structuredClone(input.Item) ?? {};
      checkNew(after);
      this.check(input, this.items.get(key));
      this.write(key, after);
      return {};
    },
    UpdateItemCommand: (input) => {
      const key = keyOf(input.Key);
      const before = this.items.get(key);
      const { ReturnValues = 'NONE' } = input;
      oneOf(ReturnValues, 'NONE', 'ALL_NEW');
      const update = cached(updates, input.UpdateExpression ?? '', readUpdate);
      update.check(placeholders(input));
      this.check(input, before, update.used);
      const after = update.apply(before ?? structuredClone(input.Key) ?? {}, placeholders(input));
      if (keyOf(after) !== key) throw new ValidationException('An update must not change the key');
      checkNew(after);
      this.write(key, after);
      return ReturnValues === 'ALL_NEW' ? { Attributes: after } : {};
    },
    DeleteItemCommand: (input) => {
      const key = keyOf(input.Key);
      this.check(input, this.items.get(key));
      this.write(key, undefined);
      return {};
    },
    GetItemCommand: (input) => {
      const Item = this.items.get(keyOf(input.Key));
      return Item === undefined ? {} : { Item };
    },
    BatchGetItemCommand: ({ RequestItems = {} }) => {
      const read = Object.entries(RequestItems).map(([table, { Keys = [], ConsistentRead: _, ...others }]) => {
        for (const member of Object.keys(others)) oneOf(member);
        return [table, Keys.map((key) => this.items.get(keyOf(key))).filter((item) => item !== undefined)];
      });
      return { Responses: Object.fromEntries(read) };
    },
    QueryCommand: (input) => this.query(input),
    ScanCommand: (input) => page([...this.items.values()].sort(byKey), byKey, input),
  };

  private check(input: Input, item: Attributes | undefined, inUpdate: ReadonlySet<string> = new Set()): void {
    const given = placeholders(input);
    const condition =
      input.ConditionExpression === undefined
        ? undefined
        : cached(conditions, input.ConditionExpression, readCondition);
    refuseUnused(given, new Set([...inUpdate, ...(condition?.used ?? [])]));
    const { ReturnValuesOnConditionCheckFailure: image = 'NONE' } = input;
    oneOf(image, 'NONE', 'ALL_OLD');
    if (condition === undefined || condition.holds(item, given)) return;
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      ...(item === undefined || image === 'NONE' ? {} : { Item: structuredClone(item) }),
    });
  }

  private write(key: string, after: Attributes | undefined): void {
    const before = this.items.get(key);
    if (after === undefined) this.items.delete(key);
    else this.items.set(key, after);
    this.onWrite({ key, before, after });
  }

  /** The items of one partition of the table, or of an index, by their sort key. */
  private query(input: Input): object {
    const { IndexName, KeyConditionExpression = '', ConsistentRead = false } = input;
    const given = placeholders(input);
    const condition = cached(conditions, KeyConditionExpression, readCondition);
    refuseUnused(given, condition.used);
    const index = IndexName === undefined ? undefined : INDEXES[IndexName];
    if (IndexName !== undefined && (index === undefined || ConsistentRead)) {
      throw new ValidationException(`The index ${IndexName} is not there, or was to be read consistently`);
    }
    const [partition, sort] = index ?? ['pk', 'sk'];
    checkKeyCondition(KeyConditionExpression, given, partition, sort);
    const order = index === undefined ? byKey : byIndex(sort);
    const found = [...this.items.values()].filter(
      (item) => (index === undefined || isIndexed(item, index)) && condition.holds(item, given),
    );
    const projected = index === undefined ? found : found.map((item) => picked(item, ['pk', 'sk', partition, sort]));
    return page(projected.sort(order), order, input);
  }
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Input;
}

const conditions = new Map<string, Condition>();
const updates = new Map<string, Update>();

function cached<Read>(known: Map<string, Read>, text: string, read: (text: string) => Read): Read {
  const found = known.get(text) ?? read(text);
  known.set(text, found);
  return found;
}

function placeholders(input: Input): Placeholders {
  const values = input.ExpressionAttributeValues ?? {};
  for (const value of Object.values(values)) checkValue(value);
  return { names: input.ExpressionAttributeNames ?? {}, values };
}

/** @throws ValidationException for any other value of an option */
function oneOf(value: string, ...allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new ValidationException(`The option ${value} is not in the subset`);
}

/** DynamoDB takes no placeholder that no expression has: it is likely to be a misspelt one. */
function refuseUnused({ names, values }: Placeholders, used: ReadonlySet<string>): void {
  const unused = [...Object.keys(names), ...Object.keys(values)].find((placeholder) => !used.has(placeholder));
  if (unused !== undefined) throw new ValidationException(`${unused} is given and not used`);
}

/** A key condition is one partition, and perhaps one stretch of its sort key; anything else would be a filter. */
function checkKeyCondition(text: string, { names }: Placeholders, partition: string, sort: string): void {
  const form = /^(#\w+) = :\w+(?: AND (?:(#\w+) (?:=|<|<=|>|>=) :\w+|begins_with\((#\w+), :\w+\)))?$/.exec(text);
  const [, first = '', compare, prefix] = form ?? [];
  const second = compare ?? prefix;
  if (form === null || names[first] !== partition || (second !== undefined && names[second] !== sort)) {
    throw new ValidationException(`"${text}" is not a key condition of the subset`);
  }
}

function checkNew(item: Attributes): void {
  checkItem(item);
  for (const names of Object.values(INDEXES)) {
    const wrong = names.find((name) => item[name] !== undefined && item[name].N === undefined);
    if (wrong !== undefined) throw new ValidationException(`${wrong} is a key of an index and must be a number`);
  }
}

function isIndexed(item: Attributes, names: readonly string[]): boolean {
  return names.every((name) => item[name] !== undefined);
}

function picked(item: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

type Order = (a: Attributes, b: Attributes) => number;

function page(items: readonly Attributes[], order: Order, { Limit, ExclusiveStartKey: from }: Input): object {
  const rest = from === undefined ? items : items.filter((item) => order(item, from) > 0);
  if (Limit === undefined || rest.length <= Limit) return { Items: rest };
  const Items = rest.slice(0, Limit);
  const last = Items.at(-1);
  return last === undefined ? { Items } : { Items, LastEvaluatedKey: picked(last, ['pk', 'sk', ...INDEX_KEYS]) };
}

const INDEX_KEYS = Object.values(INDEXES).flat();

function keyOf(key: Attributes | undefined): string {
  const pk = readKey(key, 'pk');
  return `${pk.length} ${pk} ${readKey(key, 'sk')}`; // told apart whatever characters they hold
}

function byKey(a: Attributes, b: Attributes): number {
  return (compared(a.pk, b.pk) ?? 0) || (compared(a.sk, b.sk) ?? 0);
}

function byIndex(sort: string): Order {
  return (a, b) => (compared(a[sort], b[sort]) ?? 0) || byKey(a, b);
}
