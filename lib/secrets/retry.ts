import { setTimeout } from 'node:timers/promises';

/** Milliseconds before the second try and each one after it, give or take half. */
const PAUSES = [100, 300, 700];

/** Milliseconds for all tries: a call of the marketplace may be waiting, and is answered within four seconds. */
const BUDGET_MS = 2_500;

/** Milliseconds for one try, so that one which nobody answers leaves room for another. */
const TRY_BUDGET_MS = 1_000;

/** Circumstances of a request that may be repeated. */
export interface RetryOptions {
  /** Tells whether an error may be gone in a moment. A try without an answer always is. */
  isTransient(error: unknown): boolean;
  /** Between 0 and 1: keeps processes that start together from asking together again. */
  random(): number;
  /** Milliseconds of any steady clock. Default: the process's. */
  readonly elapsed?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * Asks again, after pauses with jitter, while the error is one that passes and the budget lasts.
 * @param attempt is to end when its signal is aborted
 * @throws what the last attempt threw
 */
export async function retried<Result>(
  attempt: (signal: AbortSignal) => Promise<Result>,
  { isTransient, random, elapsed = () => performance.now(), pause = setTimeout }: RetryOptions,
): Promise<Result> {
  const startedAt = elapsed();
  for (let tries = 0; ; tries += 1) {
    const left = BUDGET_MS - (elapsed() - startedAt);
    const signal = AbortSignal.timeout(Math.ceil(Math.min(TRY_BUDGET_MS, left)));
    try {
      return await attempt(signal);
    } catch (error) {
      const rest = (PAUSES[tries] ?? Infinity) * (0.5 + random());
      const lasts = elapsed() - startedAt + rest < BUDGET_MS;
      if (!lasts || !(signal.aborted || isTransient(error))) throw error;
      await pause(rest);
    }
  }
}
