import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTable, type Engine, localClient, startDynoxide } from '../../../scripts/dev/engine.ts';
import { type Access, createAccess } from '../../../scripts/evidence/lambda/access.ts';
import { refusal, type Services, startServices } from '../../../scripts/evidence/lambda/services.ts';

const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/shop-dev`;
const CREDENTIALS = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token' };

/** The statements of a role that may do everything that is called here. */
const STATEMENTS = [
  { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:BatchGetItem'], Resource: TABLE },
  { Effect: 'Allow', Action: 'dynamodb:Query', Resource: `${TABLE}/index/due` },
  { Effect: 'Allow', Action: 'ssm:*', Resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/shop/dev/*` },
];

let engine: Engine;
let access: Access;
let services: Services;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  engine = await startDynoxide();
  const client = localClient(engine.endpoint);
  await createTable(client, 'shop-dev');
  client.destroy();
});
afterAll(() => engine.stop());

async function start(statements: typeof STATEMENTS): Promise<void> {
  access = createAccess(new Map([['ProduceRole', statements]]));
  const credentials = new Map([[CREDENTIALS.accessKeyId, { ...CREDENTIALS, role: 'ProduceRole' }]]);
  services = await startServices({ region: REGION, account: ACCOUNT, engine: engine.endpoint, access, credentials });
}
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await services.stop();
});

function dynamodb(more = {}): DynamoDBClient {
  const client = new DynamoDBClient({ endpoint: services.url, region: REGION, credentials: CREDENTIALS, ...more });
  clients.push(client);
  return client;
}

function ssm(): SSMClient {
  const client = new SSMClient({ endpoint: services.url, region: REGION, credentials: CREDENTIALS });
  clients.push(client);
  return client;
}

const KEY = { pk: { S: 'INSTANCE#demo#1' }, sk: { S: 'INSTANCE' } };

test('what is signed and allowed reaches the engine', async () => {
  await start(STATEMENTS);
  const client = dynamodb();
  await client.send(
    new PutItemCommand({ TableName: 'shop-dev', Item: { ...KEY, dueShard: { N: '3' }, dueAt: { N: '1' } } }),
  );
  const { Item } = await client.send(new GetItemCommand({ TableName: 'shop-dev', Key: KEY }));
  expect(Item?.dueShard).toEqual({ N: '3' });
  const { Responses } = await client.send(new BatchGetItemCommand({ RequestItems: { 'shop-dev': { Keys: [KEY] } } }));
  expect(Responses?.['shop-dev']).toHaveLength(1);
  const { Count } = await client.send(
    new QueryCommand({
      TableName: 'shop-dev',
      IndexName: 'due',
      KeyConditionExpression: '#dueShard = :shard',
      ExpressionAttributeNames: { '#dueShard': 'dueShard' },
      ExpressionAttributeValues: { ':shard': { N: '3' } },
    }),
  );
  expect(Count).toBe(1);
  expect(access.denied).toEqual([]);
  expect(Object.fromEntries(services.calls)).toEqual({
    'ProduceRole dynamodb:PutItem': 1,
    'ProduceRole dynamodb:GetItem': 1,
    'ProduceRole dynamodb:BatchGetItem': 1,
    'ProduceRole dynamodb:Query': 1,
  });
});

test('a statement that is taken away is missed by the next call', async () => {
  await start(STATEMENTS.slice(1));
  await expect(dynamodb().send(new GetItemCommand({ TableName: 'shop-dev', Key: KEY }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  expect(access.denied).toEqual([
    { role: 'ProduceRole', action: 'dynamodb:GetItem', resource: TABLE, leadingKeys: ['INSTANCE#demo#1'] },
  ]);
});

test('a call that nobody has signed for the role is refused, and told', async () => {
  await start(STATEMENTS);
  const client = dynamodb({ credentials: { ...CREDENTIALS, secretAccessKey: 'other' }, maxAttempts: 1 });
  await expect(client.send(new GetItemCommand({ TableName: 'shop-dev', Key: KEY }))).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
  expect(services.unsigned).toEqual(['dynamodb:GetItem: InvalidSignatureException']);
});

test('the clock of the services may be ahead: a client finds its way by their answer', async () => {
  await start(STATEMENTS);
  services.faults.aheadMs = 600_000;
  await dynamodb().send(new GetItemCommand({ TableName: 'shop-dev', Key: KEY }));
  expect(services.unsigned).toEqual(['dynamodb:GetItem: InvalidSignatureException']);
});

test('faults take the place of an answer', async () => {
  await start(STATEMENTS);
  services.faults.interfere = ({ operation }) => {
    services.faults.interfere = undefined;
    return refusal(operation === 'GetItem' ? 'ProvisionedThroughputExceededException' : 'InternalServerError');
  };
  const { Item } = await dynamodb().send(new GetItemCommand({ TableName: 'shop-dev', Key: KEY }));
  expect(Item).toBeDefined();
});

test('parameters are kept, found ten at a time, and denied as a whole', async () => {
  await start(STATEMENTS);
  const client = ssm();
  await client.send(new PutParameterCommand({ Name: '/shop/dev/seller', Value: 'v', Type: 'SecureString' }));
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/shop/dev/seller', WithDecryption: true }));
  expect(Parameter?.Value).toBe('v');
  const many = await client.send(new GetParametersCommand({ Names: ['/shop/dev/seller', '/shop/dev/none'] }));
  expect([many.Parameters?.map(({ Value }) => Value), many.InvalidParameters]).toEqual([
    ['AQICsealed'],
    ['/shop/dev/none'],
  ]);
  const refused = async (input: GetParametersCommand | GetParameterCommand) =>
    client.send(input as GetParametersCommand).then(
      () => 'taken',
      (error: Error) => error.name,
    );
  expect(await refused(new GetParameterCommand({ Name: '/shop/dev/none' }))).toBe('ParameterNotFound');
  expect(await refused(new GetParametersCommand({ Names: ['/shop/dev/seller', '/shop/prod/seller'] }))).toBe(
    'AccessDeniedException',
  );
  const eleven = Array.from({ length: 11 }, (_, index) => `/shop/dev/${index}`);
  expect(await refused(new GetParametersCommand({ Names: eleven }))).toBe('ValidationException');
});
