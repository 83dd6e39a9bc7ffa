import { parseCondition, parseUpdate } from '../instances/expression-grammar.ts';
import { type Body, type Forward, failure, type Intercept, type Reply } from './dynamodb-proxy.ts';

/*
 * An engine that is as strict as the documents of GeminiDB's interface of DynamoDB read at their strictest: whatever they
 * do not list is refused. It shows that KooGate asks for nothing more, not that GeminiDB works.
 * Source: https://support.huaweicloud.com/dynamodbug-nosql/nosql_dynamodb_0041.html and the pages beside it
 */

const EXPRESSION = ['ExpressionAttributeNames', 'ExpressionAttributeValues'];
const CONDITION = ['ConditionExpression', 'ReturnValuesOnConditionCheckFailure', ...EXPRESSION];
const PAGE = ['Limit', 'ExclusiveStartKey'];
const INDEX = ['IndexName', 'KeySchema', 'Projection', 'ProvisionedThroughput'];

/** Operations, and the members that each may have. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  CreateTable: ['TableName', 'AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'ProvisionedThroughput'],
  DescribeTable: ['TableName'],
  DeleteTable: ['TableName'],
  UpdateTimeToLive: ['TableName', 'TimeToLiveSpecification'],
  PutItem: ['TableName', 'Item', ...CONDITION],
  UpdateItem: ['TableName', 'Key', 'UpdateExpression', 'ReturnValues', ...CONDITION],
  DeleteItem: ['TableName', 'Key', ...CONDITION],
  GetItem: ['TableName', 'Key', 'ConsistentRead'],
  BatchGetItem: ['RequestItems'],
  Query: ['TableName', 'IndexName', 'KeyConditionExpression', 'ConsistentRead', ...EXPRESSION, ...PAGE],
  Scan: ['TableName', 'ConsistentRead', ...PAGE],
};

const NAME = /^[\w-]{3,48}$/;

/** Says what the documents do not list; undefined if all is listed. */
function unlisted(operation: string, body: Body): string | undefined {
  const allowed = MEMBERS[operation];
  if (allowed === undefined) return operation;
  const member = Object.keys(body).find((name) => !allowed.includes(name));
  if (member !== undefined) return `${operation} with ${member}`;
  const indexes = (body.GlobalSecondaryIndexes ?? []) as readonly Body[];
  const foreign = indexes.flatMap((index) => Object.keys(index)).find((name) => !INDEX.includes(name));
  if (foreign !== undefined) return `an index with ${foreign}`;
  const names = [body.TableName, body.IndexName, ...indexes.map(({ IndexName }) => IndexName)];
  const name = names.find((one) => one !== undefined && !NAME.test(String(one)));
  if (name !== undefined) return `the name ${name}`;
  try {
    const { ConditionExpression: condition, KeyConditionExpression: key, UpdateExpression: update } = body;
    for (const text of [condition, key]) if (text !== undefined) parseCondition(String(text));
    if (update !== undefined) parseUpdate(String(update));
  } catch (error) {
    return Object(error).message;
  }
  return undefined;
}

/**
 * Makes such an engine of an honest one. It keeps old images back, since nobody says that GeminiDB gives them.
 * @param refusals takes what was refused
 */
export function asStrictAsGeminiDB(refusals: string[]): Intercept {
  return async (operation, body, forward) => {
    const refusal = unlisted(operation, body);
    if (refusal !== undefined) {
      refusals.push(refusal);
      return failure('ValidationException', `not listed: ${refusal}`);
    }
    return withoutImage(await forwardTold(operation, body, forward));
  };
}

function forwardTold(operation: string, { ReturnValuesOnConditionCheckFailure: _, ...body }: Body, forward: Forward) {
  return forward(operation, body);
}

function withoutImage(reply: Reply): Reply {
  const { Item: _, ...body } = reply.body;
  return reply.body.__type === undefined ? reply : { ...reply, body };
}
