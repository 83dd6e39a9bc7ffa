import { expect, test } from '@jest/globals';
import { operatorPolicy } from '../../../scripts/cli/operator/policy.ts';

type Statement = { Sid: string; Action: string[]; Resource: string | string[] };
const statements = (writes: boolean, region = 'eu-west-1') =>
  (operatorPolicy({ region, table: 'shop-prod', parameters: '/shop/prod' }, writes) as { Statement: Statement[] })
    .Statement;

test('whoever reads can change nothing, and opens nothing that is sealed', () => {
  const actions = statements(false).flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /Put|Update|Delete|\*/.test(action))).toEqual([]);
  expect(JSON.stringify(statements(true))).not.toContain('private');
});

test('whoever acts writes items of this table alone', () => {
  const [, secrets, act] = statements(true, 'cn-north-1');
  expect(act).toMatchObject({ Sid: 'Act', Resource: 'arn:aws-cn:dynamodb:cn-north-1:*:table/shop-prod' });
  expect(secrets?.Resource).toEqual([
    'arn:aws-cn:ssm:cn-north-1:*:parameter/shop/prod/hmac',
    'arn:aws-cn:ssm:cn-north-1:*:parameter/shop/prod/sealing/personal-public',
  ]);
});
