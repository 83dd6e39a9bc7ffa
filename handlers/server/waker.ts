import type { Key } from '../../lib/instances/keys.ts';

/** Items worked on at a time: one whose hook hangs takes one of these places. */
const PARALLEL = 32;
/** Items that may wait for a place; those beyond it are left to the sweep. */
const MOST_WAITING = 10_000;

/** Carries out what waits on single items, as soon as it is told of them. */
export interface Waker {
  wake(key: Key): void;
  /** Takes no more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** @param fulfil carries out what waits on an item; never throws */
export function createWaker(fulfil: (key: Key) => Promise<void>, parallel = PARALLEL): Waker {
  const waiting = new Map<string, Key>();
  const running = new Set<Promise<void>>();
  let isStopped = false;
  const next = () => {
    for (const [id, key] of waiting) {
      if (running.size >= parallel) return;
      waiting.delete(id);
      const run = fulfil(key).finally(() => {
        running.delete(run);
        next();
      });
      running.add(run);
    }
  };
  return {
    wake: (key) => {
      if (isStopped || waiting.size >= MOST_WAITING) return;
      waiting.set(`${key.pk} ${key.sk}`, key);
      setImmediate(next); // the answer to the marketplace goes first
    },
    stop: async () => {
      isStopped = true;
      waiting.clear();
      await Promise.all(running);
    },
  };
}
