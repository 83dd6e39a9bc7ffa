import { type Asked, answer, byItself, type Seen, UNKNOWN } from './life-cycle.ts';

/** A call of a history: when it was sent, when its answer was there, and what it was. */
export interface Event {
  readonly asked: Asked;
  readonly from: number;
  readonly to: number;
  readonly resultCode: string;
}

/** Try again: the time was up, and what was asked may take effect later, or never; or two statuses of one moment met. */
const TRY_AGAIN = '000005';

/**
 * Tells whether the calls of a history, each at one moment between its sending and its answer, can have been answered
 * so by one instance after the other: the search of Wing and Gong, which remembers what it has tried.
 * @param history at most 30 calls
 */
export function isLinearizable(history: readonly Event[]): boolean {
  const tried = new Set<string>();
  const calls = history.map((event, at) => ({
    ...event,
    bit: 2 ** at,
    to: event.resultCode === TRY_AGAIN ? Number.POSITIVE_INFINITY : event.to,
  }));
  const search = (done: number, seen: Seen): boolean => {
    const open = calls.filter(({ bit }) => (done & bit) === 0);
    if (open.every(({ resultCode }) => resultCode === TRY_AGAIN)) return true;
    const memory = `${done} ${JSON.stringify(seen)}`;
    if (tried.has(memory)) return false;
    tried.add(memory);
    const firstEnd = Math.min(...open.map(({ to }) => to));
    for (const { from, asked, resultCode, bit } of open) {
      if (from > firstEnd) continue; // another call had been answered before this one was sent
      const { resultCode: expected, next } = answer(seen, asked);
      const fits = resultCode === expected || resultCode === TRY_AGAIN;
      if (fits && search(done | bit, next)) return true;
    }
    const later = byItself(seen);
    return later !== undefined && search(done, later);
  };
  return search(0, UNKNOWN);
}
