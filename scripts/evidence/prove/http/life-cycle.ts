/** A call as it was made. */
export type Asked =
  | { readonly what: 'buy' | 'query' }
  | { readonly what: 'release' }
  | { readonly what: 'renew' | 'upgrade'; readonly order: string }
  | { readonly what: 'freeze' | 'unfreeze'; readonly sentAt: number };

/** The life of an instance as far as the marketplace can see it. */
export interface Seen {
  readonly exists: boolean;
  /** The seller's code has provisioned it. */
  readonly isReady: boolean;
  readonly wanted: 'ACTIVE' | 'FROZEN' | 'RELEASED';
  readonly statusAt: number;
  readonly orders: readonly string[];
}

export const UNKNOWN: Seen = { exists: false, isReady: false, wanted: 'ACTIVE', statusAt: 0, orders: [] };

/** Answers a call made at one moment, and says what is so from then on. The life cycle written down a third time. */
export function answer(seen: Seen, asked: Asked): { readonly resultCode: string; readonly next: Seen } {
  const isOver = seen.wanted === 'RELEASED';
  const say = (resultCode: string, next: Seen = seen) => ({ resultCode, next });
  if (asked.what === 'buy') {
    if (!seen.exists) return say('000004', { ...seen, exists: true });
    return say(isOver || seen.isReady ? '000000' : '000004');
  }
  if (!seen.exists) return say('000003');
  if (asked.what === 'release') return say('000000', { ...seen, wanted: 'RELEASED' });
  if (isOver) return say('000003');
  if ('order' in asked) {
    const mark = `${asked.what} ${asked.order}`;
    return say('000000', seen.orders.includes(mark) ? seen : { ...seen, orders: [...seen.orders, mark].sort() });
  }
  if (!('sentAt' in asked)) return say(seen.isReady ? '000000' : '000004');
  const wanted = asked.what === 'freeze' ? 'FROZEN' : 'ACTIVE';
  if (asked.sentAt > seen.statusAt) return say('000000', { ...seen, wanted, statusAt: asked.sentAt });
  return say(asked.sentAt < seen.statusAt || seen.wanted === wanted ? '000000' : '000005');
}

/** Applies what may happen by itself at any moment; undefined if nothing may. */
export function byItself(seen: Seen): Seen | undefined {
  return seen.exists && !seen.isReady ? { ...seen, isReady: true } : undefined;
}
