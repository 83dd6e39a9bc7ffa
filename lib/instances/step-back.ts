/**
 * A renewal or upgrade that fails must not hold up a freeze: whoever has not paid would go on for nothing, whoever has paid
 * would stay shut out. So one that is stuck steps behind the status changes that wait. Orders keep their order among
 * themselves, and so do status changes; nothing steps over a purchase, a clean-up or a release. Each order that a status
 * change has overtaken is marked, with its attempts and its pause if it had any: when it ends, the newest status that was
 * carried out is carried out once more, in case that the seller's code has opened or shut the door with it.
 */
import type { Overtaken, PendingChange } from './item.ts';
import { type AnyChange, isKitItem, type OutboxItem } from './queue.ts';

/** Failed attempts after which a renewal or upgrade is stuck. */
export const STUCK_ATTEMPTS = 3;
/** Milliseconds after its acceptance from which one failed attempt is enough. */
export const STUCK_MS = 600_000;

/** True for a renewal or upgrade that has failed so often, or so long, that status changes may overtake it. */
export function isStuck(change: AnyChange, failedAttempts: number, now: number): boolean {
  if (change.kind !== 'renew' && change.kind !== 'upgrade') return false;
  if (failedAttempts >= STUCK_ATTEMPTS) return true;
  return failedAttempts > 0 && now - (change.requeuedAt ?? change.acceptedAt) >= STUCK_MS;
}

/** True for a freeze or unfreeze. */
export function isStatusChange({ kind }: AnyChange): boolean {
  return kind === 'freeze' || kind === 'unfreeze';
}

/** The list of an image whose head steps behind the status changes that wait; undefined if none waits. */
export function steppedBack(image: OutboxItem, head: Overtaken): readonly PendingChange[] | undefined {
  if (isKitItem(image)) return undefined;
  const { pending } = image;
  const last = pending.findLastIndex(isStatusChange);
  if (last < 1) return undefined;
  const orders = pending.flatMap((change, index): PendingChange[] => {
    if (isStatusChange(change)) return [];
    if (index > last) return [change];
    return [{ ...change, overtaken: index === 0 ? head : (change.overtaken ?? { attempts: 0, dueAt: 0 }) }];
  });
  return [...pending.filter(isStatusChange), ...orders];
}
