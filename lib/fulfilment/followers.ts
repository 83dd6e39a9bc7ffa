import type { PendingChange } from '../instances/item.ts';
import { changeId, isStatusUnsure } from '../instances/lifecycle.ts';
import { type Hold, isStatusChange } from '../instances/outbox.ts';
import type { Verdict } from './verdict.ts';

/**
 * The clean-up that follows a purchase which fails for good: the seller's code may have made something. None follows where
 * nothing was attempted, or where the first attempt was answered with a refusal.
 */
export function cleanUpAfter({ item, change }: Hold, verdict: Verdict['kind'], now: number): PendingChange | undefined {
  if (change.kind !== 'provision' || !('instanceId' in item)) return undefined;
  const isClean = verdict === 'refused' || verdict === 'late';
  if (isClean && item.attempts === 1) return undefined;
  const round = (change.round ?? 0) + 1;
  const id = changeId(item.product, item.instanceId, 'cleanUp', round);
  return { id, kind: 'cleanUp', round, acceptedAt: now, sentAt: change.sentAt };
}

/**
 * The status change that follows an order, in case that the seller's code has opened or shut the door with it: the newest
 * that was carried out, once more. It follows an order that status changes have overtaken, and every one of a frozen
 * instance; not where another status waits, which settles it, nor while nobody knows how far the last one came.
 */
export function statusAgain({ item, change }: Hold, now: number): PendingChange | undefined {
  if (change.kind !== 'renew' && change.kind !== 'upgrade') return undefined;
  if (!('wanted' in item) || isStatusUnsure(item)) return undefined;
  if (change.overtaken === undefined && item.state !== 'FROZEN') return undefined;
  const kind = item.state === 'FROZEN' ? 'freeze' : 'unfreeze';
  const next = item.pending.find(isStatusChange);
  if (next !== undefined && next.kind !== kind) return undefined;
  const subject = 'license' in item ? item.license : item.instanceId;
  const id = changeId(item.product, subject, 'statusAgain', change.id, change.requeuedAt ?? 0);
  return { id, kind, again: true, acceptedAt: now, sentAt: item.statusAt };
}
