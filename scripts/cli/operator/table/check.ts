import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from '../../../dev/local/settings.ts';
import { COMMON, readArguments } from '../../terminal/arguments.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { passwordOf } from '../database.ts';
import { Bench } from '../table-check/bench.ts';
import { type Finding, PROBES, tryProbes } from '../table-check/check.ts';
import { type Scratch, scratchAt, scratchIn, scratchName } from './scratch.ts';

const OPTIONS = {
  ...COMMON,
  endpoint: { type: 'string' },
  database: { type: 'string' },
  table: { type: 'string' },
} as const;

/** Tries on a table of its own whether an engine keeps every rule that KooGate relies on; the table is removed. */
export async function checkEngine(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out, note } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.table-check'));
    return EXIT.good;
  }
  if (positionals[0] !== undefined) throw new Problem('problem.word', { given: positionals[0] });
  const scratch = await scratchOf(values, terminal);
  const { table, engine } = scratch;
  const probes = [...PROBES, ...scratch.probes];
  const findings: Finding[] = [];
  try {
    const bench = new Bench(table, { run: randomBytes(4).toString('hex'), clock: terminal.clock, sleep });
    await tryProbes(bench, probes, (finding) => {
      findings.push(finding);
      if (values.json) terminal.progress(finding.id, findings.length, probes.length);
      else for (const line of describeFinding(terminal, finding)) out(line);
    });
  } finally {
    await scratch
      .remove()
      .catch((error: Error) => note(say('table-check.left', { table: table.name, detail: error.message })));
  }
  const broken = findings.filter(({ passed }) => !passed);
  const isFit = broken.length === 0;
  if (values.json) out(JSON.stringify({ engine, table: table.name, passed: isFit, findings }, null, 2));
  else out(`\n${say(isFit ? 'table-check.fit' : 'table-check.unfit', { engine, rules: broken.length })}`);
  return isFit ? EXIT.good : EXIT.found;
}

async function scratchOf(
  {
    endpoint,
    database,
    table = scratchName(),
  }: { readonly [Name in 'endpoint' | 'database' | 'table']?: string | undefined },
  terminal: Terminal,
): Promise<Scratch> {
  if ((endpoint === undefined) === (database === undefined)) throw new Problem('problem.engine-needed');
  if (endpoint !== undefined) return scratchAt(endpoint, table, terminal.env);
  const settings = readSettings(terminal.env);
  const password = () => passwordOf(settings, terminal);
  return scratchIn({ database: database ?? '', password, name: table }, terminal.clock);
}

function describeFinding({ say, paint }: Terminal, finding: Finding): readonly string[] {
  const { id, passed, broken, error, figures = {}, remark, warnings = [] } = finding;
  const measured = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  const mark = passed ? paint('green', '✓') : paint('red', '✗');
  return [
    `${mark} ${id.padEnd(21)}${say(`table-check.${id}`)}${measured.length === 0 ? '' : paint('dim', ` (${measured.join(', ')})`)}`,
    ...(remark === undefined ? [] : [`  ${paint('yellow', say(remark))}`]),
    ...warnings.map((text) => `  ${paint('yellow', text)}`),
    ...(broken === undefined ? [] : [`  ${say('table-check.broken', broken)}`]),
    ...(error === undefined ? [] : [`  ${say('table-check.error', { error })}`]),
  ];
}
