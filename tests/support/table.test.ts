import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { type EngineName, startTable } from './table.ts';

test.each<EngineName>(['dynoxide', 'dynalite'])('%s keeps an item', async (engine) => {
  const { table, stop } = await startTable(engine);
  const key = { pk: { S: 'A' }, sk: { S: 'B' } };
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: { ...key, n: { N: '1' } } }));
  const { Item } = await table.client.send(new GetItemCommand({ TableName: table.name, Key: key }));
  expect(Item).toEqual({ ...key, n: { N: '1' } });
  await stop();
});
