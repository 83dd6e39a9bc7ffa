import type { Machine } from '../bench/machine.ts';
import { machineText } from '../bench/report.ts';
import type { Measured } from '../page/measured.ts';
import type { Line } from './proof.ts';

/** A whole run, as it is written to the JSON file. */
export interface Results {
  readonly date: string;
  readonly command: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly lines: readonly Line[];
}

/** The table as Markdown, which reads well in a terminal too. */
export function table(lines: readonly Line[]): string {
  const cells = [
    ['statement', 'KooGate', 'usual stack (R)', 'what was run'],
    ...lines.map(({ statement, verdict, beside = '', ran }) => [statement, verdict, beside, ran]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  const rows = cells.map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`);
  return [rows[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.slice(1)].join('\n');
}

/** Lists the notes on single lines, then says how many statements hold. */
export function summary(lines: readonly Line[]): string {
  const notes = lines.flatMap(({ statement, verdict, note }) => (note ? [`${verdict}: ${statement}\n  ${note}`] : []));
  const holding = lines.filter(({ verdict }) => verdict === 'holds').length;
  return [...notes, '', `${holding} of ${lines.length} statements hold`].join('\n');
}

/** Options of the command that say how thoroughly something was run. */
const EFFORT = /^--(quick|minutes|rate|full)$/;

/** The lines of a proof as the page has them. */
export function measuredOf(
  lines: readonly Line[],
  group: string,
  machine: Machine,
  args: readonly string[] = process.argv.slice(2),
): readonly Measured[] {
  const effort = args.filter((arg, at) => EFFORT.test(arg) || (/^\d/.test(arg) && EFFORT.test(args[at - 1] ?? '')));
  const [command, date] = [['npm run prove -- --only', group, ...effort].join(' '), new Date().toISOString()];
  return lines.map(({ statement, verdict, ran, beside, note }) => ({
    ...{ group, title: statement, value: ran, verdict },
    ...(beside === undefined ? {} : { beside }),
    ...(note ? { note } : {}),
    ...{ command, date, machine: machineText(machine) },
  }));
}
