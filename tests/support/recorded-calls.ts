import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

/**
 * A program that makes one call of the table after another and prints what became of each, to be run as it is and as
 * it is bundled: a server with answers laid out in advance sees the same requests, and gives the same results.
 */
const TableName = 'table';
const Key = { pk: { S: 'a' } };
const client = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

const Item = {
  ...Key,
  B: { B: Uint8Array.of(1, 2, 255) },
  BS: { BS: [Uint8Array.of(0), Uint8Array.of()] },
  buffer: { B: Buffer.from('bytes') },
  list: { L: [{ M: { B: { S: 'no bytes' }, deep: { N: '1e-7' } } }, { NULL: true }, { BOOL: false }] },
  sets: { M: { s: { SS: ['ä', '"'] }, n: { NS: ['1', '2'] } } },
};

const calls: readonly [name: string, call: () => Promise<object>][] = [
  ['put', () => client.send(new PutItemCommand({ TableName, Item }))],
  ['get', () => client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))],
  ['empty', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['condition', () => client.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: 'SET a = :a' }))],
  ['batch', () => client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }))],
  ['repeated', () => client.send(new QueryCommand({ TableName, KeyConditionExpression: 'pk = :a', Limit: 25 }))],
  ['throttled', () => client.send(new DeleteItemCommand({ TableName, Key }))],
  ['conflict', () => client.send(new PutItemCommand({ TableName, Item: Key }))],
  ['skewed', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['exhausted', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['unreadable', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['half', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['cut', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['invalid', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['by header', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['missing', () => client.send(new GetItemCommand({ TableName, Key }))],
  ['cancelled', () => client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key } }] }))],
  ['silent', () => client.send(new GetItemCommand({ TableName, Key }), { requestTimeout: 500 })],
  ['aborted', () => client.send(new GetItemCommand({ TableName, Key }), { abortSignal: AbortSignal.abort() })],
];

async function outcome(call: () => Promise<object>): Promise<object> {
  try {
    return { output: await call() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { stack: _, ...members } = Object.fromEntries(Object.entries(error));
    return {
      failed: { ...members, name: error.name, message: error.message },
      isServiceError: error instanceof DynamoDBServiceException,
      isFailedCondition: error instanceof ConditionalCheckFailedException,
      isMissing: error instanceof ResourceNotFoundException,
    };
  }
}

async function main(): Promise<void> {
  const outcomes: Record<string, object> = {};
  for (const [name, call] of calls) outcomes[name] = await outcome(call);
  console.log(JSON.stringify(outcomes));
}

void main();
