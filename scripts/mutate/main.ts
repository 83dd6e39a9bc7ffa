import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from '../bench/machine.ts';
import { machineText } from '../bench/report.ts';
import { ROOT } from '../local/settings.ts';
import { main, Problem } from '../problem.ts';

const HERE = import.meta.dirname;

/** The parts of lib/ that are mutated, and the folders of tests that must notice. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol', 'fuzz'],
  instances: ['instances', 'fulfilment'],
  middleware: ['middleware', 'fuzz'],
};

/** Of a hundred mutants so many must be noticed. */
const GOAL = 90;

const USAGE = `npm run mutate [-- ${Object.keys(PARTS).join('|')} …] [-- --file lib/protocol/times.ts] [-- --at-a-time 2]

Changes the code in one place after the other and runs the tests: each change must make one fail. Takes long.
--file       one file, or a pattern, of the part that is named`;

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly location: { readonly start: { readonly line: number } };
  readonly replacement?: string;
}

/** `npm run mutate`: the score of each part, and every mutant that nobody noticed. */
await main(async () => {
  const { values, positionals } = parseArgs({
    options: { file: { type: 'string' }, 'at-a-time': { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) return console.log(USAGE);
  const parts = positionals.length > 0 ? positionals : Object.keys(PARTS);
  if (values.file !== undefined && parts.length !== 1) throw new Problem(`Name the part of the file.\n\n${USAGE}`);
  await install();
  const lines: string[] = [];
  for (const part of parts) {
    const tests = PARTS[part];
    if (tests === undefined) throw new Problem(`There is no part "${part}".\n\n${USAGE}`);
    await mutate(part, values.file ?? `lib/${part}/**/*.ts`, tests, values['at-a-time'] ?? '2');
    lines.push(...report(part));
  }
  console.log(`\n${machineText(machine())}\n\n${lines.join('\n')}`);
});

/** Installs the tool as its lock file names it; it is no dependency of the project, whose tests do without. */
async function install(): Promise<void> {
  if (existsSync(join(HERE, 'node_modules/.package-lock.json'))) return;
  console.error('installing the tool (npm ci in scripts/mutate) …');
  const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: HERE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Problem('The tool could not be installed: run "npm ci" in scripts/mutate to see why.');
}

async function mutate(part: string, files: string, tests: readonly string[], atATime: string): Promise<void> {
  const stryker = join(HERE, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const config = 'scripts/mutate/stryker.config.mjs';
  const child = spawn(process.execPath, [stryker, 'run', config, '--mutate', files, '--concurrency', atATime], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, MUTATE_TESTS: tests.join(','), NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Problem(`Mutating lib/${part} ended with exit code ${code}.`);
}

function report(part: string): readonly string[] {
  const { files } = JSON.parse(readFileSync(join(ROOT, '.local/mutate/report.json'), 'utf8')) as {
    files: Record<string, { mutants: readonly Mutant[] }>;
  };
  mkdirSync(join(ROOT, '.local/mutate'), { recursive: true });
  const all = Object.entries(files).flatMap(([file, { mutants }]) => mutants.map((mutant) => ({ file, ...mutant })));
  const noticed = all.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  const missed = all.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const score = (100 * noticed.length) / Math.max(1, noticed.length + missed.length);
  writeFileSync(join(ROOT, `.local/mutate/${part}.json`), JSON.stringify({ score, missed }, undefined, 2));
  if (score < GOAL) process.exitCode = 1;
  return [
    `${score >= GOAL ? 'met   ' : 'MISSED'}  lib/${part}: ${score.toFixed(1)} of 100 (goal ${GOAL}): ${noticed.length} of ${noticed.length + missed.length} mutants noticed`,
    ...missed.map(
      ({ file, location, mutatorName, replacement = '' }) =>
        `          ${file}:${location.start.line} ${mutatorName}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 80)}`,
    ),
  ];
}
