import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Table } from '../../../../lib/table/table.ts';

/** Key of an item of the scratch table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item as a program sees it: sets are `Set`, numbers are numbers. */
export type Item = Readonly<Record<string, unknown>>;

/** A condition or an update, its values, and names that are not spelt like their placeholders. */
export interface Rule {
  readonly condition?: string;
  readonly values?: Item;
  readonly names?: Readonly<Record<string, string>>;
}

/** Outcome of a write: `item` is the new image (updates alone), or the image that came with the failed condition. */
export interface Outcome {
  readonly done: boolean;
  readonly item: Item | undefined;
}

/** Thrown by a probe whose engine breaks a rule. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly request: string;
  readonly expected: string;
  readonly found: string;

  constructor(request: string, expected: string, found: string) {
    super(`${request}: expected ${expected}, found ${found}`);
    this.request = request;
    this.expected = expected;
    this.found = found;
  }
}

/** Requests of the probes to one scratch table. Every item gets a partition of its own. */
export class Bench {
  readonly table: Table;
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Part of every key: tells runs on one table apart. */
  readonly run: string;
  private used = 0;

  constructor(
    table: Table,
    { run, clock, sleep }: { run: string; clock: () => number; sleep: (milliseconds: number) => Promise<unknown> },
  ) {
    this.table = table;
    this.run = run;
    this.clock = clock;
    this.sleep = sleep;
  }

  /** A key that no other item has. */
  key(sk = 'ITEM'): Key {
    this.used += 1;
    return { pk: `CHECK#${this.run}#${this.used}`, sk };
  }

  /** Puts an item under a condition; without one, whatever stands there. */
  put(item: Key & Item, rule: Rule = {}): Promise<Outcome> {
    return this.write(
      new PutItemCommand({
        TableName: this.table.name,
        Item: attributes(item),
        ...placeholders(rule),
        ...imageOf(rule),
      }),
    );
  }

  update(key: Key, update: string, rule: Rule = {}): Promise<Outcome> {
    return this.write(
      new UpdateItemCommand({
        TableName: this.table.name,
        Key: marshall({ pk: key.pk, sk: key.sk }),
        UpdateExpression: update,
        ...placeholders(rule, update),
        ReturnValues: 'ALL_NEW',
        ...imageOf(rule),
      }),
    );
  }

  delete(key: Key, rule: Rule = {}): Promise<Outcome> {
    const Key = marshall({ pk: key.pk, sk: key.sk });
    return this.write(new DeleteItemCommand({ TableName: this.table.name, Key, ...placeholders(rule) }));
  }

  /** Reads one item consistently. */
  async get(key: Key): Promise<Item | undefined> {
    const Key = marshall({ pk: key.pk, sk: key.sk });
    const { Item } = await this.table.client.send(
      new GetItemCommand({ TableName: this.table.name, Key, ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  }

  batch(keys: readonly Record<string, AttributeValue>[]): Promise<BatchGetItemCommandOutput> {
    const { name, client } = this.table;
    return client.send(
      new BatchGetItemCommand({ RequestItems: { [name]: { Keys: [...keys], ConsistentRead: true } } }),
    );
  }

  query(
    condition: string,
    { values = {}, names = {} }: Rule,
    rest: Partial<QueryCommandInput> = {},
  ): Promise<QueryCommandOutput> {
    return this.table.client.send(
      new QueryCommand({
        TableName: this.table.name,
        KeyConditionExpression: condition,
        ...placeholders({ values, names }, condition),
        ...rest,
      }),
    );
  }

  private async write(command: PutItemCommand | UpdateItemCommand | DeleteItemCommand): Promise<Outcome> {
    try {
      const { Attributes } = (await this.table.client.send(command as UpdateItemCommand)) ?? {};
      return { done: true, item: Attributes && unmarshall(Attributes) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { done: false, item: error.Item && unmarshall(error.Item) };
    }
  }
}

/** @throws Broken unless both are the same, sets in any order */
export function same(request: string, found: unknown, expected: unknown): void {
  if (inOneForm(found) !== inOneForm(expected)) throw new Broken(request, shown(expected), shown(found));
}

/** @throws Broken unless the request was refused with an error other than a failed condition */
export async function refused(request: string, answer: Promise<unknown>): Promise<void> {
  const [found, isRight] = await answer.then(
    (value) => [shown(value), false] as const,
    (error: Error) => [error.name, error.name === 'ValidationException'] as const,
  );
  if (!isRight) throw new Broken(request, 'ValidationException', found);
}

/** A value in one line, at most 200 characters. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value, inJson) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length})` : text;
}

/** A value as text: members by their names, sets in order. */
function inOneForm(value: unknown): string {
  return JSON.stringify([value], (_, member) => {
    if (member instanceof Set) return { set: [...member].sort() };
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return inJson('', member);
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function inJson(_: string, member: unknown): unknown {
  if (member instanceof Set) return [...member].sort();
  return typeof member === 'bigint' ? `${member}` : member;
}

export function attributes(item: object): Record<string, AttributeValue> {
  return marshall(item, { removeUndefinedValues: true });
}

function imageOf({ condition }: Rule) {
  return condition === undefined ? {} : ({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const);
}

function placeholders({ condition, values = {}, names = {} }: Rule, update = '') {
  const used = [...`${update} ${condition ?? ''}`.matchAll(/#(\w+)/g)];
  const given = Object.entries(values).map(([name, value]) => [`:${name}`, value]);
  return {
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ...(used.length === 0
      ? {}
      : { ExpressionAttributeNames: Object.fromEntries(used.map(([sign, name = '']) => [sign, names[name] ?? name])) }),
    ...(given.length === 0 ? {} : { ExpressionAttributeValues: attributes(Object.fromEntries(given)) }),
  };
}
