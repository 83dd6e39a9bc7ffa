import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { Key } from './keys.ts';

/** Last argument of everything that calls the table. */
export interface WriteOptions {
  /** Ends the waiting; what was sent may still take effect. */
  readonly signal?: AbortSignal;
}

/**
 * Expressions name attributes as `#name` (DynamoDB reserves hundreds of words) and values as `:name`; the names are
 * collected from the text. `names` adds those whose attribute is not spelt like its placeholder.
 */
export interface Expressions {
  readonly condition: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly names?: Readonly<Record<string, string>>;
}

/** Result of a conditional write: `item` is the new image if it took place, else the image that stood in its way. */
export type Written<Item> =
  | { readonly done: true; readonly item: Item }
  | { readonly done: false; readonly item: Item | undefined };

/** Writes the whole item under a condition. */
export async function putIf<Item extends Key>(
  table: Table,
  item: NewItem<Item>,
  { condition, values, names }: Expressions,
  options: WriteOptions = {},
): Promise<Written<Item>> {
  const command = new PutItemCommand({
    TableName: table.name,
    Item: toAttributes(item),
    ConditionExpression: condition,
    ...placeholders([condition], values, names),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await table.client.send(command, sendOptions(options));
    return { done: true, item };
  } catch (error) {
    return { done: false, item: await whatStands<Item>(table, item, error, options) };
  }
}

/** Changes an item under a condition and returns it whole. */
export async function updateIf<Item>(
  table: Table,
  key: Key,
  update: string,
  expressions: Expressions,
  options: WriteOptions = {},
): Promise<Written<Item>> {
  const command = new UpdateItemCommand({
    ...updateInput(table, key, update, expressions),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const { Attributes } = await table.client.send(command, sendOptions(options));
    if (Attributes === undefined) throw new Error('The table returned no image of an item it updated.');
    return { done: true, item: unmarshall(Attributes) as Item };
  } catch (error) {
    return { done: false, item: await whatStands<Item>(table, key, error, options) };
  }
}

/** Changes an item under a condition, and says no more than whether it did: for writes by the hundred. */
export async function changeIf(
  table: Table,
  key: Key,
  update: string,
  expressions: Expressions,
  options: WriteOptions = {},
): Promise<boolean> {
  const command = new UpdateItemCommand(updateInput(table, key, update, expressions));
  try {
    await table.client.send(command, sendOptions(options));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function updateInput(table: Table, key: Key, update: string, { condition, values, names }: Expressions) {
  return {
    TableName: table.name,
    Key: marshall({ pk: key.pk, sk: key.sk }),
    UpdateExpression: update,
    ConditionExpression: condition,
    ...placeholders([update, condition], values, names),
  };
}

/** One item as it is now. */
export async function readItem<Item>(table: Table, key: Key, options: WriteOptions = {}): Promise<Item | undefined> {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: marshall({ pk: key.pk, sk: key.sk }), ConsistentRead: true }),
    sendOptions(options),
  );
  return Item && (unmarshall(Item) as Item);
}

/** The form in which the SDK takes a signal. */
export function sendOptions({ signal }: WriteOptions): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** An engine that keeps the image back with a failed condition is asked for it: one round trip more, same meaning. */
async function whatStands<Item>(
  table: Table,
  key: Key,
  error: unknown,
  options: WriteOptions,
): Promise<Item | undefined> {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  if (error.Item !== undefined) return unmarshall(error.Item) as Item;
  return readItem<Item>(table, key, options);
}

function placeholders(
  expressions: readonly string[],
  values: Expressions['values'],
  names: Expressions['names'] = {},
): {
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
} {
  const used = [...expressions.join(' ').matchAll(/#(\w+)/g)];
  const given = Object.entries(values).map(([name, value]) => [`:${name}`, value]);
  return {
    ExpressionAttributeNames: Object.fromEntries(
      // Stryker disable next-line StringLiteral: for the type checker, the pattern always has a name
      used.map(([placeholder, name = '']) => [placeholder, names[name] ?? name]),
    ),
    ...(given.length === 0 ? {} : { ExpressionAttributeValues: toAttributes(Object.fromEntries(given)) }),
  };
}

function toAttributes(item: object): Record<string, AttributeValue> {
  return marshall(item, { removeUndefinedValues: true });
}
