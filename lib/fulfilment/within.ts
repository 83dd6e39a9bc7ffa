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
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const timeUp = new TimeUp(`${what} took longer than ${ms} ms`);
      own.abort(timeUp);
      reject(timeUp);
    }, ms);
    if (parent === undefined) return; // the usual case pays for no listener
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([over, (async () => work(signal))()]);
  } finally {
    clearTimeout(timer);
  }
}
