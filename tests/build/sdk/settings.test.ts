import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getRetryAfterHint } from '@smithy/core/retry';
import { HttpResponse } from '@smithy/core/transport';
import { bundle } from '../../../scripts/build/bundle.mjs';
import { parseRetryAfterHeader } from '../../../scripts/build/sdk/retry-after.ts';

const PROGRAM = 'tests/support/bundled-settings.ts';
const OTHER_CLIENT = 'tests/support/bundled-other-client.ts';
const LAMBDA = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-settings-'));
  await bundle({ entries: [PROGRAM, OTHER_CLIENT], outdir: folder });
});

afterAll(() => rmSync(folder, { recursive: true }));

async function run(program: string, more: Record<string, string>): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, ['--no-warnings', program], {
    // no files of the machine that runs the tests, which the original would read
    env: { ...LAMBDA, AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none', ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}

test.each<Record<string, string>>([
  {},
  { AWS_USE_FIPS_ENDPOINT: 'true' },
  { AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_REGION: 'cn-north-1' },
  { AWS_USE_FIPS_ENDPOINT: 'perhaps' },
  { AWS_ENDPOINT_URL: 'http://127.0.0.1:1/all' },
  { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_DYNAMODB: 'https://table.example/' },
  { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
  { AWS_MAX_ATTEMPTS: '2' },
  { AWS_MAX_ATTEMPTS: 'many' },
  { AWS_RETRY_MODE: 'standard', AWS_DEFAULTS_MODE: 'in-region' },
  { AWS_REGION: 'not a region' },
])('hears the environment as the SDK does: %j', async (env) => {
  const [ours, theirs] = await Promise.all([run(join(folder, 'bundled-settings.cjs'), env), run(PROGRAM, env)]);

  expect(ours).toEqual(theirs);
});

test('says that the region is missing', async () => {
  expect(JSON.stringify(await run(join(folder, 'bundled-settings.cjs'), { AWS_REGION: '' }))).toContain('AWS_REGION');
});

test('leaves other clients of the SDK their endpoints and their protocol', async () => {
  expect(await run(join(folder, 'bundled-other-client.cjs'), {})).toEqual({
    hostname: 'ssm.eu-west-1.amazonaws.com',
    target: 'AmazonSSM.GetParameter',
    scope: expect.stringContaining('/eu-west-1/ssm/aws4_request'),
  });
});

test.each<Record<string, string>>([
  {},
  { 'retry-after': '3' },
  { 'retry-after': '0.5' },
  { 'retry-after': new Date(Date.now() + 5_000).toUTCString() },
  { 'retry-after': 'soon' },
  { 'x-amz-retry-after': '1500' },
  { 'x-amz-retry-after': 'soon' },
])('reads when to come back as the SDK does: %j', (headers) => {
  const response = new HttpResponse({ statusCode: 503, headers });

  const ours = parseRetryAfterHeader(response);

  const theirs = getRetryAfterHint(response);
  if (theirs === undefined) expect(ours).toBeUndefined();
  else expect(Math.abs((ours?.getTime() ?? 0) - theirs.getTime())).toBeLessThan(100);
});
