import type { ApiName } from './open-api.ts';

/** Fault that one request meets; an empty one changes nothing. */
export interface Fault {
  /** A documented code of the API, answered with its documented status. */
  readonly code?: string;
  /** In place of the documented status; or without `code`: an answer of a proxy, which holds no code. */
  readonly status?: number;
  /** In place of the whole body. */
  readonly body?: unknown;
  /** The connection breaks instead of an answer. */
  readonly cut?: true;
  /** The request takes effect all the same. */
  readonly taken?: true;
}

/** Faults on demand. */
export interface Faults {
  /** The next requests to the API meet these, one each; undefined lets a request through. */
  next(api: ApiName, ...faults: readonly (Fault | undefined)[]): void;
  /** Asked for each request that no `next` is left for. @param number counts the API's requests from 1 */
  choose(api: ApiName, chooser: (number: number) => Fault | undefined): void;
  /** Takes all of them back. */
  clear(): void;
  /** The fault for one request. */
  take(api: ApiName): Fault | undefined;
}

export function createFaults(): Faults {
  const queues = new Map<ApiName, (Fault | undefined)[]>();
  const choosers = new Map<ApiName, (number: number) => Fault | undefined>();
  const counts = new Map<ApiName, number>();
  return {
    next: (api, ...faults) => void queues.set(api, [...(queues.get(api) ?? []), ...faults]),
    choose: (api, chooser) => void choosers.set(api, chooser),
    clear: () => {
      queues.clear();
      choosers.clear();
    },
    take: (api) => {
      const number = (counts.get(api) ?? 0) + 1;
      counts.set(api, number);
      const queue = queues.get(api) ?? [];
      return queue.length > 0 ? queue.shift() : choosers.get(api)?.(number);
    },
  };
}
