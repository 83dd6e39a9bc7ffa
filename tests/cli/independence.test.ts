import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const scripts = join(project, 'scripts');
/** The marketplace's side, and the commands that judge a server; an operator's commands act on one from inside. */
const isJudge = (path: string) =>
  /^(language|marketplace|cli(?!\/(operator|new|main|commands\/(demo|curl))))\//.test(relative(scripts, path));
const sources = readdirSync(scripts, { recursive: true, encoding: 'utf8' })
  .map((name) => join(scripts, name))
  .filter((path) => path.endsWith('.ts') && isJudge(path));

test('the command line shares no code with the server that it judges', () => {
  expect(sources.length).toBeGreaterThan(50);
  for (const path of sources) {
    const text = readFileSync(path, 'utf8');
    for (const [, kind = '', from = ''] of text.matchAll(/^(import(?: type)?|export)[^;]*? from '([^']+)';/gms)) {
      if (!from.startsWith('.') || kind === 'import type') continue;
      const inside = isJudge(resolve(dirname(path), from));
      expect(`${path} → ${from}: ${inside}`).toBe(`${path} → ${from}: true`);
    }
  }
});

const bin = (...args: string[]) =>
  spawnSync(process.execPath, [join(scripts, 'bin.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, LANG: 'C', LC_ALL: '' },
  });

test('the executable runs, keeps to its exit codes, and writes no colours into a pipe', () => {
  expect(bin('keys', 'access')).toMatchObject({ status: 0, stderr: '' });
  expect(bin('sell')).toMatchObject({ status: 2, stdout: '' });
  const { status, stdout } = bin('simulate', 'newInstance', '--at', 'http://127.0.0.1:9', '--key', 'base=x');
  expect(status).toBe(1);
  expect(stdout).not.toContain('\u001b[');
  expect(stdout).toContain('no connection');
});

test('the package names the executable', () => {
  const { bin: named } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  expect(named).toEqual({ koogate: 'scripts/bin.mjs' });
});
