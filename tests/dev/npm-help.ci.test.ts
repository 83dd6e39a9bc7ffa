import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../../scripts/dev/local/settings.ts';
import { COMMANDS } from '../../scripts/koogate.ts';
import { NPM_HELP } from '../../scripts/language/npm-help.ts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};

/** Scripts that are another program, whose help is its own. */
const FOREIGN = /^(tsc|biome|serverless) |run-jest\.mjs/;

/** Scripts that print a longer help by themselves. */
const OWN = ['bench', 'prove', 'proof', 'mutate', 'release'];

const ours = Object.entries(scripts).filter(([, line]) => !FOREIGN.test(line) && !line.includes('bin.mjs'));

function help(line: string, language: string) {
  const [, file = ''] = line.split(' ');
  const env = { ...process.env, KOOGATE_LANG: language };
  return spawnSync(process.execPath, [file, '--help'], { cwd: ROOT, env, encoding: 'utf8', timeout: 30_000 });
}

describe('npm scripts', () => {
  test('each is another program, a command of koogate, or has a help', () => {
    const commands = Object.values(scripts).flatMap((line) => /bin\.mjs ([a-z-]+)/.exec(line)?.[1] ?? []);
    expect(commands.filter((name) => !Object.hasOwn(COMMANDS, name))).toEqual([]);
    expect(ours.map(([name]) => name).filter((name) => !OWN.includes(name) && !Object.hasOwn(NPM_HELP, name))).toEqual(
      [],
    );
  });

  test.each(Object.keys(NPM_HELP))('%s prints its help in Chinese, and does nothing else', (name) => {
    const { status, stdout, stderr } = help(scripts[name] ?? '', 'zh_CN.UTF-8');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${NPM_HELP[name as keyof typeof NPM_HELP][1]}\n`);
  });

  test.each(OWN)('%s prints its own help, and does nothing else', (name) => {
    const { status, stdout } = help(scripts[name] ?? '', 'en');
    expect(status).toBe(0);
    expect(stdout).toContain(`npm run ${name}`);
  });
});
