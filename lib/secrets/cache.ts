import { SecretsUnavailable } from './secrets.ts';

/** Lifetime of values. */
export interface CacheOptions {
  /** Milliseconds for which a value is taken as it is. 0 asks the source every time, and remembers no failure. */
  readonly maxAge: number;
  readonly clock: () => number;
  /** True if a value that is too old is better than none while the source fails. Default true. */
  readonly staleOnError?: boolean;
  /** Told why, each time an old value has to be served. */
  readonly onStale?: (error: unknown) => void;
}

/**
 * Milliseconds for which a failing source is left alone: where an old value can be served, since its time-outs cost calls;
 * and where it has none or denies it, since any stranger's call asks for it.
 */
const RETRY_AFTER_MS = 10_000;

/** The same where there is no old value and the source may recover at any moment. */
const RETRY_SOON_MS = 1_000;

/** Milliseconds after its last reading at which a value ends that the source no longer has, or denies us. */
const GONE_AFTER_MS = 3_600_000;

interface Entry<T> {
  readonly value: T;
  readonly text: string;
  readonly readAt: number;
  readonly failedAt?: number;
}

interface Failure {
  readonly error: unknown;
  /** Until when it is taken for the answer. */
  readonly until: number;
}

/** Values by name; see {@link createCache}. */
export interface Cache {
  /**
   * The value under a name.
   * @param maxAge milliseconds, in place of the cache's own
   * @throws whatever the source or `make` throws, unless an old value can be served
   */
  get<T>(name: string, make: (text: string) => T, maxAge?: number): Promise<T>;
  /** Tells whether the next `get` asks the source. */
  isDue(name: string): boolean;
}

/**
 * Values by name, made from texts of a source. One read per name is under way at a time, however many ask; a text
 * that has not changed keeps its value, so whoever derives something costly from a value can compare identities.
 */
export function createCache(read: (name: string) => Promise<string>, options: CacheOptions): Cache {
  const { clock, staleOnError = true, onStale } = options;
  const entries = new Map<string, Entry<unknown>>();
  const failures = new Map<string, Failure>();
  const underWay = new Map<string, Promise<unknown>>();

  async function refresh<T>(name: string, make: (text: string) => T): Promise<T> {
    const old = entries.get(name) as Entry<T> | undefined;
    const readAt = clock();
    try {
      const text = await read(name);
      const value = old?.text === text ? old.value : make(text);
      entries.set(name, { value, text, readAt });
      failures.delete(name);
      return value;
    } catch (error) {
      if (old !== undefined && staleOnError && !isOver(old, error)) {
        entries.set(name, { ...old, failedAt: clock() });
        onStale?.(error);
        return old.value;
      }
      entries.delete(name);
      if (options.maxAge > 0) failures.set(name, { error, until: clock() + pauseAfter(error) });
      throw error;
    } finally {
      underWay.delete(name);
    }
  }

  /** A key that was taken away to cut somebody off has an end, even if the process lives on. */
  function isOver({ readAt }: Entry<unknown>, error: unknown): boolean {
    return reasonOf(error) === 'gone' && clock() - readAt >= GONE_AFTER_MS;
  }

  function entryInUse(name: string, maxAge: number): Entry<unknown> | undefined {
    const entry = entries.get(name);
    if (entry === undefined) return undefined;
    const now = clock();
    const isFresh = now - entry.readAt < maxAge;
    const isSpared = entry.failedAt !== undefined && now - entry.failedAt < RETRY_AFTER_MS;
    return isFresh || isSpared ? entry : undefined;
  }

  function failureInUse(name: string): Failure | undefined {
    const failure = failures.get(name);
    return failure !== undefined && clock() < failure.until ? failure : undefined;
  }

  return {
    get<T>(name: string, make: (text: string) => T, maxAge = options.maxAge): Promise<T> {
      const entry = entryInUse(name, maxAge) as Entry<T> | undefined;
      if (entry !== undefined) return Promise.resolve(entry.value);
      const failure = failureInUse(name);
      if (failure !== undefined) return Promise.reject(failure.error);
      const running = underWay.get(name) as Promise<T> | undefined;
      if (running !== undefined) return running;
      const next = refresh(name, make);
      underWay.set(name, next);
      return next;
    },
    isDue: (name) =>
      entryInUse(name, options.maxAge) === undefined && failureInUse(name) === undefined && !underWay.has(name),
  };
}

function reasonOf(error: unknown): SecretsUnavailable['reason'] {
  return error instanceof SecretsUnavailable ? error.reason : 'unreachable';
}

function pauseAfter(error: unknown): number {
  return reasonOf(error) === 'unreachable' ? RETRY_SOON_MS : RETRY_AFTER_MS;
}
