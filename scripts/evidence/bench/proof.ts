import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../dev/local/settings.ts';
import { machineText, type Results, summary, table } from './report.ts';

const FILE = join(ROOT, 'docs/proof.md');
const [BEGIN, END] = ['<!-- npm run bench -->', '<!-- end of npm run bench -->'];

/** Puts the results into docs/proof.md, in the place of the last ones; everything else of the file stays. */
export function writeProof(results: Results): void {
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '# Proof\n';
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, withSection(before, sectionOf(results)));
}

/** The text with the section in its place, or at the end if it has none yet. */
export function withSection(text: string, section: string): string {
  const marked = `${BEGIN}\n${section}\n${END}`;
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) return `${text.trimEnd()}\n\n${marked}\n`;
  return text.slice(0, begin) + marked + text.slice(end + END.length);
}

export function sectionOf(results: Results): string {
  const notes = results.rows.flatMap(({ figure, note }) => (note === undefined ? [] : [`- ${figure}: ${note}.`]));
  return [
    '## Speed, side by side',
    '',
    'Beside KooGate run R, the usual stack for the same job (middy, http-json-body-parser, zod, Powertools idempotency, a',
    'nonce write and the same business write), and F, the bare protocol (verify, parse, sign) as one plain function. Each',
    'value is the median over rounds in which both sides took turns, in reversed order every other round; behind it, in',
    'brackets, the middle half of the rounds. Nothing here is a promise about another machine: the ratios travel, the',
    'times do not.',
    '',
    `- Command: \`npm run bench\`${results.quick ? ' with `--quick`: too short to be quoted' : ''}`,
    `- Date: ${dates(results)}`,
    `- Machine: ${machineText(results.machine)}`,
    '',
    table(results.rows),
    '',
    ...summary(results.rows)
      .split('\n')
      .map((line) => `- ${line}`),
    '',
    'How each was measured:',
    '',
    ...notes,
  ].join('\n');
}

/** The time of the run, or of the first and last of its rows if groups were measured apart. */
function dates({ date, rows }: Results): string {
  const minutes = [...rows.map((row) => row.date), date].map((one) => one.slice(0, 16).replace('T', ' ')).sort();
  const [first, last] = [minutes.at(0), minutes.at(-1)];
  return first === last ? `${first} UTC` : `${first} to ${last} UTC`;
}
