/*
 * Cost of failing. Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649414.html (five
 * consecutive failing days) and …282.html (more than five failed orders in a month).
 */

const DAY = 86_400_000;

/** Failures that the marketplace has counted against a product so far. */
export interface Ledger {
  /** Days of which a dial test failed, as numbers of days from the start. */
  readonly failedDays: readonly number[];
  /** Moments at which an order was given up. */
  readonly failedOrders: readonly number[];
  /** Calls that stayed undone although they were restarted. */
  readonly leftUndone: number;
  /** Calls that were answered with success and not carried out, and instances that were mixed up. */
  readonly ignored: number;
}

export type Sanction = 'trading-frozen' | 'delisting';

/** Longest run of consecutive failing days. */
export function longestRun(failedDays: readonly number[]): number {
  const days = [...new Set(failedDays)].sort((a, b) => a - b);
  let longest = 0;
  let run = 0;
  for (const [index, day] of days.entries()) {
    run = index > 0 && days[index - 1] === day - 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Most orders that failed within any thirty days. */
export function worstMonth(failedOrders: readonly number[]): number {
  const moments = [...failedOrders].sort((a, b) => a - b);
  return moments.reduce(
    (worst, from) => Math.max(worst, moments.filter((at) => at >= from && at < from + 30 * DAY).length),
    0,
  );
}

export function sanctionsOf({ failedDays, failedOrders }: Pick<Ledger, 'failedDays' | 'failedOrders'>): Sanction[] {
  return [
    ...(longestRun(failedDays) >= 5 ? ['trading-frozen' as const] : []),
    ...(worstMonth(failedOrders) > 5 ? ['delisting' as const] : []),
  ];
}
