import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleServer, SERVER_FILE } from '../../scripts/build/server.ts';
import { ROOT } from '../../scripts/dev/local/settings.ts';
import { temporaryFolder } from '../support/command.ts';

const folder = temporaryFolder();
const file = join(folder.path, SERVER_FILE);
const configFile = join(ROOT, 'tests/server/shop.config.ts');
let inputs: readonly string[];

beforeAll(async () => {
  const { outputs } = await bundleServer({ configFile, outfile: file });
  const [, output] = Object.entries(outputs).find(([path]) => basename(path) === SERVER_FILE) ?? [];
  inputs = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([input]) => relative(ROOT, resolve(configFile, '..', input)));
});
afterAll(folder.remove);

/** Runs the file where there is nothing else. */
function run(env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, [file], { cwd: folder.path, env, encoding: 'utf8' });
}

test('the server is one file with everything in it, all functions and the database’s client', () => {
  for (const name of ['create-produce', 'create-fulfil', 'create-meter', 'create-reconcile', 'create-login']) {
    expect(inputs).toContain(`handlers/${name}.ts`);
  }
  expect(inputs.some((path) => path.startsWith('node_modules/pg/'))).toBe(true);
  expect(inputs.filter((path) => /pg-native|aws-sdk\/(credential|nested)/.test(path))).toEqual([]);
  expect(inputs.filter((path) => path.startsWith('scripts/'))).toEqual(['scripts/build/environment-credentials.ts']);
});

test.each<[string, Record<string, string>, number, RegExp]>([
  ['no stage', {}, 2, /^KOOGATE_STAGE is not set/],
  ['a stage that is not there', { KOOGATE_STAGE: 'beta' }, 2, /no stage "beta"/],
  ['a stage on AWS', { KOOGATE_STAGE: 'cloud' }, 2, /stages\.cloud\.host to "server"/],
  ['no secrets file', { KOOGATE_STAGE: 'prod', KOOGATE_SECRETS: '/none.json' }, 1, /\/none\.json cannot be read/],
])('with %s it says so in one sentence, and ends', (_, env, code, sentence) => {
  const { status, stderr, stdout } = run(env);
  expect([status, stdout]).toEqual([code, '']);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('with a Node that is too old it says so before anything else', () => {
  const code = readFileSync(file, 'utf8');
  const banner = code.slice(0, code.indexOf('})();') + 5);
  const old = `Object.defineProperty(process.versions, 'node', { value: '22.17.0' });\n${banner}`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', old], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^KooGate needs Node 22\.18 or newer, and this is 22\.17\.0/);
});
