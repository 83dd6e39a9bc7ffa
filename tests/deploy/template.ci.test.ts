import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Resource, type WorkingCopy, workingCopy, zipEntries } from './serverless.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

let copy: WorkingCopy;
let folder: string;
let text: string;
let output: string;
let resources: Record<string, Resource>;

beforeAll(async () => {
  copy = workingCopy();
  folder = join(copy.folder, '.serverless');
  const ran = await copy.serverless(['package', '--stage', 'prod'], {
    KOOGATE_SELLER_SECRET: 'whsec_secret-of-the-seller',
    KOOGATE_SECRETS: '/secret-place/secrets.json',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9', // nobody listens: packaging asks nobody, and needs no credentials
  });
  expect(ran).toMatchObject({ code: 0 });
  output = ran.output;
  const template = copy.template();
  text = JSON.stringify(template);
  resources = template.Resources;
});

afterAll(() => copy.remove());

const resource = (name: string): Resource => {
  const found = resources[name];
  if (found === undefined) throw new Error(`The template has no ${name}; it has ${Object.keys(resources).join(', ')}.`);
  return found;
};

const properties = (name: string) => resource(name).Properties;

const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);

describe('the packaged functions', () => {
  test.each(['produce', 'fulfil', 'meter', 'reconcile'])('%s is one bundle in one zip', (name) => {
    expect(zipEntries(join(folder, `${name}.zip`))).toEqual([`dist/${name}.cjs`, `dist/${name}.cjs.map`]);
  });

  test.each([
    ['ProduceLambdaFunction', 'dist/produce.handler', 8],
    ['FulfilLambdaFunction', 'dist/fulfil.handler', 300],
    ['MeterLambdaFunction', 'dist/meter.handler', 300],
    ['ReconcileLambdaFunction', 'dist/reconcile.handler', 840],
  ])('%s runs on Node 24 and arm64, with names of secrets alone in its environment', (name, handler, timeout) => {
    expect(properties(name)).toMatchObject({
      Handler: handler,
      Timeout: timeout,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Environment: {
        Variables: {
          KOOGATE_STAGE: 'prod',
          KOOGATE_TABLE: 'koogate-prod',
          KOOGATE_PARAMETERS: '/koogate/prod',
        },
      },
    });
  });

  test('there are just these four, and their logs end after a time', () => {
    expect(ofType('AWS::Lambda::Function')).toHaveLength(4);
    const retention = ofType('AWS::Logs::LogGroup').map(([, group]) => group.Properties);
    expect(retention).toEqual([
      { LogGroupName: '/aws/lambda/koogate-prod-produce', RetentionInDays: 30 },
      { LogGroupName: '/aws/lambda/koogate-prod-fulfil', RetentionInDays: 30 },
      { LogGroupName: '/aws/lambda/koogate-prod-meter', RetentionInDays: 30 },
      { LogGroupName: '/aws/lambda/koogate-prod-reconcile', RetentionInDays: 30 },
    ]);
  });
});

