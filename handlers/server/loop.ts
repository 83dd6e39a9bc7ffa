/** Something that is done again and again until it is stopped. */
export interface Loop {
  /** Begins no more, and waits for the step under way. */
  stop(): Promise<void>;
}

/**
 * Runs a step after each pause; a pause begins when the step before has ended, so that steps never overlap.
 * @param pauseMs gives the milliseconds until the next step
 * @param step never throws
 */
export function startLoop(pauseMs: () => number, step: () => Promise<void>): Loop {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let isStopped = false;
  const plan = () => {
    if (isStopped) return;
    timer = setTimeout(() => {
      running = step().finally(plan);
    }, pauseMs());
  };
  plan();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Spreads a pause by a quarter to both sides, so that servers which start together do not stay together. */
export function jittered(ms: number, random: () => number): number {
  return Math.round(ms * (0.75 + random() / 2));
}
