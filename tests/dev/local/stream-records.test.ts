import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { expect, test } from '@jest/globals';
import { openStream } from '../../../scripts/dev/local/stream-records.ts';
import { startTable } from '../../support/table.ts';

test('the stream gives what was written after it was opened, as Lambda hands it over', async () => {
  const { client, table, engine, stop } = await startTable('dynoxide');
  const put = (pk: string) =>
    client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: { pk: { S: pk }, sk: { S: 's' }, b: { B: Buffer.from('b') } },
      }),
    );
  await put('before');
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table.name }));
  const arn = Table?.LatestStreamArn ?? '';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const streams = new DynamoDBStreamsClient({ endpoint: engine, region: 'us-east-1', credentials });

  const reader = await openStream(streams, arn);
  await put('after');
  await put('after');

  const records = await reader.next();
  expect(records).toMatchObject([
    { eventName: 'INSERT', eventSourceARN: arn, dynamodb: { NewImage: { pk: { S: 'after' }, b: { B: 'Yg==' } } } },
    { eventName: 'MODIFY', dynamodb: { OldImage: { pk: { S: 'after' } } } },
  ]);
  expect(JSON.parse(JSON.stringify(records))).toEqual(records);
  expect(await reader.next()).toEqual([]);
  streams.destroy();
  await stop();
});
