import type { Machine } from '../bench/machine.ts';
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
