import type { Finding } from '../certify/finding.ts';
import type { CaseResult } from '../certify/rehearse.ts';
import { type Certification, casePassed, conductPassed, shownIn, verdictOf } from '../certify/verdict.ts';
import { consoleSays } from '../checks/console-says.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { findingCauses, findingText, openApiText, roundText, shownText, sourceLines } from './words.ts';

/** The rehearsal as a person reads it in a terminal. */
export function certificationLines(terminal: Terminal, certification: Certification): string[] {
  const { say, paint } = terminal;
  const { kind, at, seed, orders, cases, conduct, suspects } = certification;
  const verdict = verdictOf(certification);
  const troubled = conduct.filter(({ findings }) => findings.length > 0);
  return [
    paint('bold', say('certify.title', { kind, at })),
    say('certify.seed', { orders, seed }),
    '',
    paint('bold', say('certify.cases')),
    ...cases.flatMap((one) => caseLines(terminal, one)),
    '',
    paint('bold', say('certify.conduct')),
    `  ${say('certify.all-good', { count: conduct.length - troubled.length })}`,
    ...troubled.flatMap((one) => [
      `  ${conductPassed(one) ? paint('yellow', '!') : paint('red', '✗')} ${one.id} (${one.family})`,
      ...findingLines(terminal, one.findings),
    ]),
    ...(suspects.length > 0 ? findingLines(terminal, suspects) : []),
    `  ${say('certify.shown', {
      list: shownIn(certification)
        .map((one) => shownText(say, one))
        .join('; '),
    })}`,
    '',
    ...openApiLines(terminal, certification),
    paint(verdict.good ? 'green' : 'red', say(verdict.id, { count: verdict.count, at })),
  ];
}

function openApiLines({ say, paint }: Terminal, { openApis }: Certification): string[] {
  if (openApis.length === 0) return [];
  const marks = { done: paint('green', '✓'), rehearsed: paint('yellow', '!'), open: paint('yellow', '○') };
  return [
    paint('bold', say('certify.open-apis')),
    ...openApis.map((one) => `  ${marks[one.state]} ${openApiText(say, one)}`),
    '',
  ];
}

function caseLines(terminal: Terminal, result: CaseResult): string[] {
  const { say, paint } = terminal;
  const { required, runs } = result;
  const good = casePassed(result);
  const passedRuns = runs.filter(({ findings }) => findings.every(({ severity }) => severity !== 'fail')).length;
  const shown = runs.find(({ findings }) => findings.some(({ severity }) => severity === 'fail')) ?? runs[0];
  const mark = good ? paint('green', '✓') : paint(required.need === 'required' ? 'red' : 'yellow', '✗');
  const head = `  ${mark} ${required.id}  ${say(`activity.${required.activity}`)} (${say(`certify.${required.need}`)})`;
  if (good || shown === undefined) return [head];
  return [
    head,
    `      ${say('certify.rounds', { passed: passedRuns, total: runs.length })}; ${roundText(say, shown.round)}: ${say('certify.console', { text: say(consoleSays(shown.exchange.judgement.checks)) })}`,
    ...findingLines(terminal, shown.findings),
  ];
}

export function findingLines({ say, paint }: Terminal, findings: readonly Finding[]): string[] {
  return findings.flatMap((finding) => [
    `      ${finding.severity === 'fail' ? paint('red', '✗') : paint('yellow', '!')} ${findingText(say, finding)}`,
    ...findingCauses(say, finding).map((cause) => paint('dim', `          ${say('call.cause', { text: cause })}`)),
    ...sourceLines(say, finding).map((line) => paint('dim', `          ${line}`)),
  ]);
}
