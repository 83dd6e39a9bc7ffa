import { readClosing } from '../../../../lib/instances/closing.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';

/** Refuses to go on where a table is closed: what a command writes could be lost in the move. @throws Problem */
export async function mustBeOpen(table: Table, place: string): Promise<void> {
  if ((await readClosing(table))?.closed) throw new Problem('problem.closed', { place }, EXIT.found);
}
