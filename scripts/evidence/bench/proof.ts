import { keepMeasured, type Measured } from '../page/measured.ts';
import { writePages } from '../page/write.ts';
import type { Machine } from './machine.ts';
import { goalText, type Judged, machineText, valueText } from './report.ts';

/** Keeps the rows among the results of docs/proof and writes the pages anew. @param groups all groups, in their order */
export function writeProof(
  rows: readonly Judged[],
  run: { readonly quick: boolean; readonly machine: Machine },
  groups: readonly string[],
): void {
  keepMeasured('bench', measuredOf(rows, run), groups);
  writePages();
}

/** The rows as the page has them. */
export function measuredOf(
  rows: readonly Judged[],
  { quick, machine }: { readonly quick: boolean; readonly machine: Machine },
): readonly Measured[] {
  return rows.map((row) => ({
    group: row.group,
    title: row.figure,
    value: valueText(row),
    goal: goalText(row.goal),
    verdict: row.verdict,
    ours: row.ours,
    beside: row.theirs,
    ...(row.note === undefined ? {} : { note: row.note }),
    command: `npm run bench -- ${quick ? '--quick ' : ''}--only ${row.group}`,
    date: row.date,
    machine: machineText(machine),
  }));
}
