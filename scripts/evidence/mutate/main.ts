import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../dev/local/settings.ts';
import { main, Problem } from '../../dev/problem.ts';
import { machine } from '../bench/machine.ts';
import { machineText } from '../bench/report.ts';
import { keepMeasured, type Measured } from '../page/measured.ts';
import { writePages } from '../page/write.ts';

const HERE = import.meta.dirname;

/** A part of lib/ that is mutated. */
interface Part {
  /** The folders of tests that must notice, the quicker ones first. */
  readonly tests: readonly string[];
  /**
   * True if also those mutants are tried that take effect while modules are loaded, tables of schemas for example. Each
   * of them is up against every test of the part.
   */
  readonly whileLoading: boolean;
}

const PARTS: Readonly<Record<string, Part>> = {
  protocol: { tests: ['tests/protocol', 'tests/fuzz'], whileLoading: true },
  instances: { tests: ['tests/instances', 'tests/handlers', 'tests/fulfilment'], whileLoading: false },
  middleware: { tests: ['tests/middleware', 'tests/fuzz', 'tests/handlers'], whileLoading: false },
  fulfilment: { tests: ['tests/fulfilment', 'tests/instances', 'tests/licenses'], whileLoading: false },
  usage: { tests: ['tests/usage'], whileLoading: false },
  tenants: { tests: ['tests/tenants', 'tests/fulfilment'], whileLoading: false },
  table: { tests: ['tests/table'], whileLoading: false },
  alarms: { tests: ['tests/alarms'], whileLoading: false },
};

/** Of a hundred mutants so many must be noticed. */
const GOAL = 90;

const USAGE = `npm run mutate [-- ${Object.keys(PARTS).join('|')} …] [-- --file lib/protocol/times.ts] [-- --at-a-time 2] [-- --proof]

Changes the code in one place after the other and runs the tests: each change must make one fail. Takes long.
--file       one file, or a pattern, of the part that is named
--proof      keep the results in docs/proof, and write docs/proof.md anew from them; of whole parts alone`;

interface Mutant {
  readonly status: string;
  /** True if it takes effect while modules are loaded. */
  readonly static?: boolean;
  readonly mutatorName: string;
  readonly location: { readonly start: { readonly line: number } };
  readonly replacement?: string;
}

/** Result of the mutants of one part. */
interface Outcome {
  readonly part: string;
  readonly noticed: number;
  readonly explained: number;
  /** Not tried, see {@link Part.whileLoading}. */
  readonly loading: number;
  /** One line each. */
  readonly missed: readonly string[];
  /** With which the code cannot even be loaded: no test is needed to notice them, so they do not count. */
  readonly unloadable: number;
}

