import type { AccessRequest } from './access.ts';
import type { ServiceCall } from './services.ts';

type Input = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** Finds the partition keys that a call names, by operation; other operations are none of the functions'. */
const LEADING_KEYS: Readonly<Record<string, (input: Input, table: string) => readonly string[] | undefined>> = {
  GetItem: ({ Key }) => [keyOf(Key)],
  UpdateItem: ({ Key }) => [keyOf(Key)],
  DeleteItem: ({ Key }) => [keyOf(Key)],
  PutItem: ({ Item }) => [keyOf(Item)],
  BatchGetItem: ({ RequestItems }, table) => keysIn(RequestItems, table),
  Query: (input) => [queriedKey(input)],
  Scan: () => undefined,
};

/**
 * Gives what a call of DynamoDB has to be allowed: one action on the table or on the index, with the keys that it names.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * @throws Error for an operation that the functions do not use
 */
export function dynamodbRights(
  { operation, role, input }: Pick<ServiceCall, 'operation' | 'role' | 'input'>,
  region: string,
  account: string,
): readonly AccessRequest[] {
  const find = Object.hasOwn(LEADING_KEYS, operation) ? LEADING_KEYS[operation] : undefined;
  if (find === undefined) throw new Error(`The functions are not known to call ${operation}.`);
  const table = String(input.TableName ?? Object.keys(Object(input.RequestItems))[0]);
  const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
  const leadingKeys = find(input, table);
  return [
    {
      role,
      action: `dynamodb:${operation}`,
      resource: `arn:aws:dynamodb:${region}:${account}:table/${table}${index}`,
      ...(leadingKeys === undefined ? {} : { leadingKeys }),
    },
  ];
}

function keyOf(item: unknown): string {
  return textOf((Object(item) as Item).pk);
}

function textOf(value: Item[string]): string {
  const text = value?.S ?? value?.N;
  if (text === undefined) throw new Error('Expected a partition key, found none.');
  return text;
}

function keysIn(requests: unknown, table: string): readonly string[] {
  const { [table]: request } = Object(requests) as Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
  return (request?.Keys ?? []).map(keyOf);
}

/** The partition key of a query is the one that is compared for equality first. */
function queriedKey({ KeyConditionExpression, ExpressionAttributeValues }: Input): string {
  const [, placeholder = ''] = /^\s*#?\w+\s*=\s*(:\w+)/.exec(String(KeyConditionExpression)) ?? [];
  return textOf((Object(ExpressionAttributeValues) as Item)[placeholder]);
}
