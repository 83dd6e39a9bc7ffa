import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { readPlace } from './place.ts';

const READS = [
  'dynamodb:BatchGetItem',
  'dynamodb:DescribeTable',
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
];
const WRITES = ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** Rights for what `koogate doctor` looks at besides: names and states, no content. */
const DIAGNOSES = [
  'cloudformation:DescribeStacks',
  'cloudformation:ListStackResources',
  'dynamodb:DescribeContinuousBackups',
  'dynamodb:DescribeTimeToLive',
  'iam:GetRole',
  'lambda:GetAccountSettings',
  'lambda:GetFunctionConfiguration',
  'sns:ListSubscriptionsByTopic',
];

/** Prints what AWS must allow a person on duty: to read, or to act as well. */
export async function policy(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, {
    ...COMMON,
    stage: { type: 'string' },
    read: { type: 'boolean' },
    write: { type: 'boolean' },
  });
  if (values.help) {
    out(say('help.policy'));
    return EXIT.good;
  }
  const isOne = (values.read === true) !== (values.write === true);
  if (positionals.join(' ') !== 'operator' || !isOne || values.stage === undefined) {
    throw new Problem('problem.policy-needed');
  }
  const { stage } = await readPlace({ stage: values.stage }, terminal);
  const { region, table, parameters } = stage ?? {};
  if (stage?.host !== 'aws' || region === undefined) throw new Problem('problem.policy-aws', { stage: values.stage });
  out(
    JSON.stringify(
      operatorPolicy({ region, table: table ?? '', parameters: parameters ?? '' }, values.write === true),
      null,
      2,
    ),
  );
  return EXIT.good;
}

/** Makes the policy. Operators never read what sealing keys open: the keys of histories and pseudonyms, and what seals a note. */
export function operatorPolicy(
  { region, table, parameters }: { readonly region: string; readonly table: string; readonly parameters: string },
  writes: boolean,
): object {
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws';
  const ofTable = `arn:${partition}:dynamodb:${region}:*:table/${table}`;
  const parameter = (name: string) => `arn:${partition}:ssm:${region}:*:parameter${parameters}/${name}`;
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Read', Effect: 'Allow', Action: READS, Resource: [ofTable, `${ofTable}/index/*`] },
      {
        Sid: 'VerifyHistories',
        Effect: 'Allow',
        Action: ['ssm:GetParameter', 'ssm:GetParameters'],
        Resource: [parameter('hmac'), ...(writes ? [parameter('sealing/personal-public')] : [])],
      },
      ...(writes ? [{ Sid: 'Act', Effect: 'Allow', Action: WRITES, Resource: ofTable }] : []),
      { Sid: 'Diagnose', Effect: 'Allow', Action: DIAGNOSES, Resource: '*' },
    ],
  };
}
