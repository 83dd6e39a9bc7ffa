import { NO_PIECE, type Recording } from '../instances/audit.ts';
import type { Key } from '../instances/keys.ts';
import { claim, complete } from '../instances/outbox.ts';
import { type AnyChange, isKitChange, type OutboxItem, waitingIn } from '../instances/queue.ts';
import { wake } from '../instances/wake.ts';
import { readItem } from '../instances/write.ts';
import type { Table } from '../table/table.ts';

/** Milliseconds for which the item is held while its head is taken out. */
const HOLD_MS = 10_000;

/**
 * Outcome of setting aside. `unknown`: no such item. `nothing`: nothing waits. `purchase`: a purchase ends by itself when
 * its window closes. `release`: whoever was told that it ends must see it end. `busy`: an attempt is under way.
 */
export type SetAside =
  | { readonly outcome: 'done'; readonly change: AnyChange }
  | { readonly outcome: 'unknown' | 'nothing' | 'purchase' | 'release' | 'busy' };

/** Setting aside as somebody asks for it. */
export interface SetAsideAsked {
  readonly key: Key;
  /** Kept with the change. */
  readonly reason: string;
  /** Nobody else has it. */
  readonly token: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly record?: Recording;
}

/**
 * Sets aside the change that an item is stuck at, as fulfilment does with one that cannot succeed, so that what waits
 * behind it goes on. It is queued again by a retry.
 */
export async function setAside(table: Table, asked: SetAsideAsked): Promise<SetAside> {
  const { key, reason, token, now, record = async () => NO_PIECE } = asked;
  const item = await readItem<OutboxItem>(table, key);
  if (item === undefined) return { outcome: 'unknown' };
  const [head] = waitingIn(item);
  if (head === undefined) return { outcome: 'nothing' };
  if (head.kind === 'provision' || head.kind === 'cleanUp' || head.kind === 'issueLicense')
    return { outcome: 'purchase' };
  if (head.kind === 'release') return { outcome: 'release' };
  await wake(table, item, now);
  const hold = await claim(table, key, { owner: token, until: now + HOLD_MS, now });
  if (hold === undefined || hold.change.id !== head.id) return { outcome: 'busy' };
  const unsure = isKitChange(head) ? { set: { carriedOut: 'unsure' } } : {};
  const effect = { ...unsure, failed: { reason, andAllBehind: false }, record };
  const { recorded } = await complete(table, hold, effect, now);
  return recorded ? { outcome: 'done', change: head } : { outcome: 'busy' };
}
