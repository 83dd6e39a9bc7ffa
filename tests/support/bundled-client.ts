import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** A program that is bundled as the functions are, then run by itself: what it prints shows what the bundle can do. */
const TableName = process.argv[2] ?? '';
const client = new DynamoDBClient({});
const Item = marshall({ pk: 'a', sk: 'b', n: 1 });
const put = (more: Partial<PutItemCommandInput> = {}) => client.send(new PutItemCommand({ TableName, Item, ...more }));
const caught = async (attempt: Promise<unknown>) =>
  attempt.catch((error: Error & { Item?: typeof Item }) => ({
    name: error.name,
    isFailedCondition: error instanceof ConditionalCheckFailedException,
    ...(error.Item === undefined ? {} : { item: unmarshall(error.Item) }),
  }));

async function main(): Promise<unknown> {
  await put();
  const { Item: read = {} } = await client.send(new GetItemCommand({ TableName, Key: marshall({ pk: 'a', sk: 'b' }) }));
  return {
    read: unmarshall(read),
    refused: await caught(
      put({
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
    missing: await caught(put({ TableName: 'no-such-table' })),
    taken: await caught(
      client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        }),
      ),
    ),
  };
}

void main()
  .catch((error: Error) => ({ failed: error.message }))
  .then((result) => console.log(JSON.stringify(result)));