describe('what calls them', () => {
  test('is one public route, throttled', () => {
    expect(ofType('AWS::ApiGatewayV2::Route').map(([, route]) => route.Properties.RouteKey)).toEqual([
      'ANY /produce/{product+}',
    ]);
    expect(ofType('AWS::ApiGatewayV2::Integration').map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({ PayloadFormatVersion: '2.0', IntegrationUri: getAtt('ProduceLambdaFunction.Arn') }),
    ]);
    expect(properties('HttpApiStage').DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 2000,
      ThrottlingBurstLimit: 4000,
    });
    expect(ofType('AWS::Lambda::Url')).toEqual([]);
  });

  test("is the table's stream, of what is due and held by nobody, and the queue of reports", () => {
    const [mapping, queue, ...others] = ofType('AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) => Properties,
    );
    expect(others).toEqual([]);
    expect(queue).toMatchObject({
      EventSourceArn: getAtt('UsageReports.Arn'),
      FunctionName: getAtt('MeterLambdaFunction.Arn'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(mapping).toMatchObject({
      EventSourceArn: getAtt('Table.StreamArn'),
      FunctionName: getAtt('FulfilLambdaFunction.Arn'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      ParallelizationFactor: 1,
      MaximumRetryAttempts: 3,
      DestinationConfig: { OnFailure: { Destination: getAtt('FailedRecords.Arn') } },
    });
    const criteria = mapping?.FilterCriteria as { Filters: { Pattern: string }[] } | undefined;
    expect(criteria?.Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      {
        dynamodb: { NewImage: { dueShard: { N: [...'01234567'] }, leaseOwner: { S: [{ exists: false }] } } },
      },
    ]);
  });

  test('is the clock, whose failed runs nobody repeats', () => {
    const rules = ofType('AWS::Events::Rule').map(([, { Properties }]) => Properties);
    const rule = (ScheduleExpression: string, name: string) =>
      expect.objectContaining({
        ScheduleExpression,
        State: 'ENABLED',
        Targets: [expect.objectContaining({ Arn: getAtt(`${name}LambdaFunction.Arn`) })],
      });
    expect(rules).toEqual([
      rule('rate(1 minute)', 'Fulfil'),
      rule('cron(1,5,9,13 * * * ? *)', 'Meter'),
      rule('cron(7,22,37,52 17-20 * * ? *)', 'Reconcile'),
    ]);
    for (const name of ['Fulfil', 'Meter', 'Reconcile']) {
      expect(properties(`${name}LambdaEvConf`)).toMatchObject({ MaximumRetryAttempts: 0 });
    }
  });
});

describe('the table', () => {
  test('outlives the stack, but not a first deployment that fails: only afterwards it is protected from deletion', () => {
    expect(resource('Table')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(properties('Table')).not.toHaveProperty('DeletionProtectionEnabled');
  });

  test('is encrypted, backed up, and streams both images', () => {
    expect(properties('Table')).toMatchObject({
      TableName: 'koogate-prod',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'dueShard', KeyType: 'HASH' },
            { AttributeName: 'dueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
        {
          IndexName: 'order',
          KeySchema: [
            { AttributeName: 'orderKey', KeyType: 'HASH' },
            { AttributeName: 'lineKey', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  });

  test('has an encrypted queue for records that could not be taken', () => {
    expect(properties('FailedRecords')).toEqual({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
  });
});

describe('the queue of usage reports', () => {
  test('is encrypted, outwaits the function, and keeps beside it what is refused', () => {
    const queue = { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 };
    expect(properties('UsageReports')).toEqual({
      ...queue,
      VisibilityTimeout: 6 * 300,
      RedrivePolicy: { deadLetterTargetArn: getAtt('RefusedReports.Arn'), maxReceiveCount: 5 },
    });
    expect(properties('RefusedReports')).toEqual(queue);
  });
});

describe('the roles', () => {
  test('are one a function, for Lambda alone', () => {
    expect(ofType('AWS::IAM::Role').map(([name]) => name)).toEqual([
      'ProduceRole',
      'FulfilRole',
      'MeterRole',
      'ReconcileRole',
    ]);
    for (const [name] of ofType('AWS::IAM::Role')) {
      expect(properties(name).AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      });
      expect(properties(name).ManagedPolicyArns).toBeUndefined();
    }
    expect(properties('ProduceLambdaFunction').Role).toEqual(getAtt('ProduceRole.Arn'));
    expect(properties('FulfilLambdaFunction').Role).toEqual(getAtt('FulfilRole.Arn'));
    expect(properties('MeterLambdaFunction').Role).toEqual(getAtt('MeterRole.Arn'));
    expect(properties('ReconcileLambdaFunction').Role).toEqual(getAtt('ReconcileRole.Arn'));
  });

  test('of produce: reads and writes items, opens credentials, and nothing else', () => {
    expect(grants('ProduceRole')).toEqual({
      'logs:CreateLogStream': ['ProduceLogGroup.Arn'],
      'logs:PutLogEvents': ['ProduceLogGroup.Arn'],
      'dynamodb:GetItem': ['Table.Arn'],
      'dynamodb:BatchGetItem': ['Table.Arn'],
      'dynamodb:PutItem': ['Table.Arn'],
      'dynamodb:UpdateItem': ['Table.Arn'],
      'dynamodb:DeleteItem': ['Table.Arn if NOTE#*'],
      'ssm:GetParameter': [
        parameter('products/*'),
        parameter('sealing/credentials-private'),
        parameter('sealing/credentials-private/*'),
        parameter('sealing/credentials-public'),
        parameter('sealing/personal-public'),
        parameter('sealing/kit-public'),
        parameter('marketplace'),
        parameter('marketplace/*'),
        parameter('seller'),
        parameter('hmac'),
      ],
      'ssm:GetParameters': [
        parameter('products/*'),
        parameter('sealing/credentials-private'),
        parameter('sealing/credentials-private/*'),
        parameter('sealing/credentials-public'),
        parameter('sealing/personal-public'),
        parameter('sealing/kit-public'),
        parameter('marketplace'),
        parameter('marketplace/*'),
        parameter('seller'),
        parameter('hmac'),
      ],
    });
  });

  test('of fulfil: reads the stream and what is due, opens personal data, and nothing else', () => {
    expect(grants('FulfilRole')).toEqual({
      'logs:CreateLogStream': ['FulfilLogGroup.Arn'],
      'logs:PutLogEvents': ['FulfilLogGroup.Arn'],
      'dynamodb:GetItem': ['Table.Arn'],
      'dynamodb:BatchGetItem': ['Table.Arn'],
      'dynamodb:PutItem': ['Table.Arn'],
      'dynamodb:UpdateItem': ['Table.Arn'],
      'dynamodb:DeleteItem': ['Table.Arn if NOTE#*'],
      'dynamodb:Query': [
        `${cfn('Table.Arn')}/index/due`,
        'Table.Arn if TENANT#*',
        'Table.Arn if USAGE#*',
        'Table.Arn if ALARM',
      ],
      'sns:Publish': ['{"Ref":"Alarms"}'],
      'dynamodb:DescribeStream': ['Table.StreamArn'],
      'dynamodb:GetRecords': ['Table.StreamArn'],
      'dynamodb:GetShardIterator': ['Table.StreamArn'],
      'dynamodb:ListStreams': ['*'],
      'sqs:SendMessage': ['FailedRecords.Arn'],
      'ssm:GetParameter': [
        parameter('products/*'),
        parameter('sealing/credentials-public'),
        parameter('sealing/personal-public'),
        parameter('sealing/personal-private'),
        parameter('sealing/personal-private/*'),
        parameter('sealing/kit-private'),
        parameter('sealing/kit-private/*'),
        parameter('marketplace'),
        parameter('marketplace/*'),
        parameter('seller'),
        parameter('hmac'),
      ],
      'ssm:GetParameters': [
        parameter('products/*'),
        parameter('sealing/credentials-public'),
        parameter('sealing/personal-public'),
        parameter('sealing/personal-private'),
        parameter('sealing/personal-private/*'),
        parameter('sealing/kit-private'),
        parameter('sealing/kit-private/*'),
        parameter('marketplace'),
        parameter('marketplace/*'),
        parameter('seller'),
        parameter('hmac'),
      ],
    });
  });

  test('of meter: stores and pushes usage, and opens nothing that is sealed', () => {
    expect(grants('MeterRole')).toEqual({
      'logs:CreateLogStream': ['MeterLogGroup.Arn'],
      'logs:PutLogEvents': ['MeterLogGroup.Arn'],
      'dynamodb:GetItem': ['Table.Arn'],
      'dynamodb:BatchGetItem': ['Table.Arn'],
      'dynamodb:PutItem': ['Table.Arn'],
      'dynamodb:UpdateItem': ['Table.Arn'],
      'dynamodb:Query': [`${cfn('Table.Arn')}/index/due`],
      'sqs:ReceiveMessage': ['UsageReports.Arn'],
      'sqs:DeleteMessage': ['UsageReports.Arn'],
      'sqs:GetQueueAttributes': ['UsageReports.Arn'],
      'ssm:GetParameter': [parameter('products/*'), parameter('marketplace'), parameter('marketplace/*')],
      'ssm:GetParameters': [parameter('products/*'), parameter('marketplace'), parameter('marketplace/*')],
    });
  });

  test('of reconcile: reads all, and writes nothing but how far it has come', () => {
    expect(grants('ReconcileRole')).toEqual({
      'logs:CreateLogStream': ['ReconcileLogGroup.Arn'],
      'logs:PutLogEvents': ['ReconcileLogGroup.Arn'],
      'dynamodb:Scan': ['Table.Arn'],
      'dynamodb:GetItem': ['Table.Arn if RECONCILE', 'Table.Arn if CLOSING,SEALING'],
      'dynamodb:UpdateItem': ['Table.Arn if RECONCILE'],
      'ssm:GetParameter': [
        parameter('sealing/personal-private'),
        parameter('sealing/personal-private/*'),
        parameter('marketplace'),
        parameter('marketplace/*'),
      ],
      'ssm:GetParameters': [
        parameter('sealing/personal-private'),
        parameter('sealing/personal-private/*'),
        parameter('marketplace'),
        parameter('marketplace/*'),
      ],
    });
  });

  test('deny the private keys of app credentials to those who read products and no client secrets', () => {
    const kitKeys = [[['ssm:GetParameter', 'ssm:GetParameters'], parameter('products/*/kit')]];
    expect(denials('FulfilRole')).toEqual(kitKeys);
    expect(denials('MeterRole')).toEqual(kitKeys);
    expect(denials('ProduceRole')).toEqual([]);
  });

  test('allow everything to nobody, but for the list of streams, which has no resources', () => {
    for (const role of ['ProduceRole', 'FulfilRole', 'MeterRole', 'ReconcileRole']) {
      for (const [action, where] of Object.entries(grants(role))) {
        expect(action).not.toContain('*');
        if (where.includes('*')) expect(action).toBe('dynamodb:ListStreams');
      }
    }
  });
});

describe('the alarms', () => {
  test('are the few that watch from outside', () => {
    const names = ofType('AWS::CloudWatch::Alarm').map(([name]) => name.replace(/Alarm$/, ''));
    expect(names.sort()).toEqual([
      ...['DeadLetters', 'FunctionThrottles', 'GatewayErrors', 'GatewayLatency', 'GatewayRefusals', 'KeysUnavailable'],
      ...['SweepSilent', 'TableThrottles'],
    ]);
  });

  test('count calls that want keys in the log of produce', () => {
    const filter = properties('KeysUnavailableFilter');
    expect(filter).toMatchObject({ LogGroupName: { Ref: 'ProduceLogGroup' } });
    const [transformation] = filter.MetricTransformations as { MetricName: string; MetricNamespace: unknown }[];
    expect(properties('KeysUnavailableAlarm')).toMatchObject({
      MetricName: transformation?.MetricName,
      Namespace: transformation?.MetricNamespace,
    });
  });

  test('are told by the sweep too', () => {
    expect(properties('FulfilLambdaFunction').Environment).toMatchObject({
      Variables: { KOOGATE_TOPIC: { Ref: 'Alarms' } },
    });
    expect(properties('ProduceLambdaFunction').Environment).not.toHaveProperty('Variables.KOOGATE_TOPIC');
  });

  test('watch what could not be taken, and throttles of table and index', () => {
    const queues = properties('DeadLettersAlarm').Metrics as { MetricStat?: { Metric: { Dimensions: unknown } } }[];
    for (const queue of ['FailedRecords', 'RefusedReports']) {
      const Dimensions = [{ Name: 'QueueName', Value: getAtt(`${queue}.QueueName`) }];
      expect(queues.map(({ MetricStat }) => MetricStat?.Metric.Dimensions)).toContainEqual(Dimensions);
    }
    const metrics = properties('TableThrottlesAlarm').Metrics as { MetricStat?: { Metric: { MetricName: string } } }[];
    expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []).sort()).toEqual([
      'ReadThrottleEvents',
      'ReadThrottleEvents',
      'ReadThrottleEvents',
      'WriteThrottleEvents',
      'WriteThrottleEvents',
      'WriteThrottleEvents',
    ]);
  });

  test('all tell the topic, and say what to look at', () => {
    for (const alarm of alarms()) {
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: 'Alarms' }], AlarmDescription: expect.any(String) });
      expect(alarm.OKActions).toEqual([{ Ref: 'Alarms' }]);
    }
    expect(ofType('AWS::SNS::Subscription').map(([, { Properties }]) => Properties.TopicArn)).toEqual([
      { Ref: 'Alarms' },
    ]);
  });

  test('ring when a sweep is silent', () => {
    expect(properties('SweepSilentAlarm')).toMatchObject({
      ...{ TreatMissingData: 'breaching', MetricName: 'OldestDueAge', Statistic: 'SampleCount' },
      Dimensions: [{ Name: 'Table', Value: { Ref: 'Table' } }],
    });
  });
});

test('no warning is given where the settings say that the rule on hosting is known', () => {
  expect(output).not.toMatch(/warn|rule/i);
});

test('serverless print says which region the settings give the stage', async () => {
  const print = ['print', '--stage', 'prod', '--path', 'provider.region', '--format', 'text'];
  expect(await copy.serverless(print)).toEqual({ code: 0, output: 'ap-southeast-1\n' });
});

test('nothing is traced, which would be paid for and show durations alone', () => {
  expect(text).not.toMatch(/TracingConfig|xray:/);
});

test('nothing secret is in the template', () => {
  expect(text).not.toMatch(/whsec_|secret-of|secret-place|PRIVATE KEY|accessKeyId|KOOGATE_SECRETS/);
  // A plain string with the address of a receiver is the one parameter that CloudFormation reads.
  expect(text.match(/resolve:[^}]*/g)).toEqual(['resolve:ssm:/koogate/prod/receivers/ops']);
});

function alarms(): Record<string, unknown>[] {
  return ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
}

/** A reference inside Fn::Sub. */
function cfn(name: string): string {
  return `$\{${name}}`;
}

function parameter(name: string): string {
  const place = ['AWS::Region', 'AWS::AccountId'].map(cfn).join(':');
  return `arn:${cfn('AWS::Partition')}:ssm:${place}:parameter/koogate/prod/${name}`;
}

function getAtt(path: string) {
  return { 'Fn::GetAtt': path.split('.') };
}

/** What a role may do, and where: resources in a short form. */
function grants(role: string): Record<string, string[]> {
  const [policy] = properties(role).Policies as { PolicyDocument: { Statement: Statement[] } }[];
  const granted: Record<string, string[]> = {};
  for (const { Effect, Action, Resource: where, Condition } of policy?.PolicyDocument.Statement ?? []) {
    if (Effect === 'Deny') continue;
    const condition = Condition as Record<string, { 'dynamodb:LeadingKeys'?: string[] }> | undefined;
    const suffix = condition ? ` if ${Object.values(condition)[0]?.['dynamodb:LeadingKeys']}` : '';
    for (const action of [Action].flat()) {
      granted[action] = [...(granted[action] ?? []), ...[where].flat().map((one) => `${shortened(one)}${suffix}`)];
    }
  }
  return granted;
}

/** What a role is denied, whatever else allows it. */
function denials(role: string): unknown[] {
  const [policy] = properties(role).Policies as { PolicyDocument: { Statement: Statement[] } }[];
  return (policy?.PolicyDocument.Statement ?? [])
    .filter(({ Effect }) => Effect === 'Deny')
    .map(({ Action, Resource: where }) => [[Action].flat(), shortened(where)]);
}

function shortened(where: unknown): string {
  if (typeof where === 'string') return where;
  const { 'Fn::GetAtt': attribute, 'Fn::Sub': template } = where as { 'Fn::GetAtt'?: string[]; 'Fn::Sub'?: string };
  return attribute?.join('.') ?? template ?? JSON.stringify(where);
}
