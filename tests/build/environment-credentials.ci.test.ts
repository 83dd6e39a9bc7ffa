import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundlePrograms } from '../../scripts/build/bundle.ts';
import { defaultProvider } from '../../scripts/build/environment-credentials.ts';
import { startTable, type TestTable } from '../support/table.ts';

/** Credentials as Lambda hands them over. */
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

let folder: string;
let engine: TestTable;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-credentials-'));
  engine = await startTable();
  await bundlePrograms({
    programs: ['tests/support/bundled-client.ts', 'tests/support/bundled-other-client.ts'],
    outdir: folder,
  });
});

afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true });
});

/** Runs a bundled program as a function runs: with nothing of this machine but what `env` says. */
async function run(program: string, env: Record<string, string>): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [join(folder, `${program}.cjs`), engine.table.name], {
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_DYNAMODB: engine.engine,
      AWS_CONFIG_FILE: '/none',
      AWS_SHARED_CREDENTIALS_FILE: '/none',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}

test('finds credentials and endpoint in the environment, gets old images and the names of errors', async () => {
  expect(await run('bundled-client', KEYS)).toEqual({
    read: { pk: 'a', sk: 'b', n: 1 },
    refused: { name: 'ConditionalCheckFailedException', isFailedCondition: true, item: { pk: 'a', sk: 'b', n: 1 } },
    missing: { name: 'ResourceNotFoundException', isFailedCondition: false },
    taken: { name: 'ResourceInUseException', isFailedCondition: false },
  });
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
  'says which variables hold credentials without %s',
  async (missing) => {
    const { failed } = await run('bundled-client', { ...KEYS, [missing]: '' });

    expect(failed).toContain('AWS_ACCESS_KEY_ID');
    expect(failed).toContain('AWS_SECRET_ACCESS_KEY');
  },
);

test('finds them once, and looks no more', async () => {
  const environment = process.env;
  const find = defaultProvider();
  try {
    process.env = { ...environment, ...KEYS };
    const found = await find();
    process.env = { ...environment, ...KEYS, AWS_ACCESS_KEY_ID: 'another' };

    expect(await find()).toBe(found);
    expect(found).toMatchObject({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
  } finally {
    process.env = environment;
  }
});

test("signs the calls of a seller's other clients, under the session that the credentials belong to", async () => {
  const signed = {
    hostname: 'ssm.eu-west-1.amazonaws.com',
    target: 'AmazonSSM.GetParameter',
    authorization: expect.stringMatching(/Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/ssm\/aws4_request/),
  };

  expect(await run('bundled-other-client', { ...KEYS, AWS_SESSION_TOKEN: 'token' })).toEqual({
    ...signed,
    sessionToken: 'token',
  });
  expect(await run('bundled-other-client', KEYS)).toEqual(signed);
});

test("leaves a seller's clients the credentials that they are given", async () => {
  expect(await run('bundled-other-client', { GIVEN_KEY: 'AKIDGIVEN' })).toMatchObject({
    authorization: expect.stringContaining('Credential=AKIDGIVEN/'),
  });
});
