import { setTimeout as pause } from 'node:timers/promises';
import type { Table } from '../../../../lib/table/table.ts';

/** Error of a table in PostgreSQL that has written nothing. */
const UNAVAILABLE = 'TableUnavailable';
/** Errors of a table in PostgreSQL whose database is away, or slow on a busy machine. */
const FAILURES: ReadonlySet<unknown> = new Set([UNAVAILABLE, 'OutcomeUnknown']);
/** Requests at most until one is given up, and milliseconds between two. */
const TRIES = 10;
const PAUSE_MS = 200;

/** Lets a life go on after a step that failed for want of the table, with a line in the diary. */
export function toleratesFailures(write: (line: string) => void) {
  return (step: string, error: unknown) => {
    const { name } = Object(error);
    if (!FAILURES.has(name)) throw error;
    write(`failed ${step}: ${name}`);
  };
}

/** Asks a table again that has written nothing: what a busy machine makes late is no fault of the life. */
export function patient({ name, client }: Table): Table {
  const send = async (...args: unknown[]) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await Reflect.apply(client.send, client, args);
      } catch (error) {
        if (Object(error).name !== UNAVAILABLE || tries === TRIES) throw error;
        await pause(PAUSE_MS);
      }
    }
  };
  return { name, client: { send: send as Table['client']['send'] } };
}
