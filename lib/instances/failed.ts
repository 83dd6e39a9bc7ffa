import type { AnyChange, OutboxItem } from './queue.ts';
import { isStatusChange } from './step-back.ts';

/** Changes that an item keeps set aside at most, before the oldest go: an item has at most 400 KB. */
export const FAILED_MOST = 200;
/** So many are taken out in one write: expressions have at most 4 KB. */
const GONE_AT_ONCE = 40;

/** Without these an instance could not go on. */
const KEPT: ReadonlySet<string> = new Set(['provision', 'cleanUp', 'release']);

type Failed = OutboxItem['failed'];

/**
 * The ids of what need not be kept in `failed` once these are put into it: status changes that a newer one has replaced,
 * which nobody would queue again, and what is oldest beyond the bound. The history beside the item keeps them all.
 */
export function leastWanted(failed: Failed, added: readonly AnyChange[]): readonly string[] {
  if (added.length === 0) return [];
  const known = Object.values(failed).filter(({ id }) => !added.some((one) => one.id === id));
  const newest = Math.max(...added.filter(isStatusChange).map(({ sentAt }) => sentAt));
  const replaced = known.filter((change) => isStatusChange(change) && change.sentAt <= newest);
  const others = known.filter((change) => !replaced.includes(change));
  const beyond = Math.max(0, others.length + added.length - FAILED_MOST);
  const mayGo = others.filter(({ kind }) => !KEPT.has(kind));
  const oldest = mayGo.sort((a, b) => a.failedAt - b.failedAt).slice(0, beyond);
  return [...replaced, ...oldest].slice(0, GONE_AT_ONCE).map(({ id }) => id);
}
