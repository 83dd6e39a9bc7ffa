/** The time that something may take is up. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';
}

/**
 * Runs `work` for at most `ms` milliseconds or until `parent` is aborted, whichever comes first; then the signal given to
 * `work` is aborted and the wait is over. Whatever the work answers or throws later is ignored.
 * @throws TimeUp, or the reason of `parent`, or what the work throws
 */
export async function within<T>(
  ms: number,
  what: string,
  work: (signal: AbortSignal) => T | Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const own = new AbortController();
  const signal = parent === undefined ? own.signal : AbortSignal.any([own.signal, parent]);
  const timer = setTimeout(() => own.abort(new TimeUp(`${what} took longer than ${ms} ms`)), ms);
  const over = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([over, (async () => work(signal))()]);
  } finally {
    clearTimeout(timer);
  }
}
