import { DescribeTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PERMISSIONS } from '../../scripts/cli/operator/deploy-role/permissions.ts';
import { createTable, type Engine, localClient, startDynoxide } from '../../scripts/dev/engine.ts';
import { BUCKET, type FakeAws, startFakeAws } from './fake-aws.ts';
import { PROD, type Ran, type WorkingCopy, workingCopy } from './serverless.ts';

/** Number of the change that brings the system; the first one brings the bucket alone. */
const SYSTEM = 2;

let aws: FakeAws;
let engine: Engine;
let client: ReturnType<typeof localClient>;
let copy: WorkingCopy;
let ran: Ran;

const deploy = () =>
  copy.serverless(['deploy', '--stage', 'prod'], {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret-of-the-deployer',
    SLS_AWS_MONITORING_FREQUENCY: '20',
  });

beforeAll(async () => {
  engine = await startDynoxide();
  client = localClient(engine.endpoint);
  aws = await startFakeAws(async (change) => {
    if (change === SYSTEM) await createTable(client, 'koogate-prod');
  });
  copy = workingCopy({ products: { crm: { seller: 'real' }, mail: { seller: 'real' } }, stages: { prod: PROD } });
  ran = await deploy();
});

afterAll(async () => {
  copy.remove();
  client.destroy();
  await aws.stop();
  await engine.stop();
});

/** IAM's name for a call, if it asks for any right. */
function actionOf(name: string): string | undefined {
  const [service, verb = '', path = ''] = name.split(' ');
  if (service === 'sts') return undefined; // GetCallerIdentity is everybody's
  if (service === 'lambda') return path.split('/').length === 4 ? 'lambda:GetFunction' : name;
  if (service !== 's3') return `${service}:${verb}`;
  return /^\/[^/]+\/?$/.test(path) ? 's3:ListBucket' : verb === 'PUT' ? 's3:PutObject' : name;
}

const of = (name: string) => aws.calls.filter((call) => call.name === name);

describe('a first deployment', () => {
  test('succeeds against the services it needs', () => {
    expect(ran).toMatchObject({ code: 0 });
  });

  test('asks who deploys before it changes anything', () => {
    const names = aws.calls.map(({ name }) => name);
    expect(names.indexOf('sts GetCallerIdentity')).toBeGreaterThanOrEqual(0);
    expect(names.indexOf('sts GetCallerIdentity')).toBeLessThan(names.indexOf('cloudformation CreateChangeSet'));
  });

  test('creates the bucket first, then changes the stack to the template it uploaded', () => {
    const [bucket, system] = of('cloudformation CreateChangeSet').map(({ parameters }) => parameters);
    expect(bucket?.get('ChangeSetType')).toBe('CREATE');
    const resources = Object.values(JSON.parse(bucket?.get('TemplateBody') ?? '{}').Resources);
    expect(resources.map((resource) => (resource as { Type: string }).Type).sort()).toEqual([
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ]);
    expect(system?.get('ChangeSetType')).toBe('UPDATE');
    const url = new URL(system?.get('TemplateURL') ?? '');
    expect(url.pathname).toContain(BUCKET);
    expect(url.pathname).toMatch(/\/serverless\/koogate\/prod\/.*compiled-cloudformation-template\.json$/);
    expect(of('cloudformation ExecuteChangeSet')).toHaveLength(2);
  });

  test('uploads the template and one zip a function, which the template points to', () => {
    const uploaded = [...aws.objects.keys()].map((path) => decodeURIComponent(path));
    const find = (name: string) => uploaded.find((path) => path.endsWith(`/${name}`));
    const body = [...aws.objects].find(([path]) => path.endsWith('/compiled-cloudformation-template.json'))?.[1];
    const { Resources } = JSON.parse(body?.toString() ?? '{}');
    for (const [name, resource] of [
      ['produce.zip', 'ProduceLambdaFunction'],
      ['fulfil.zip', 'FulfilLambdaFunction'],
    ] as const) {
      expect(find(name)).toBe(`/${BUCKET}/${Resources[resource].Properties.Code.S3Key}`);
    }
  });

  test('sends no key of the deployer anywhere', () => {
    const sent = Buffer.concat(aws.calls.map(({ body }) => body));
    expect(sent.includes('secret-of-the-deployer')).toBe(false);
    expect(ran.output).not.toContain('secret-of-the-deployer');
  });
});

test('asks for nothing that the role of the deploy workflow may not do', () => {
  const allowed = new Set(PERMISSIONS.flatMap(({ actions }) => actions));
  const asked = new Set(aws.calls.flatMap(({ name }) => actionOf(name) ?? []));
  expect([...asked].filter((action) => !allowed.has(action))).toEqual([]);
  expect(asked.size).toBeGreaterThan(10);
  // What Serverless itself may do and did not: the bucket keeps a few deployments, and CloudFormation does the rest.
  const own = [...allowed].filter((action) => action.startsWith('cloudformation:') && !asked.has(action));
  expect(own).toEqual(['cloudformation:TagResource']);
});

test('the table is protected from deletion once the system is deployed', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'koogate-prod' }));
  expect(Table?.DeletionProtectionEnabled).toBe(true);
});

describe('the registry of products', () => {
  test('is written once the system is deployed', async () => {
    const Key = { pk: { S: 'REGISTRY' }, sk: { S: 'REGISTRY' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: 'koogate-prod', Key }));
    expect(Object.keys(Item?.products?.M ?? {}).sort()).toEqual(['crm', 'mail']);
  });

  test('keeps settings that lack one of its products from being deployed', async () => {
    copy.configure({ products: { crm: { seller: 'real' }, post: { seller: 'real' } }, stages: { prod: PROD } });
    const changes = of('cloudformation CreateChangeSet').length;
    const { code, output } = await deploy();
    expect(code).toBe(1);
    expect(output).toMatch(/"mail".*formerNames: \['mail'\].*retired: \['mail'\]/s);
    expect(of('cloudformation CreateChangeSet')).toHaveLength(changes);
  });
});

test('without credentials a deployment stops and says so', async () => {
  const { code, output } = await copy.serverless(['deploy', '--stage', 'prod'], { AWS_EC2_METADATA_DISABLED: 'true' });
  expect(code).not.toBe(0);
  expect(output).toContain('credentials');
});
