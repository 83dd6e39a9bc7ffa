import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROD, type Template, type WorkingCopy, workingCopy, zipEntries } from './serverless.ts';

/*
 * A stage with everything that a stage may add: the login, a domain, several receivers, permissions and environment.
 */

const CERTIFICATE = 'arn:aws:acm:ap-southeast-1:123456789012:certificate/one';
const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::tenants/*' };

let copy: WorkingCopy;
let template: Template;

beforeAll(async () => {
  copy = workingCopy({
    products: {
      crm: {
        seller: 'real',
        families: ['saas-v2', 'kit-v2'],
        login: {
          appId: 'app',
          callbackUrl: 'https://market.example.com/login/crm/callback',
          siteUrl: 'https://crm.example.com',
        },
      },
    },
    stages: {
      prod: {
        ...PROD,
        table: 'own-table',
        login: true,
        reservedConcurrency: 20,
        domain: { name: 'market.example.com', certificateArn: CERTIFICATE },
        receivers: ['ops', 'night-shift'],
        environment: { ACME_API: 'https://api.example.com' },
        iamStatements: [STATEMENT],
      },
    },
  });
  expect(await copy.serverless(['package', '--stage', 'prod'])).toMatchObject({ code: 0 });
  template = copy.template();
});
afterAll(() => copy.remove());

const properties = (name: string) => template.Resources[name]?.Properties ?? {};
const ofType = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);
const environmentOf = (name: string) => properties(name).Environment as { Variables: Record<string, string> };

describe('login: true', () => {
  test('adds a function that answers GET /login/{product}/{step}', () => {
    expect(zipEntries(join(copy.folder, '.serverless', 'login.zip'))).toEqual(['dist/login.cjs', 'dist/login.cjs.map']);
    expect(properties('LoginLambdaFunction')).toMatchObject({
      Handler: 'dist/login.handler',
      Role: { 'Fn::GetAtt': ['LoginRole', 'Arn'] },
    });
  });

  test('is throttled by itself, since each of its calls reads the table', () => {
    const [route = ''] = Object.entries(template.Resources)
      .filter(([, { Properties }]) => Properties?.RouteKey === 'GET /login/{product}/{step}')
      .map(([name]) => name);
    expect(template.Resources.HttpApiStage).toMatchObject({
      DependsOn: [route],
      Properties: {
        DefaultRouteSettings: { ThrottlingRateLimit: 2000 },
        RouteSettings: { 'GET /login/{product}/{step}': { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 } },
      },
    });
  });

  test('its role reads tenants, the login secret and the Kit’s sealing key, and writes nothing', () => {
    const policies = JSON.stringify(properties('LoginRole').Policies);
    expect(policies.match(/dynamodb:\w+(?=")/g)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:LeadingKeys',
    ]);
    expect(policies).toContain('TENANT#*');
    expect(policies.match(/koogate\/prod\/[\w/-]+/g)).toEqual([
      'koogate/prod/login',
      'koogate/prod/sealing/kit-private',
      'koogate/prod/sealing/kit-private/', // and its older keys, one by one
    ]);
  });
});

test('reserved concurrency keeps places for the route alone', () => {
  const reserved = ofType('AWS::Lambda::Function').map(({ Properties }) => Properties?.ReservedConcurrentExecutions);
  expect(reserved.filter((places) => places !== undefined)).toEqual([20]);
  expect(properties('ProduceLambdaFunction').ReservedConcurrentExecutions).toBe(20);
});

describe('a domain', () => {
  test('leads to the route, and the stack says where its record points', () => {
    expect(properties('Domain')).toEqual({
      DomainName: 'market.example.com',
      DomainNameConfigurations: [{ CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
    });
    expect(properties('DomainMapping')).toEqual({
      ApiId: { Ref: 'HttpApi' },
      DomainName: { Ref: 'Domain' },
      Stage: { Ref: 'HttpApiStage' },
    });
    expect(template.Outputs).toMatchObject({
      Route: { Value: 'https://market.example.com/produce/{product}' },
      DomainTarget: { Value: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] } },
    });
  });

  test('adds GET / to the routes, and nothing else', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);
    expect(routes.sort()).toEqual(['ANY /produce/{product+}', 'GET /', 'GET /login/{product}/{step}']);
  });
});

test('each receiver hears of the alarms at an address that only Parameter Store knows', () => {
  const subscription = (name: string) => ({
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: { Ref: 'Alarms' },
      Protocol: 'email',
      Endpoint: `{{resolve:ssm:/koogate/prod/receivers/${name}}}`,
    },
  });
  expect(template.Resources).toMatchObject({
    AlarmReceiverOps: subscription('ops'),
    AlarmReceiverNightDashshift: subscription('night-shift'),
  });
  expect(ofType('AWS::SNS::Subscription')).toHaveLength(2);
});

describe("what the seller's code needs", () => {
  test.each(['Produce', 'Fulfil', 'Login'])('is in the environment of %s, which runs it', (name) => {
    const { KOOGATE_TOPIC: _, ...variables } = environmentOf(`${name}LambdaFunction`).Variables;
    expect(variables).toEqual({
      KOOGATE_STAGE: 'prod',
      KOOGATE_TABLE: 'own-table',
      KOOGATE_PARAMETERS: '/koogate/prod',
      ACME_API: 'https://api.example.com',
    });
  });

  test.each(['Meter', 'Reconcile'])('is not in the environment of %s, which does not', (name) => {
    expect(environmentOf(`${name}LambdaFunction`).Variables).not.toHaveProperty('ACME_API');
  });

  test('is allowed to the same functions', () => {
    expect(properties('SellerPolicy')).toEqual({
      PolicyName: 'seller',
      PolicyDocument: { Version: '2012-10-17', Statement: [STATEMENT] },
      Roles: [{ Ref: 'ProduceRole' }, { Ref: 'FulfilRole' }, { Ref: 'LoginRole' }],
    });
  });
});

test('the table has the name that the stage gives it', () => {
  expect(properties('Table').TableName).toBe('own-table');
});
