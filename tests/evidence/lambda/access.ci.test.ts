import { describe, expect, test } from '@jest/globals';
import { createAccess } from '../../../scripts/evidence/lambda/access.ts';

const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev';
const KEY = 'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/dev/products/kit/kit';
const STATEMENTS = [
  { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: TABLE },
  {
    Effect: 'Allow',
    Action: 'dynamodb:DeleteItem',
    Resource: TABLE,
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['NOTE#*'] } },
  },
  { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:*:*:parameter/shop/dev/products/*' },
  { Effect: 'Deny', Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:*:*:parameter/shop/dev/products/*/kit' },
];

describe('the packaged statements decide', () => {
  const access = createAccess(new Map([['FulfilRole', STATEMENTS]]));
  const ask = (action: string, resource: string, leadingKeys?: string[]) =>
    access.isAllowed({ role: 'FulfilRole', action, resource, ...(leadingKeys && { leadingKeys }) });

  test('by action and resource', async () => {
    expect(await ask('dynamodb:GetItem', TABLE, ['INSTANCE#demo#1'])).toBe(true);
    expect(await ask('dynamodb:Scan', TABLE)).toBe(false);
    expect(await ask('dynamodb:GetItem', `${TABLE}-other`, ['INSTANCE#demo#1'])).toBe(false);
  });

  test('by the keys of a call, each kind anew', async () => {
    expect(await ask('dynamodb:DeleteItem', TABLE, ['NOTE#demo#1'])).toBe(true);
    expect(await ask('dynamodb:DeleteItem', TABLE, ['INSTANCE#demo#1'])).toBe(false);
    expect(await ask('dynamodb:DeleteItem', TABLE, ['NOTE#demo#1', 'INSTANCE#demo#1'])).toBe(false);
    expect(await ask('dynamodb:DeleteItem', TABLE, ['NOTE#demo#2'])).toBe(true);
  });

  test('and what denies comes before what allows', async () => {
    expect(await ask('ssm:GetParameter', KEY.replace(/\/kit$/, '/base'))).toBe(true);
    expect(await ask('ssm:GetParameter', KEY)).toBe(false);
  });

  test('a role without statements may do nothing', async () => {
    const request = { role: 'NobodyRole', action: 'dynamodb:GetItem', resource: TABLE, leadingKeys: ['A'] };
    expect(await access.isAllowed(request)).toBe(false);
  });
});

test('every denied call is remembered, also one that was judged before', async () => {
  const access = createAccess(new Map([['FulfilRole', STATEMENTS]]));
  const request = (key: string) => ({
    role: 'FulfilRole',
    action: 'dynamodb:UpdateItem',
    resource: TABLE,
    leadingKeys: [key],
  });
  await access.isAllowed(request('INSTANCE#demo#1'));
  await access.isAllowed(request('INSTANCE#demo#2'));
  expect(access.denied).toEqual([request('INSTANCE#demo#1'), request('INSTANCE#demo#2')]);
});

test('what cannot be judged is an error, and no refusal', async () => {
  const access = createAccess(new Map([['FulfilRole', STATEMENTS]]));
  const unknown = { role: 'FulfilRole', action: 'dynamodb:NoSuchAction', resource: TABLE };
  await expect(access.isAllowed(unknown)).rejects.toThrow('cannot judge dynamodb:NoSuchAction');
  expect(access.denied).toEqual([]);
});

test('statements that look behind the kind of a key are refused, since calls are judged by kind', () => {
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['NOTE#demo#*'] } };
  const statement = { Effect: 'Allow', Action: 'dynamodb:DeleteItem', Resource: TABLE, Condition };
  expect(() => createAccess(new Map([['FulfilRole', [statement]]]))).toThrow('NOTE#demo#*');
});
