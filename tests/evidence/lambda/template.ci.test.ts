import { expect, test } from '@jest/globals';
import { named, readDeployment, type Template } from '../../../scripts/evidence/lambda/template.ts';

const PATTERN = { dynamodb: { NewImage: { dueShard: { N: ['0'] } } } };
const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    Policies: [
      {
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: 'dynamodb:Query', Resource: { 'Fn::Sub': '$' + '{Table.Arn}/index/due' } },
            {
              Effect: 'Allow',
              Action: 'ssm:GetParameter',
              Resource: { 'Fn::Sub': 'arn:$' + '{AWS::Partition}:ssm:x' },
            },
          ],
        },
      },
    ],
  },
};

/** A template of one function with everything that is read, and what differs. */
function template(differing: Template['Resources'] = {}): Template {
  return {
    Resources: {
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'shop-dev' } },
      FulfilLogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/shop-dev-fulfil' } },
      FulfilLambdaFunction: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'shop-dev-fulfil',
          Handler: 'dist/fulfil.handler',
          Runtime: 'nodejs24.x',
          MemorySize: 512,
          Timeout: 300,
          Environment: { Variables: { KOOGATE_TABLE: { Ref: 'Table' } } },
          Role: { 'Fn::GetAtt': ['FulfilRole', 'Arn'] },
        },
      },
      FulfilRole: ROLE,
      FailedRecords: { Type: 'AWS::SQS::Queue', Properties: {} },
      UsageReports: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { maxReceiveCount: 5 } } },
      Stream: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          BatchSize: 10,
          ParallelizationFactor: 1,
          MaximumRetryAttempts: 3,
          EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
          FunctionName: { 'Fn::GetAtt': ['FulfilLambdaFunction', 'Arn'] },
          FilterCriteria: { Filters: [{ Pattern: JSON.stringify(PATTERN) }] },
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailedRecords', 'Arn'] } } },
        },
      },
      Queue: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['UsageReports', 'Arn'] },
          FunctionName: { 'Fn::GetAtt': ['FulfilLambdaFunction', 'Arn'] },
          ScalingConfig: { MaximumConcurrency: 2 },
        },
      },
      Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: 'ANY /produce/{product+}' } },
      ...differing,
    },
  };
}

test('functions, roles and mappings are read with their references filled in', () => {
  const deployment = readDeployment(template(), 'eu-west-1');
  expect(named(deployment.functions, 'fulfil')).toEqual({
    name: 'fulfil',
    functionName: 'shop-dev-fulfil',
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-fulfil',
    handler: 'dist/fulfil.handler',
    runtime: 'nodejs24.x',
    memoryMegabytes: 512,
    timeoutMs: 300_000,
    environment: { KOOGATE_TABLE: 'shop-dev' },
    role: 'FulfilRole',
    logs: 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/shop-dev-fulfil:*',
  });
  expect(named(deployment.roles, 'FulfilRole').map(({ Resource }) => Resource)).toEqual([
    'arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev/index/due',
    'arn:aws:ssm:x',
  ]);
  expect(deployment.stream).toMatchObject({ function: 'fulfil', batchSize: 10, filterPatterns: [PATTERN] });
  expect(deployment.stream.onFailure).toMatch(/:sqs:.*:FailedRecords$/);
  expect(deployment.queue).toMatchObject({ function: 'fulfil', maxReceiveCount: 5 });
  expect(deployment.routes).toEqual(['ANY /produce/{product+}']);
});

test('a policy of its own is added to the roles that it names', () => {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
  const SellerPolicy = {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument, Roles: [{ Ref: 'FulfilRole' }] },
  };
  const { roles } = readDeployment(template({ SellerPolicy }), 'eu-west-1');
  expect(named(roles, 'FulfilRole').map(({ Action }) => Action)).toEqual([
    'dynamodb:Query',
    'ssm:GetParameter',
    's3:GetObject',
  ]);
});

test.each<[string, Template['Resources'], string]>([
  [
    'a function of CloudFormation',
    { FailedRecords: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Select': [0, []] } } } },
    'Fn::Select',
  ],
  [
    'managed policies',
    { FulfilRole: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: ['arn:x'] } } },
    'managed policies',
  ],
  ['no table', { Table: { Type: 'AWS::SNS::Topic', Properties: {} } }, 'Table'],
])('%s is not passed over', (_, differing, named) => {
  expect(() => readDeployment(template(differing), 'eu-west-1')).toThrow(named);
});

test('a function that is not there is named', () => {
  expect(() => named(new Map(), 'login')).toThrow('no function login');
});
