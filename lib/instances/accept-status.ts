import type { FreezeReason } from '../protocol/v1/messages.ts';
import type { Table } from '../table/table.ts';
import { append } from './append.ts';
import type { InstanceItem, PendingChange } from './item.ts';
import type { KeyedOptions } from './keyed.ts';
import { keys } from './keys.ts';
import { answerStatus, changeId, type Outcome, STATUSES } from './lifecycle.ts';

/** updateInstanceStatus. */
export interface StatusCall {
  readonly product: string;
  readonly instanceId: string;
  readonly status: keyof typeof STATUSES;
  /** Reason of a freeze; `status` unless V1.0's expireInstance says otherwise. */
  readonly reason?: FreezeReason;
  readonly sentAt: number;
}

/**
 * Accepts a status if no newer one has been: no document gives these calls a number, so their signed time is their
 * order. An unfreeze is the marketplace's own word and lifts whatever froze the instance; a freeze for expiry that was
 * signed before the newest renewal has been overtaken by it.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649430.html
 */
export async function acceptStatus(
  table: Table,
  call: StatusCall,
  now: number,
  options: KeyedOptions = {},
): Promise<Outcome> {
  const { product, instanceId, status, reason = 'status', sentAt } = call;
  const { keyOf = keys.instance } = options;
  const { wanted } = STATUSES[status];
  const isExpiry = status === 'FREEZE' && reason === 'expired';
  const change = statusOf(call, now);
  return append(
    table,
    keyOf(product, instanceId),
    instanceId,
    {
      change,
      condition: ['#statusAt < :sentAt', ...(isExpiry ? ['#expireSetAt < :sentAt'] : [])],
      set: ['#wanted = :wanted', '#statusAt = :sentAt'],
      ...(status === 'FREEZE' ? { add: ['#frozenFor :reasons'] } : { remove: ['#frozenFor'] }),
      values: { wanted, sentAt, ...(status === 'FREEZE' ? { reasons: new Set([reason]) } : {}) },
    },
    (item) => answerStatus(item, instanceId, wanted, sentAt) ?? (isExpiry ? renewedSince(item, sentAt) : undefined),
    options,
  );
}

/** The change that a status call is. */
export function statusOf({ product, instanceId, status, sentAt }: StatusCall, now: number): PendingChange {
  const { kind } = STATUSES[status];
  return { id: changeId(product, instanceId, status, sentAt), kind, acceptedAt: now, sentAt };
}

function renewedSince(item: InstanceItem | undefined, sentAt: number): Outcome | undefined {
  // No test can tell `item === undefined`, for the type checker: there is an answer by then
  if (item === undefined || item.expireSetAt < sentAt) return undefined;
  return { resultCode: '000000', instanceId: item.instanceId, accepted: false };
}
