import { fillOrderIndex } from '../../../../lib/operations/order-index.ts';
import { readArguments } from '../../terminal/arguments.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { scanProgress } from '../find.ts';
import { PLACE, readPlace, withOpenTableOf } from '../place.ts';

/** Gives instances that older versions have written their keys of the index `order`. It may run twice, and beside calls. */
export async function fillIndex(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, PLACE);
  if (positionals.length > 0) throw new Problem('problem.table-words', { given: positionals.join(' ') });
  const { say, out } = terminal;
  const at = await readPlace(values, terminal);
  return withOpenTableOf(at, async ({ table, place }) => {
    const done = await fillOrderIndex(table, scanProgress(terminal));
    out(values.json ? JSON.stringify({ place, ...done }, null, 2) : say('table.filled', { place, ...done }));
    return EXIT.good;
  });
}
