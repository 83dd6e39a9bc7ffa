import type { MarketplaceError } from './error.ts';

/** Limits of trying: how often and for how long. */
export interface RetryPolicy {
  /** Tries in all. */
  readonly tries: number;
  /** Milliseconds for all tries and the pauses between them. */
  readonly budget: number;
  /** Milliseconds of the first pause; each further one is twice as long, and of that the upper half is random. */
  readonly pause: number;
  random(): number;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

/** Result of one try: a value, or an error and whether to try again. */
export type Try<T> =
  | { readonly value: T }
  | { readonly error: MarketplaceError; readonly retry: boolean; readonly throttled?: true };

/** Pauses after throttling are this many times as long. */
const THROTTLED_FACTOR = 4;

/**
 * Tries until a value is there, the error is not worth another try, or tries or time are up; then the last error is
 * thrown. The signal that `attempt` gets is aborted with the caller's and when the budget is spent.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  attempt: (signal: AbortSignal, number: number) => Promise<Try<T>>,
): Promise<T> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const timer = setTimeout(end, policy.budget);
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    for (let number = 1; ; number += 1) {
      const result = await attempt(controller.signal, number);
      if ('value' in result) return result.value;
      if (!result.retry || number >= policy.tries || controller.signal.aborted) throw result.error;
      const pause = policy.pause * 2 ** (number - 1) * (result.throttled ? THROTTLED_FACTOR : 1);
      const rested = await policy.sleep(pause * (0.5 + policy.random() / 2), controller.signal).then(
        () => true,
        () => false, // called off or out of time while pausing: the error of the last try says why there was a pause
      );
      if (!rested) throw result.error;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