/** `npm run mutate`: the score of each part, and every mutant that nobody noticed. */
await main(async () => {
  const { values, positionals } = parseArgs({
    options: {
      file: { type: 'string' },
      'at-a-time': { type: 'string' },
      proof: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(USAGE);
  const parts = positionals.length > 0 ? positionals : Object.keys(PARTS);
  if (values.file !== undefined && parts.length !== 1) throw new Problem(`Name the part of the file.\n\n${USAGE}`);
  if (values.file !== undefined && values.proof) throw new Problem(`One file proves nothing of its part.\n\n${USAGE}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1)); // ends the tool too
  await install();
  const outcomes: Outcome[] = [];
  for (const part of parts) {
    const settings = PARTS[part];
    if (settings === undefined) throw new Problem(`There is no part "${part}".\n\n${USAGE}`);
    outcomes.push(await mutate(part, values.file ?? `lib/${part}/**/*.ts`, settings, values['at-a-time'] ?? '2'));
    if (values.proof) keepMeasured('mutate', outcomes.map(measuredOf), Object.keys(PARTS));
  }
  if (values.proof) writePages();
  console.log(`\n${machineText(machine())}\n\n${table(outcomes)}\n`);
  for (const outcome of outcomes) console.log(verdict(outcome));
  if (outcomes.some((outcome) => score(outcome) < GOAL)) process.exitCode = 1;
});

/** Installs the tool as its lock file names it; it is no dependency of the project, whose tests do without. */
async function install(): Promise<void> {
  if (existsSync(join(HERE, 'node_modules/.package-lock.json'))) return;
  console.error('installing the tool (npm ci in scripts/evidence/mutate) …');
  const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: HERE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0)
    throw new Problem('The tool could not be installed: run "npm ci" in scripts/evidence/mutate to see why.');
}

async function mutate(part: string, files: string, settings: Part, atATime: string): Promise<Outcome> {
  const stryker = join(HERE, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const config = 'scripts/evidence/mutate/stryker.config.mjs';
  const report = join(ROOT, `.local/mutate/${part}-${process.pid}.json`);
  const child = spawn(process.execPath, [stryker, 'run', config, '--mutate', files, '--concurrency', atATime], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      MUTATE_TESTS: settings.tests.join(','),
      MUTATE_WHILE_LOADING: String(settings.whileLoading),
      MUTATE_REPORT: report,
      TEST_ENGINE: 'dynoxide', // one engine is enough
    },
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  const [code] = await once(child, 'exit');
  process.off('exit', kill);
  if (code !== 0) throw new Problem(`Mutating lib/${part} ended with exit code ${code}.`);
  const outcome = outcomeOf(part, JSON.parse(readFileSync(report, 'utf8')));
  rmSync(report);
  return outcome;
}

function outcomeOf(
  part: string,
  { files }: { readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>> },
): Outcome {
  const all = Object.entries(files).flatMap(([file, { mutants }]) => mutants.map((mutant) => ({ file, ...mutant })));
  const of = (...statuses: readonly string[]) => all.filter(({ status }) => statuses.includes(status));
  return {
    part,
    noticed: of('Killed', 'Timeout').length,
    explained: of('Ignored').filter(({ static: whileLoading }) => whileLoading !== true).length,
    loading: of('Ignored').filter(({ static: whileLoading }) => whileLoading === true).length,
    missed: of('Survived', 'NoCoverage').map(
      ({ file, location, mutatorName, replacement = '' }) =>
        `${file}:${location.start.line} ${mutatorName}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 80)}`,
    ),
    unloadable: of('RuntimeError', 'CompileError').length,
  };
}

/** Of a hundred mutants, how many are noticed. One that is explained counts as one that is not. */
function score({ noticed, explained, missed }: Outcome): number {
  return (100 * noticed) / Math.max(1, noticed + explained + missed.length);
}

function table(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map((outcome) => {
    const { part, noticed, explained, missed, unloadable, loading } = outcome;
    return [`lib/${part}`, score(outcome).toFixed(1), noticed, explained, missed.length, unloadable, loading];
  });
  const head = [
    'part',
    'score',
    'noticed',
    'not noticed, explained in place',
    'not noticed',
    'cannot be loaded',
    'not tried',
  ];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function verdict(outcome: Outcome): string {
  const met = score(outcome) >= GOAL ? 'met' : 'MISSED';
  const head = `${met}: lib/${outcome.part}: ${score(outcome).toFixed(1)} of 100, the goal is ${GOAL}`;
  return [head, ...outcome.missed.map((line) => `    ${line}`)].join('\n');
}

/** The outcome as the page has it. */
function measuredOf(outcome: Outcome): Measured {
  const { part, noticed, explained, missed, unloadable, loading } = outcome;
  return {
    group: part,
    title: `lib/${part}`,
    value: score(outcome).toFixed(1),
    goal: `≥ ${GOAL}`,
    verdict: score(outcome) >= GOAL ? 'met' : 'missed',
    note:
      `${noticed} changes noticed, ${explained} explained in place, ${missed.length} not noticed, ` +
      `${unloadable} cannot be loaded, ${loading} not tried`,
    command: `npm run mutate -- ${part}`,
    date: new Date().toISOString(),
    machine: machineText(machine()),
  };
}
