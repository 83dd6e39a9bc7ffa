import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WorkingCopy, workingCopy, zipEntries } from './serverless.ts';

/*
 * The snippet of docs/login.serverless.yml, pasted where it says, makes a template that can be deployed.
 */

let copy: WorkingCopy;
let resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;

beforeAll(async () => {
  copy = workingCopy();
  const snippet = readFileSync(new URL('../../docs/login.serverless.yml', import.meta.url), 'utf8');
  const [, functions = '', roles = ''] = snippet.split(/^# --- (?:functions|resources)\n/m);
  const path = join(copy.folder, 'serverless.yml');
  const text = readFileSync(path, 'utf8')
    .replace(/^custom:$/m, () => `${functions}\ncustom:`)
    .replace(/^ {2}extensions:$/m, () => `${roles}\n  extensions:`);
  writeFileSync(path, text);
  const ran = await copy.serverless(['package', '--stage', 'prod']);
  expect(ran).toMatchObject({ code: 0 });
  const template = join(copy.folder, '.serverless', 'cloudformation-template-update-stack.json');
  resources = JSON.parse(readFileSync(template, 'utf8')).Resources;
});
afterAll(() => copy.remove());

test('a third function answers GET /login/{product}/{step}', () => {
  expect(zipEntries(join(copy.folder, '.serverless', 'login.zip'))).toEqual(['dist/login.cjs']);
  expect(resources.LoginLambdaFunction?.Properties).toMatchObject({
    Handler: 'dist/login.handler',
    Role: { 'Fn::GetAtt': ['LoginRole', 'Arn'] },
  });
  const routes = Object.values(resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
  expect(routes.map(({ Properties }) => Properties.RouteKey)).toContain('GET /login/{product}/{step}');
});

test('its role reads tenants, the login secret and the Kit’s sealing key, and writes nothing', () => {
  const policies = JSON.stringify(resources.LoginRole?.Properties.Policies);
  expect(policies.match(/dynamodb:\w+(?=")/g)).toEqual(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:LeadingKeys']);
  expect(policies).toContain('TENANT#*');
  expect(policies.match(/koogate\/prod\/[\w/-]+/g)).toEqual(['koogate/prod/login', 'koogate/prod/sealing/kit-private']);
});
