/**
 * DynamoDB as far as KooGate's store uses it, in memory and without a wait: one table, conditional writes on single
 * items, reads, and the index `due`. Expressions are evaluated as DynamoDB documents them, for the portable subset that
 * the store keeps to. A property test compares every answer with a real engine's: tests/evidence/prove/model-engine.test.ts.
 */
import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Condition, compared, type Placeholders, readCondition } from './condition.ts';
import { type Attributes, ValidationException } from './paths.ts';
import { readUpdate, type Update } from './update.ts';

/** What a request says; the members that KooGate sends. */
interface Input {
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly Attributes[] }>>;
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

/** The items by key, and what sends requests to them: at once, whole, one after the other. */
export class ModelEngine {
  readonly items = new Map<string, Attributes>();
  /** Told of each write that took place. */
  onWrite: (change: Change) => void = () => {};

  /** In the form of the client's `send`; answers are copies. */
  readonly send = (async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
    const handle = this.handlers[command.constructor.name];
    if (handle === undefined) throw new Error(`The model has no ${command.constructor.name}.`);
    return structuredClone(handle(command.input));
  }) as unknown as Send;

  private readonly handlers: Readonly<Record<string, (input: Input) => object>> = {
    PutItemCommand: (input) => {
      this.check(input, this.items.get(keyOf(input.Item)));
      this.write(keyOf(input.Item), structuredClone(input.Item));
      return {};
    },
    UpdateItemCommand: (input) => {
      const before = this.items.get(keyOf(input.Key));
      const update = cached(updates, input.UpdateExpression ?? '', readUpdate);
      update.check(placeholders(input));
      this.check(input, before);
      const after = update.apply(before ?? structuredClone(input.Key) ?? {}, placeholders(input));
      this.write(keyOf(input.Key), after);
      return { Attributes: after };
    },
    DeleteItemCommand: (input) => {
      this.check(input, this.items.get(keyOf(input.Key)));
      this.write(keyOf(input.Key), undefined);
      return {};
    },
    GetItemCommand: (input) => {
      const Item = this.items.get(keyOf(input.Key));
      return Item === undefined ? {} : { Item };
    },
    BatchGetItemCommand: ({ RequestItems = {} }) => ({
      Responses: Object.fromEntries(
        Object.entries(RequestItems).map(([table, { Keys = [] }]) => [
          table,
          Keys.map((key) => this.items.get(keyOf(key))).filter((item) => item !== undefined),
        ]),
      ),
    }),
    QueryCommand: (input) => this.query(input),
  };

  private check(input: Input, item: Attributes | undefined): void {
    if (input.ConditionExpression === undefined) return;
    if (cached(conditions, input.ConditionExpression, readCondition)(item, placeholders(input))) return;
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      ...(item === undefined ? {} : { Item: structuredClone(item) }),
    });
  }

  private write(key: string, after: Attributes | undefined): void {
    const before = this.items.get(key);
    if (after === undefined) this.items.delete(key);
    else this.items.set(key, after);
    this.onWrite({ key, before, after });
  }

  /** `due`: the entries of a shard up to a moment, by time and key. */
  private query({ ExpressionAttributeValues: values = {}, Limit = 1_000, ExclusiveStartKey: from }: Input): object {
    const { ':shard': shard, ':now': now } = values;
    const entries = [...this.items.values()]
      .filter(({ dueShard, dueAt }) => compared(dueShard, shard) === 0 && (compared(dueAt, now) ?? 1) <= 0)
      .sort(byDue)
      .filter((item) => from === undefined || byDue(item, from) > 0)
      .map(({ pk, sk, dueShard, dueAt }) => ({ pk, sk, dueShard, dueAt }));
    const Items = entries.slice(0, Limit);
    return entries.length > Limit ? { Items, LastEvaluatedKey: Items.at(-1) } : { Items };
  }
}

const conditions = new Map<string, Condition>();
const updates = new Map<string, Update>();

function cached<Read>(known: Map<string, Read>, text: string, read: (text: string) => Read): Read {
  const found = known.get(text) ?? read(text);
  known.set(text, found);
  return found;
}

function placeholders(input: Input): Placeholders {
  return { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} };
}

function keyOf(key: Attributes | undefined): string {
  if (key?.pk?.S === undefined || key.sk?.S === undefined) throw new ValidationException('The key is missing');
  return `${key.pk.S} ${key.sk.S}`;
}

function byDue(a: Attributes, b: Attributes): number {
  return (compared(a.dueAt, b.dueAt) ?? 0) || keyOf(a).localeCompare(keyOf(b), 'en');
}
