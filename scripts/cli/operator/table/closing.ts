import { type Closing, ClosingChanged, closeTable, openTable, readClosing } from '../../../../lib/instances/closing.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { COMMON, readArguments } from '../../terminal/arguments.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { KNOWN_MS } from '../table-copy/copy.ts';
import { tableAt } from './reach.ts';

const MINUTE_MS = 60_000;

/** Closes a table: changes are answered with 000005 until it is opened, here or at its new place. */
export async function close(args: readonly string[], terminal: Terminal): Promise<number> {
  return withTableNamed(args, terminal, async (table, place, isJson) => {
    const { say, out } = terminal;
    const now = terminal.clock();
    const { since, id } = await closeTable(table, now);
    const knownAt = new Date(since + KNOWN_MS).toISOString();
    if (isJson)
      out(JSON.stringify({ place, closed: true, since: new Date(since).toISOString(), knownAt, id }, null, 2));
    else
      out(
        say(since === now ? 'table.closed' : 'table.closed-before', {
          place,
          at: new Date(since).toISOString(),
          knownAt,
        }),
      );
  });
}

/** Opens a table: the one that was closed, or the one that it was copied to. */
export async function open(args: readonly string[], terminal: Terminal): Promise<number> {
  return withTableNamed(args, terminal, async (table, place, isJson) => {
    const { say, out, note } = terminal;
    const before = await readClosing(table);
    if (before?.copy?.complete === false) throw new Problem('problem.copy-unfinished', { place }, EXIT.found);
    const now = terminal.clock();
    const after = await openTable(table, now);
    const minutes = minutesClosed(before, now);
    if (before?.copiedAt !== undefined && before.closed) {
      note(say('table.copied-away', { place, at: new Date(before.copiedAt).toISOString() }));
    }
    if (isJson) out(JSON.stringify({ place, closed: false, minutesClosed: minutes, id: after?.id }, null, 2));
    else out(say(before?.closed ? 'table.opened' : 'table.open-before', { place, minutes }));
  });
}

/** Minutes for which no changes were taken, to one decimal; a copy counts from the closing of its source. */
function minutesClosed(before: Closing | undefined, now: number): number {
  if (!before?.closed) return 0;
  return Math.round(((now - (before.copy?.closedAt ?? before.since)) / MINUTE_MS) * 10) / 10;
}

async function withTableNamed(
  args: readonly string[],
  terminal: Terminal,
  use: (table: Table, place: string, isJson: boolean) => Promise<void>,
): Promise<number> {
  const { values, positionals } = readArguments(args, COMMON);
  const [named, ...more] = positionals;
  if (named === undefined || more.length > 0) throw new Problem('problem.table-which');
  const at = await tableAt(named, terminal);
  try {
    await use(at.table, at.place, values.json === true);
    return EXIT.good;
  } catch (error) {
    if (error instanceof ClosingChanged) throw new Problem('problem.closing-changed', { place: at.place }, EXIT.found);
    throw error;
  } finally {
    await at.close();
  }
}
