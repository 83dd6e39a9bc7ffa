/*
 * Permissions of a deployment, as data: one row a kind of resource. Serverless itself calls CloudFormation, the bucket
 * and Lambda; CloudFormation then makes the resources of the template with the rights of whoever started it.
 */

/** Places that permissions are bound to; texts for `Fn::Sub`. */
export interface Places {
  /** `<service>-<stage>`: names that Serverless gives. */
  readonly stack: string;
  /**
   * Beginning of names that CloudFormation makes up, such as `shop-prod-ProduceRole-1A2B3C`; of long stack names it keeps
   * the first 24 letters where a name must be short.
   */
  readonly made: string;
  readonly region: string;
  readonly table: string;
  /** Prefix of the stage's parameters. */
  readonly parameters: string;
  /** The stage's own domain. */
  readonly domain: string | undefined;
}

/** Permissions of one kind. */
export interface Permission {
  readonly name: string;
  /** Reason, for whoever reviews the role. */
  readonly why: string;
  readonly actions: readonly string[];
  readonly resources: (places: Places) => readonly string[];
  readonly condition?: (places: Places) => Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** ARN of something in the stage's region. */
const arn = (service: string, region: string, rest: string): string =>
  `arn:$\{AWS::Partition}:${service}:${region}:$\{AWS::AccountId}:${rest}`;

export const PERMISSIONS: readonly Permission[] = [
  {
    name: 'Stack',
    why: 'Serverless changes one stack by change sets, and follows them.',
    actions: [
      'cloudformation:CreateChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:DescribeChangeSet',
      'cloudformation:DescribeStackEvents',
      'cloudformation:DescribeStackResource',
      'cloudformation:DescribeStacks',
      'cloudformation:ExecuteChangeSet',
      'cloudformation:ListStackResources',
      'cloudformation:TagResource', // the stack carries the tag STAGE, and hands it on to its resources
    ],
    resources: ({ stack, region }) => [arn('cloudformation', region, `stack/${stack}/*`)],
  },
  {
    name: 'Template',
    why: 'Serverless has the template checked; that knows no resources.',
    actions: ['cloudformation:ValidateTemplate'],
    resources: () => ['*'],
  },
  {
    name: 'Bucket',
    why: 'The bucket of the stack: made by its first change, holds the zips and templates of the last deployments.',
    actions: [
      's3:CreateBucket',
      's3:DeleteObject', // of deployments that are too old to roll back to
      's3:GetBucketLocation',
      's3:GetBucketPolicy',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketTagging',
      's3:GetEncryptionConfiguration',
      's3:GetObject', // CloudFormation reads the template and the zips with the deployer's rights
      's3:ListBucket',
      's3:PutBucketPolicy',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketTagging',
      's3:PutEncryptionConfiguration',
      's3:PutObject',
    ],
    resources: ({ made }) => {
      const bucket = `arn:$\{AWS::Partition}:s3:::${made}*serverlessdeploymentbuck*`;
      return [bucket, `${bucket}/*`];
    },
  },
  {
    name: 'Functions',
    why: 'AWS::Lambda::Function, Permission and EventInvokeConfig.',
    actions: [
      'lambda:AddPermission',
      'lambda:CreateFunction',
      'lambda:DeleteFunction',
      'lambda:DeleteFunctionEventInvokeConfig',
      'lambda:GetFunction',
      'lambda:GetFunctionCodeSigningConfig',
      'lambda:GetFunctionConfiguration',
      'lambda:GetFunctionEventInvokeConfig',
      'lambda:GetFunctionRecursionConfig',
      'lambda:GetPolicy',
      'lambda:GetRuntimeManagementConfig',
      'lambda:ListTags',
      'lambda:PutFunctionEventInvokeConfig',
      'lambda:RemovePermission',
      'lambda:TagResource',
      'lambda:UntagResource',
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
      'lambda:UpdateFunctionEventInvokeConfig',
    ],
    resources: ({ stack, region }) => [arn('lambda', region, `function:${stack}-*`)],
  },
  {
    name: 'EventSources',
    why: "AWS::Lambda::EventSourceMapping; its ids are Lambda's own, so the functions bind it.",
    actions: [
      'lambda:CreateEventSourceMapping',
      'lambda:DeleteEventSourceMapping',
      'lambda:GetEventSourceMapping',
      'lambda:UpdateEventSourceMapping',
    ],
    resources: () => ['*'],
    condition: ({ stack, region }) => ({
      ArnLike: { 'lambda:FunctionArn': { 'Fn::Sub': arn('lambda', region, `function:${stack}-*`) } },
    }),
  },
  {
    name: 'EventSourceTags',
    why: 'CloudFormation hands the tag of the stack on to the mappings, and reads it.',
    actions: ['lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
    resources: ({ region }) => [arn('lambda', region, 'event-source-mapping:*')],
  },
  {
    name: 'Roles',
    why: 'AWS::IAM::Role and Policy: one role a function.',
    actions: [
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:DeleteRolePolicy',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:PutRolePolicy',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
    ],
    resources: ({ made }) => [`arn:$\{AWS::Partition}:iam::$\{AWS::AccountId}:role/${made}*`],
  },
  {
    name: 'PassRoles',
    why: 'The functions get these roles, and nothing else may.',
    actions: ['iam:PassRole'],
    resources: ({ made }) => [`arn:$\{AWS::Partition}:iam::$\{AWS::AccountId}:role/${made}*`],
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
  },
  {
    name: 'Logs',
    why: 'AWS::Logs::LogGroup of the functions, and AWS::Logs::MetricFilter.',
    actions: [
      'logs:CreateLogGroup',
      'logs:DeleteLogGroup',
      'logs:DeleteMetricFilter',
      'logs:ListTagsForResource',
      'logs:PutMetricFilter',
      'logs:PutRetentionPolicy',
      'logs:TagResource',
      'logs:UntagResource',
    ],
    resources: ({ stack, region }) => [arn('logs', region, `log-group:/aws/lambda/${stack}-*`)],
  },
  {
    name: 'FindLogs',
    why: 'CloudFormation looks log groups up by their names; that is bound to no single one.',
    actions: ['logs:DescribeLogGroups', 'logs:DescribeMetricFilters'],
    resources: ({ region }) => [arn('logs', region, 'log-group:*')],
  },
  {
    name: 'Table',
    why: 'AWS::DynamoDB::Table, without the right to delete it.',
    actions: [
      'dynamodb:CreateTable',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeContributorInsights',
      'dynamodb:DescribeKinesisStreamingDestination',
      'dynamodb:DescribeTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:GetResourcePolicy',
      'dynamodb:ListTagsOfResource',
      'dynamodb:TagResource',
      'dynamodb:UntagResource',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:UpdateTable',
      'dynamodb:UpdateTimeToLive',
    ],
    resources: ({ table, region }) => [arn('dynamodb', region, `table/${table}`)],
  },
  {
    name: 'Registry',
    why: 'KooGate compares the products with those that the table has served: one item, and no other.',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    resources: ({ table, region }) => [arn('dynamodb', region, `table/${table}`)],
    condition: () => ({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['REGISTRY'] } }),
  },
  {
    name: 'Queues',
    why: 'AWS::SQS::Queue.',
    actions: [
      'sqs:CreateQueue',
      'sqs:DeleteQueue',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ListQueueTags',
      'sqs:SetQueueAttributes',
      'sqs:TagQueue',
      'sqs:UntagQueue',
    ],
    resources: ({ made, region }) => [arn('sqs', region, `${made}*`)],
  },
  {
    name: 'Topic',
    why: 'AWS::SNS::Topic, and the receivers of alarms that subscribe to it.',
    actions: [
      'sns:CreateTopic',
      'sns:DeleteTopic',
      'sns:GetDataProtectionPolicy',
      'sns:GetTopicAttributes',
      'sns:ListSubscriptionsByTopic',
      'sns:ListTagsForResource',
      'sns:SetTopicAttributes',
      'sns:Subscribe',
      'sns:TagResource',
      'sns:UntagResource',
    ],
    resources: ({ made, region }) => [arn('sns', region, `${made}*`)],
  },
  {
    name: 'Subscriptions',
    why: 'AWS::SNS::Subscription of receivers that come and go; SNS binds these actions to nothing.',
    actions: ['sns:GetSubscriptionAttributes', 'sns:Unsubscribe'],
    resources: () => ['*'],
  },
  {
    name: 'Receivers',
    why: "CloudFormation reads the receivers' addresses with the deployer's rights. No other parameter is readable.",
    actions: ['ssm:GetParameters'],
    resources: ({ parameters, region }) => [arn('ssm', region, `parameter${parameters}/receivers/*`)],
  },
  {
    name: 'Schedules',
    why: 'AWS::Events::Rule of the functions that the clock calls.',
    actions: [
      'events:DeleteRule',
      'events:DescribeRule',
      'events:ListTagsForResource',
      'events:ListTargetsByRule',
      'events:PutRule',
      'events:PutTargets',
      'events:RemoveTargets',
      'events:TagResource',
      'events:UntagResource',
    ],
    resources: ({ made, region }) => [arn('events', region, `rule/${made}*`)],
  },
  {
    name: 'Alarms',
    why: 'AWS::CloudWatch::Alarm.',
    actions: [
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:ListTagsForResource',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:TagResource',
      'cloudwatch:UntagResource',
    ],
    resources: ({ made, region }) => [arn('cloudwatch', region, `alarm:${made}*`)],
  },
  {
    name: 'Gateway',
    why: "AWS::ApiGatewayV2: the API's id is the gateway's own, so it is bound to the region, and to the stage's domain.",
    actions: ['apigateway:DELETE', 'apigateway:GET', 'apigateway:PATCH', 'apigateway:POST', 'apigateway:PUT'],
    resources: ({ region, domain }) =>
      [
        '/apis',
        '/apis/*',
        '/tags/*',
        ...(domain ? ['/domainnames', `/domainnames/${domain}`, `/domainnames/${domain}/*`] : []),
      ].map((path) => `arn:$\{AWS::Partition}:apigateway:${region}::${path}`),
  },
  {
    name: 'GatewayRole',
    why: "API Gateway makes its own role in the account with the first API, with the deployer's rights.",
    actions: ['iam:CreateServiceLinkedRole'],
    resources: () => [
      `arn:$\{AWS::Partition}:iam::$\{AWS::AccountId}:role/aws-service-role/ops.apigateway.amazonaws.com/*`,
    ],
    condition: () => ({ StringEquals: { 'iam:AWSServiceName': 'ops.apigateway.amazonaws.com' } }),
  },
];
