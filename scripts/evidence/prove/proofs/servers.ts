import { setTimeout as pause } from 'node:timers/promises';
import { type Pair, startPair } from '../http/pair.ts';
import type { Proof } from '../proof.ts';
import { tryHistories } from './linearizable.ts';
import { runLoad } from './load.ts';

/** Minutes of the load at most: what was begun by a server that was killed waits for its lease to end, after it. */
const MOST_MINUTES = 1;
/** Milliseconds between two kills, on average. */
const KILL_MS = 3_000;

/** Two servers on one table in PostgreSQL: concurrent calls, and load while one of them is killed again and again. */
export const servers: Proof = async ({ histories, minutes, rate }, say) => {
  const pair = await startPair();
  try {
    // First: what is counted at its end is all that lies in the table.
    const loaded = await runLoad(
      pair,
      {
        minutes: Math.min(minutes, MOST_MINUTES),
        rate,
        statement:
          'two servers on one table, one killed again and again: nothing lost, nothing twice, nothing unsigned',
      },
      killing(pair),
      say,
    );
    const tried = await tryHistories(
      pair,
      histories,
      'two servers on one table in PostgreSQL answer concurrent calls as if each took place at one moment',
      say,
    );
    return [tried, loaded];
  } finally {
    await pair.stop();
  }
};

/** Kills one of the servers now and again, and lets hooks fail. */
function killing({ kill, seller }: Pair) {
  let [count, isOver] = [0, false];
  seller.fault = () => (Math.random() < 0.05 ? 'fails after' : 'none');
  const done = (async () => {
    while (!isOver) {
      await pause(KILL_MS * (0.5 + Math.random()));
      if (isOver) return;
      await kill();
      count += 1;
    }
  })();
  return {
    what: 'kills',
    count: () => count,
    end: async () => {
      isOver = true;
      seller.fault = () => 'none' as const;
      await done;
    },
  };
}
