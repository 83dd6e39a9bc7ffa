import { existsSync, readFileSync } from 'node:fs';
import { readArguments, readChoice } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { PLACE, readPlace } from './place.ts';
import { CHECKS, type DoctorFinding, findingTexts } from './stage-doctor/finding.ts';
import { type DoctorReport, runDoctor } from './stage-doctor/run.ts';

const OPTIONS = { ...PLACE, at: { type: 'string' }, secrets: { type: 'string' }, only: { type: 'string' } } as const;

const COLOUR = { good: 'green', todo: 'red', advice: 'yellow', unknown: 'dim' } as const;
const MARK = { good: '✓', todo: '✗', advice: '!', unknown: '?' } as const;

/** Looks at a deployed stage if one is named; otherwise explains a signature, with code that shares none of ours. */
export async function doctorOrStage(args: readonly string[], terminal: Terminal): Promise<number> {
  if (!args.some((word) => /^--stage(=|$)/.test(word)) || args.includes('--help')) {
    return (await import('../commands/doctor.ts')).doctor(args, terminal);
  }
  const { values, positionals } = readArguments(args, OPTIONS);
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const { say, out } = terminal;
  const only = values.only?.split(',').flatMap((name) => readChoice('--only', name.trim(), CHECKS) ?? []);
  const place = await readPlace(values, terminal, false);
  const report = await runDoctor(place, {
    at: values.at,
    secretsFile: values.secrets === undefined ? undefined : readSecretsFile(values.secrets),
    only,
    onStep: (check, done, total) => terminal.progress(check && say(`visit.check.${check}`), done, total),
    ...(values.json !== true && { onFinding: (finding) => out(linesOf(finding, terminal)) }),
  });
  out(values.json === true ? JSON.stringify(jsonOf(report, terminal), null, 2) : summaryOf(report, terminal));
  return report.isFine ? EXIT.good : EXIT.found;
}

function readSecretsFile(file: string) {
  if (!existsSync(file)) throw new Problem('problem.file', { file });
  try {
    return { path: file, content: JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    throw new Problem('problem.secrets', { file });
  }
}

function linesOf(finding: DoctorFinding, { say, paint }: Terminal): string {
  const { check, state } = finding;
  const { text, todo } = findingTexts(say, finding);
  const head = `${paint(COLOUR[state], MARK[state])} ${paint('dim', say(`visit.check.${check}`))}  ${text}`;
  return todo === undefined ? head : `${head}\n    → ${todo}`;
}

function summaryOf({ findings, isFine, stage }: DoctorReport, { say, paint }: Terminal): string {
  const count = (state: DoctorFinding['state']) => findings.filter((one) => one.state === state).length;
  const values = { stage, todo: count('todo'), advice: count('advice'), unknown: count('unknown') };
  return `\n${paint(isFine ? 'green' : 'red', say(isFine ? 'visit.fine' : 'visit.found', values))}`;
}

function jsonOf({ findings, ...report }: DoctorReport, { say }: Terminal): object {
  const settings = (name: string) =>
    findings.filter((one) => one.check === 'settings' && one.name === name).map(({ values }) => values.text);
  return {
    ...report,
    findings: findings.map(({ checks: _, ...finding }) => ({ ...finding, ...findingTexts(say, finding) })),
    problems: settings('problem'),
    warnings: settings('warning'),
  };
}
