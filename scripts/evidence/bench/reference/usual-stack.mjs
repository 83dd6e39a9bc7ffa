import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import { z } from 'zod';

/*
 * R: the same job out of the parts one would usually take. Verify the signature, parse, validate, spend the nonce, do
 * the business once by Powertools' idempotency, sign the answer. The business write is the item that KooGate writes,
 * since the same fulfilment has to find it. What is stored as the answer is signed already, so a repeat costs no HMAC.
 */

const { REFERENCE_KEY: KEY = '', REFERENCE_TABLE: TABLE = '', REFERENCE_RECORDS: RECORDS = '' } = process.env;

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

const text = z.string().min(1).max(256);
const Message = z.discriminatedUnion('activity', [
  z.object({ activity: z.literal('newInstance'), orderId: text, orderLineId: text, testFlag: z.string().optional() }),
  z.object({
    activity: z.literal('updateInstanceStatus'),
    instanceId: text,
    status: z.enum(['FREEZE', 'UNFREEZE']),
    testFlag: z.string().optional(),
  }),
]);

class Refused extends Error {
  constructor(resultCode, message) {
    super(message);
    this.resultCode = resultCode;
  }
}

function answer(value) {
  const body = JSON.stringify(value);
  const signature = createHmac('sha256', KEY).update(body).digest('base64');
  return {
    statusCode: 200,
    headers: {
      'Content-Type': 'application/json',
      'Body-Sign': `sign_type="HMAC-SHA256", signature= "${signature}"`,
    },
    body,
  };
}

const logAndAnswerErrors = {
  after: ({ response }) => console.log(JSON.stringify({ level: 'info', message: 'call', status: response.statusCode })),
  onError: (request) => {
    const { error } = request;
    console.log(JSON.stringify({ level: 'error', message: error.message }));
    request.response = answer({ resultCode: error.resultCode ?? '000005', resultMsg: error.message });
  },
};

const verifySignature = {
  before: ({ event }) => {
    const query = new URLSearchParams(event.rawQueryString);
    const timestamp = query.get('timestamp') ?? '';
    const nonce = query.get('nonce') ?? '';
    if (!(Math.abs(Date.now() - Number(timestamp)) <= 60_000)) throw new Refused('000002', 'timestamp is out of range');
    const raw = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const digest = createHmac('sha256', KEY).update(raw).digest('hex');
    const wanted = createHmac('sha256', KEY)
      .update(KEY + nonce + timestamp + digest)
      .digest();
    const given = Buffer.from(query.get('signature') ?? '', 'hex');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new Refused('000001', 'signature does not match');
    }
    event.nonce = nonce + timestamp;
  },
};

const validate = {
  before: ({ event }) => {
    const { data, error } = Message.safeParse(event.body);
    if (error !== undefined) throw new Refused('000002', 'the message is not valid');
    event.body = data;
  },
};

const spendNonce = {
  before: async ({ event }) => {
    try {
      await documents.send(
        new PutCommand({
          TableName: TABLE,
          Item: { pk: `NONCE#${event.nonce}`, sk: 'NONCE', ttl: Math.ceil(Date.now() / 1000) + 600 },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    } catch (error) {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
      throw new Refused('000001', 'nonce was used before');
    }
  },
};

const business = {
  newInstance: async ({ orderId, orderLineId }) => {
    const instanceId = randomUUID();
    const now = Date.now();
    await documents.send(
      new PutCommand({
        TableName: TABLE,
        Item: {
          pk: `INSTANCE#demo#${instanceId}`,
          sk: 'INSTANCE',
          product: 'demo',
          instanceId,
          orderId,
          orderLineId,
          wanted: 'ACTIVE',
          state: 'PENDING',
          orders: new Set([`newInstance#${orderId}#${orderLineId}`]),
          statusAt: 0,
          expireSetAt: 0,
          createdAt: now,
          pending: [{ id: randomUUID(), kind: 'provision', orderId, orderLineId, acceptedAt: now, sentAt: now }],
          failed: {},
          attempts: 0,
          dueShard: now % 8,
          dueAt: 0,
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return { resultCode: '000004', resultMsg: 'being processed', instanceId };
  },
  updateInstanceStatus: async ({ instanceId, status }) => {
    const change = { id: randomUUID(), kind: status.toLowerCase(), acceptedAt: Date.now() };
    await documents.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: { pk: `INSTANCE#demo#${instanceId}`, sk: 'INSTANCE' },
        UpdateExpression:
          'SET wanted = :wanted, pending = list_append(pending, :changes), dueAt = :none, dueShard = :shard',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: {
          ':wanted': status === 'FREEZE' ? 'FROZEN' : 'ACTIVE',
          ':changes': [change],
          ':none': 0,
          ':shard': 1,
        },
      }),
    );
    return { resultCode: '000000', resultMsg: 'success', instanceId };
  },
};

const idempotent = makeHandlerIdempotent({
  persistenceStore: new DynamoDBPersistenceLayer({ tableName: RECORDS }),
  config: new IdempotencyConfig({
    eventKeyJmesPath: 'body.[activity, orderId, orderLineId, instanceId, status]',
    expiresAfterSeconds: 30 * 86_400,
  }),
});

/** Answers debugging calls from their own content; they are not to be remembered. */
const answerTests = {
  before: ({ event }) =>
    event.body.testFlag === '1'
      ? answer({ resultCode: '000000', resultMsg: 'success', instanceId: randomUUID() })
      : undefined,
};

export const handler = middy()
  .use(logAndAnswerErrors)
  .use(verifySignature)
  .use(httpJsonBodyParser())
  .use(validate)
  .use(spendNonce)
  .use(answerTests)
  .use(idempotent)
  .handler(async ({ body }) => answer(await business[body.activity](body)));
