/** How long values live. */
export interface CacheOptions {
  /** Milliseconds for which a value is taken as it is. 0 asks the source every time. */
  readonly maxAge: number;
  readonly clock: () => number;
  /** Whether a value that is too old is better than none while the source fails. Default true. */
  readonly staleOnError?: boolean;
  /** Told why, each time an old value has to be served. */
  readonly onStale?: (error: unknown) => void;
}

/** Milliseconds for which a failing source is left alone where an old value can be served: its time-outs cost calls. */
const RETRY_AFTER = 10_000;

interface Entry<T> {
  readonly value: T;
  readonly text: string;
  readonly readAt: number;
  readonly failedAt?: number;
}

/**
 * Values by name, made from texts of a source. One read per name is under way at a time, however many ask; a text
 * that has not changed keeps its value, so whoever derives something costly from a value can compare identities.
 */
export function createCache(read: (name: string) => Promise<string>, options: CacheOptions) {
  const { maxAge, clock, staleOnError = true, onStale } = options;
  const entries = new Map<string, Entry<unknown>>();
  const underWay = new Map<string, Promise<unknown>>();

  async function refresh<T>(name: string, make: (text: string) => T): Promise<T> {
    const old = entries.get(name) as Entry<T> | undefined;
    try {
      const text = await read(name);
      const value = old?.text === text ? old.value : make(text);
      entries.set(name, { value, text, readAt: clock() });
      return value;
    } catch (error) {
      if (old === undefined || !staleOnError) throw error;
      entries.set(name, { ...old, failedAt: clock() });
      onStale?.(error);
      return old.value;
    } finally {
      underWay.delete(name);
    }
  }

  /** The value under a name. @throws whatever the source or `make` throws, unless an old value can be served */
  return function get<T>(name: string, make: (text: string) => T): Promise<T> {
    const now = clock();
    const entry = entries.get(name) as Entry<T> | undefined;
    if (entry !== undefined) {
      const fresh = now - entry.readAt < maxAge;
      const spared = entry.failedAt !== undefined && now - entry.failedAt < RETRY_AFTER;
      if (fresh || spared) return Promise.resolve(entry.value);
    }
    const running = underWay.get(name) as Promise<T> | undefined;
    if (running !== undefined) return running;
    const next = refresh(name, make);
    underWay.set(name, next);
    return next;
  };
}
