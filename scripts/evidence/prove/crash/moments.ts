import { appendFileSync } from 'node:fs';
import type { Connections } from '../../../../lib/table/postgres/connections.ts';

/** Lets this process die at its n-th moment, after a line in the diary that names it. */
export function dyingAt(at: number, diary: string) {
  const write = (line: string) => appendFileSync(diary, `${line}\n`, { flush: true });
  let moments = 0;
  const moment = async (what: string): Promise<void> => {
    moments += 1;
    if (moments !== at) return;
    write(`died ${what}`);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  };
  return { write, moment, count: () => moments };
}

/**
 * Puts two moments to each statement: once it has been sent and has no answer yet, and once it has been answered.
 * @param schema of the table in which a rival touches each item that is about to be changed, so that every change loses its
 * first race and is made in a transaction; none does unless told
 */
export function withMoments(
  connections: Connections,
  moment: (what: string) => Promise<void>,
  schema?: string,
): Connections {
  const rival = async (values: readonly unknown[] = []) => {
    const text = `UPDATE "${schema}".items SET version = nextval('"${schema}".version') WHERE pk = $1 AND sk = $2`;
    await connections.lend((query) => query({ text, values: values.slice(0, 2) }));
  };
  return {
    ...connections,
    lend: (use, options) =>
      connections.lend((query) => {
        let isLocked = false;
        return use(async (statement) => {
          const what = /^\w+/.exec(statement.text)?.[0] ?? '';
          isLocked ||= what === 'BEGIN';
          if (what === 'UPDATE' && !isLocked && schema !== undefined) await rival(statement.values);
          const answer = query(statement);
          answer.catch(() => {}); // it is awaited below
          await moment(`while ${what}`);
          const result = await answer;
          await moment(`after ${what}`);
          return result as never;
        });
      }, options),
  };
}
