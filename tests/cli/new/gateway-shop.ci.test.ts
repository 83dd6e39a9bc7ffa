import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newShop } from '../../../scripts/cli/new/new-shop.ts';
import { processTerminal } from '../../../scripts/cli/terminal/terminal.ts';
import { ROOT } from '../../../scripts/dev/local/settings.ts';
import { temporaryFolder } from '../../support/command.ts';

/*
 * A server behind the Agents gateway, as `koogate new` makes it. Its packages are those of this checkout, linked; how
 * installed ones do is shown by scripts/evidence/package-life.ts.
 */

const folder = temporaryFolder();
afterAll(folder.remove);
const server = join(folder.path, 'my-agent');

beforeAll(async () => {
  expect(await newShop([server, '--seller', 'gateway'], { ...processTerminal([]), out: () => {} })).toBe(0);
  const modules = join(server, 'node_modules');
  mkdirSync(join(modules, 'koogate'), { recursive: true });
  for (const name of ['@types', 'typescript']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  mkdirSync(join(modules, '.bin'));
  symlinkSync(join(ROOT, 'scripts/bin.mjs'), join(modules, '.bin', 'koogate'));
  const gateway = `export * from ${JSON.stringify(join(ROOT, 'lib/gateway/index.ts'))};\n`;
  for (const file of ['gateway.js', 'gateway.d.ts']) writeFileSync(join(modules, 'koogate', file), gateway);
  const exports = { './gateway': { types: './gateway.d.ts', default: './gateway.js' } };
  writeFileSync(join(modules, 'koogate', 'package.json'), JSON.stringify({ name: 'koogate', type: 'module', exports }));
});

test('it has a server, its tests and two READMEs, and nothing of a shop', () => {
  const files = readdirSync(server).filter((name) => name !== 'node_modules');
  expect(files.toSorted()).toEqual(
    [
      '.gitignore',
      'README.md',
      'README.zh-CN.md',
      'lib',
      'package.json',
      'server.ts',
      'tests',
      'tsconfig.json',
    ].toSorted(),
  );
  const { scripts } = JSON.parse(readFileSync(join(server, 'package.json'), 'utf8'));
  expect(scripts).toMatchObject({ start: 'node server.ts', test: expect.stringContaining('tsc -p . && node --test') });
});

test('its types hold, and its own tests pass: the gateway finds it ready, answering and streaming', () => {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined };
  const options = { cwd: server, encoding: 'utf8', env } as const;
  expect(spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.'], options)).toMatchObject({ status: 0, stdout: '' });
  const run = spawnSync(process.execPath, ['--test', 'tests/**/*.test.ts'], options);
  expect({ status: run.status, output: run.stdout }).toEqual({ status: 0, output: expect.stringContaining('pass 3') });
});
