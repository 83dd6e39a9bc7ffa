import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type Config, defineConfig } from '../../../lib/config/config.ts';
import { resolveStage } from '../../../lib/config/stage.ts';
import { PERMISSIONS } from '../../../scripts/cli/operator/deploy-role/permissions.ts';
import { deployRole } from '../../../scripts/cli/operator/deploy-role/template.ts';
import { demoSeller } from '../../../scripts/dev/samples/demo.ts';
import { operate } from './operate.ts';

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly (string | { readonly 'Fn::Sub': string })[];
  readonly Condition?: unknown;
}

const config = defineConfig({
  service: 'my-shop',
  products: { crm: { seller: demoSeller } },
  stages: {
    prod: {
      region: 'ap-southeast-1',
      table: 'own-table',
      domain: { name: 'market.example.com', certificateArn: 'arn:aws:acm:ap-southeast-1:1:certificate/one' },
    },
    'a-stage-of-long-name': { region: 'ap-southeast-1' },
    cn: { host: 'server' },
    nowhere: {},
  },
});

const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';

const make = (stage: string, more: { repository?: string; providerArn?: string; config?: Config } = {}) =>
  deployRole({ config, stage: resolveStage(config, stage), repository: 'acme/my-shop', ...more });

/** Statements by name. */
const statementsOf = (text: string): ReadonlyMap<string, Statement> => {
  const [policy] = parse(text).Resources.DeployRole.Properties.Policies;
  return new Map(policy.PolicyDocument.Statement.map((one: Statement) => [one.Sid, one]));
};

/** ARNs of a statement, with the names of AWS' pseudo parameters in the place of their values. */
const placesOf = (statement: Statement | undefined) =>
  statement?.Resource.map((one) => (typeof one === 'string' ? one : one['Fn::Sub'].replace(/\$\{AWS::(\w+)}/g, '$1')));

describe('the role', () => {
  let text: string;
  let statements: ReadonlyMap<string, Statement>;
  beforeAll(() => {
    text = make('prod');
    statements = statementsOf(text);
  });

  test('is taken by one repository in one environment alone', () => {
    const { Provider, DeployRole } = parse(text).Resources;
    expect(DeployRole.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: { Ref: 'Provider' } },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:acme/my-shop:environment:prod',
          },
        },
      },
    ]);
    expect(Provider.Properties).toEqual({
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
    });
  });

  test('trusts the identity provider that the account has already', () => {
    const { Resources } = parse(make('prod', { providerArn: PROVIDER }));
    expect(Object.keys(Resources)).toEqual(['DeployRole']);
    const [trust] = Resources.DeployRole.Properties.AssumeRolePolicyDocument.Statement;
    expect(trust.Principal).toEqual({ Federated: PROVIDER });
  });

  test('names each action, and says for each kind why', () => {
    for (const { Sid, Action } of statements.values()) {
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      expect(text).toContain(`# ${PERMISSIONS.find(({ name }) => name === Sid)?.why}`);
    }
  });

  test('is bound to the names of the stage, but for what AWS binds to nothing', () => {
    const unbound = [...statements.values()].filter((one) => placesOf(one)?.includes('*')).map(({ Sid }) => Sid);
    expect(unbound.sort()).toEqual(['EventSources', 'Subscriptions', 'Template']);
    expect(statements.get('EventSources')?.Condition).toHaveProperty('ArnLike.lambda:FunctionArn');
    for (const statement of statements.values()) {
      for (const place of placesOf(statement) ?? []) {
        if (place === '*' || /apigateway|event-source-mapping|log-group:\*$/.test(place)) continue;
        expect(place).toMatch(/my-shop[-/]prod|own-table/);
      }
    }
    expect(placesOf(statements.get('Stack'))).toEqual([
      'arn:Partition:cloudformation:ap-southeast-1:AccountId:stack/my-shop-prod/*',
    ]);
    expect(placesOf(statements.get('Gateway'))).toContain(
      'arn:Partition:apigateway:ap-southeast-1::/domainnames/market.example.com',
    );
  });

  test('reads addresses of receivers, no secret, and one item of the table', () => {
    const actions = [...statements.values()].flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith('ssm:'))).toEqual(['ssm:GetParameters']);
    expect(placesOf(statements.get('Receivers'))).toEqual([
      'arn:Partition:ssm:ap-southeast-1:AccountId:parameter/my-shop/prod/receivers/*',
    ]);
    expect(statements.get('Registry')).toMatchObject({
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['REGISTRY'] } },
    });
    expect(actions).not.toContain('dynamodb:DeleteTable');
  });

  test('passes its roles to Lambda alone, and cannot change itself', () => {
    expect(statements.get('PassRoles')?.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    });
    expect(parse(text).Resources.DeployRole.Properties.RoleName).toBe('deploy.my-shop.prod');
    expect(placesOf(statements.get('Roles'))).toEqual([expect.stringMatching(/:role\/my-shop-prod-\*$/)]);
  });

  test('fits into the ten thousand characters that AWS takes', () => {
    expect(JSON.stringify([...statements.values()]).length).toBeLessThan(10_240);
  });

  test('knows that names are shortened where the name of the stack is long', () => {
    const long = statementsOf(make('a-stage-of-long-name'));
    expect(placesOf(long.get('Roles'))).toEqual([expect.stringMatching(/:role\/my-shop-a-stage-of-long-\*$/)]);
    expect(placesOf(long.get('Functions'))).toEqual([
      expect.stringMatching(/:function:my-shop-a-stage-of-long-name-\*$/),
    ]);
  });
});

test.each([
  ['a repository without an owner', 'prod', { repository: 'my-shop' }, /"my-shop" is not a repository/],
  ['a repository of any name', 'prod', { repository: 'acme/*' }, /"acme\/\*" is not a repository/],
  ['a provider that is none', 'prod', { providerArn: 'github' }, /"github" is not the ARN/],
  ['a stage on a server', 'cn', {}, /"cn" runs on a server/],
  ['a stage without a region', 'nowhere', {}, /set stages\.nowhere\.region/],
])('refuses %s', (_, stage, more, sentence) => {
  expect(() => make(stage, more)).toThrow(sentence);
});

test('koogate deploy-role prints the template, and nothing else', async () => {
  const args = ['--stage', 'dev', '--repository', 'acme/my-shop', '--provider-arn', PROVIDER];
  const { code, output } = await operate(['deploy-role', ...args]);
  expect(code).toBe(0);
  expect(parse(output)).toMatchObject({ Resources: { DeployRole: { Type: 'AWS::IAM::Role' } } });
});

test.each([
  [['--stage', 'dev'], 'Say which stage and which repository'],
  [['--stage', 'live', '--repository', 'acme/my-shop'], 'no stage "live". Take one of: dev, prod'],
  [['--stage', 'dev', '--repository', 'acme/*'], '"acme/*" is not a repository'],
])('%j is a usage error', async (args, sentence) => {
  const { code, output } = await operate(['deploy-role', ...args]);
  expect([code, output]).toEqual([2, expect.stringContaining(sentence)]);
});
