import { Readable } from 'node:stream';
import {
  DynamoDBClient,
  type DynamoDBClientConfig,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { HttpResponse } from '@smithy/core/transport';
import fc from 'fast-check';
import { AwsJson1_0Protocol } from '../../../scripts/build/sdk/protocol.ts';

/** A client whose wire ends in this process: what it sends is kept, and it is answered the same each time. */
function wired(more: DynamoDBClientConfig, { statusCode, body }: { statusCode: number; body: string }) {
  const sent: string[] = [];
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: { body: string | Uint8Array }) {
        sent.push(typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body));
        return { response: new HttpResponse({ statusCode, headers: {}, body: Readable.from([Buffer.from(body)]) }) };
      },
    },
    ...more,
  });
  return { client, sent };
}

// the client asks more of a protocol by its types than it ever calls
const ours = { protocol: AwsJson1_0Protocol as unknown as NonNullable<DynamoDBClientConfig['protocol']> };

// `__proto__` stays a member here, where the SDK loses it
const name = fc.oneof(fc.string(), fc.constantFrom('B', 'BS', 'S', 'M')).filter((text) => text !== '__proto__');
const { attribute } = fc.letrec<{ attribute: NonNullable<PutItemCommandInput['Item']>[string] }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ S: fc.string({ unit: 'grapheme' }) }),
    fc.record({ N: fc.integer().map(String) }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.constant(true) }),
    fc.record({ B: fc.uint8Array() }),
    fc.record({ BS: fc.array(fc.uint8Array()) }),
    fc.record({ SS: fc.array(fc.string()) }),
    fc.record({ L: fc.array(tie('attribute')) }),
    fc.record({ M: fc.dictionary(name, tie('attribute')) }),
  ),
}));
const item = fc.dictionary(name, attribute);

test('writes and reads items as the SDK does', async () => {
  await fc.assert(
    fc.asyncProperty(item, async (Item) => {
      const put = new PutItemCommand({ TableName: 'table', Item, ...Object({ ReturnValues: null }) });
      const originalWrite = wired({}, { statusCode: 200, body: '{}' });
      await originalWrite.client.send(put);
      const [written = ''] = originalWrite.sent;
      const answer = { statusCode: 200, body: JSON.stringify({ Attributes: JSON.parse(written).Item }) };
      const original = wired({}, answer);
      const standIn = wired(ours, answer);

      const theirs = await original.client.send(put);
      const outcome = await standIn.client.send(put);

      expect(standIn.sent.map((body) => JSON.parse(body))).toEqual([JSON.parse(written)]);
      expect(outcome.Attributes).toEqual(theirs.Attributes);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['ConditionalCheckFailedException', 400],
  ['InternalServerError', 500],
  ['ItemCollectionSizeLimitExceededException', 400],
  ['LimitExceededException', 400],
  ['ProvisionedThroughputExceededException', 400],
  ['ReplicatedWriteConflictException', 400],
  ['RequestLimitExceeded', 400],
  ['ResourceNotFoundException', 400],
  ['ThrottlingException', 400],
  ['TransactionConflictException', 400],
  ['TransactionInProgressException', 400],
  ['SomethingNew', 400],
  ['SomethingNew', 503],
])('gives %s (%i) to be repeated as the SDK does', async (name, statusCode) => {
  const answer = { statusCode, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}` }) };
  const failures = [wired({}, answer), wired(ours, answer)].map(async ({ client }) => {
    const error = await client.send(new PutItemCommand({ TableName: 't', Item: {} })).catch((caught) => caught);
    const kinds = [isThrottlingError(error), isTransientError(error), isServerError(error)];
    return { name: error.name, message: error.message, fault: error.$fault, kinds };
  });
  const [theirs, outcome] = await Promise.all(failures);
  expect(outcome).toEqual(theirs);
  expect(outcome?.name).toBe(name);
});
