import type { Row } from './figure.ts';
import type { Machine } from './machine.ts';
import { type Goal, type Verdict, verdictOf } from './statistics.ts';

/** A whole run, as it is written to the JSON file. */
export interface Results {
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly rows: readonly Judged[];
}

/** A line of the table that knows its verdict, its group, and when it was measured (ISO 8601). */
export interface Judged extends Row {
  readonly verdict: Verdict;
  readonly group: string;
  readonly date: string;
}

export function judged(row: Row, group: string, date: string): Judged {
  return { ...row, verdict: verdictOf(row.value, row.goal), group, date };
}

/** The rows of a run over those of an earlier one: groups that were not measured again keep their rows. */
export function mergedRows(earlier: readonly Judged[], now: readonly Judged[], groups: readonly string[]): Judged[] {
  const measured = new Set(now.map(({ group }) => group));
  const all = [...earlier.filter(({ group }) => !measured.has(group)), ...now];
  return groups.flatMap((group) => all.filter((row) => row.group === group));
}

/** `≤ 0.7 (0.6)`: the goal, and behind it the stretch; a dash where there is none. */
export function goalText(goal: Goal | undefined): string {
  if (goal === undefined) return '–';
  const { atMost, atLeast, stretch } = goal;
  const limit = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  return stretch === undefined ? limit : `${limit} (${stretch})`;
}

/** `0.312 (0.290–0.331)`. */
export function valueText({ value, spread }: Pick<Row, 'value' | 'spread'>): string {
  if (spread === undefined) return short(value);
  return `${short(value)} (${short(spread[0])}–${short(spread[1])})`;
}

function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 100) return value.toFixed(1);
  return value.toFixed(Math.abs(value) < 1 ? 3 : 2); // a goal such as 0.25 is missed by 0.251
}

/** The table as Markdown, which reads well in a terminal too. */
export function table(rows: Results['rows']): string {
  const cells = [
    ['figure', 'value (middle half)', 'goal (stretch)', 'verdict', 'KooGate', 'beside'],
    ...rows.map((row) => [row.figure, valueText(row), goalText(row.goal), row.verdict, row.ours, row.theirs]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  return [lines[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n');
}

/** A line for each goal that is missed, then how many are met; what has no goal does not count. */
export function summary(rows: Results['rows']): string {
  const withGoal = rows.filter(({ goal }) => goal !== undefined);
  const missed = withGoal.filter(({ verdict }) => verdict === 'missed');
  const lines = missed.map(
    (row) =>
      `missed: ${row.figure}: ${valueText(row)}, the goal is ${goalText(row.goal)}${row.note ? `; ${row.note}` : ''}`,
  );
  return [...lines, `${withGoal.length - missed.length} of ${withGoal.length} goals met`].join('\n');
}

export function machineText({ cpu, cores, memoryGB, platform, node, load }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGB} GB, ${platform}, Node ${node}, load ${load} at the start`;
}
