import type { Table } from '../table.ts';
import { append } from './append.ts';
import type { PendingChange } from './item.ts';
import { keys } from './keys.ts';
import { answerStatus, changeId, type Outcome, STATUSES } from './lifecycle.ts';
import type { WriteOptions } from './write.ts';

/** updateInstanceStatus. */
export interface StatusCall {
  readonly product: string;
  readonly instanceId: string;
  readonly status: keyof typeof STATUSES;
  readonly sentAt: number;
}

/**
 * Accepts a status if no newer one has been: no document gives these calls a number, so their signed time is their
 * order. Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649430.html
 */
export async function acceptStatus(
  table: Table,
  { product, instanceId, status, sentAt }: StatusCall,
  now: number,
  options: WriteOptions = {},
): Promise<Outcome> {
  const { kind, wanted } = STATUSES[status];
  const change: PendingChange = {
    id: changeId(product, instanceId, status, sentAt),
    kind,
    acceptedAt: now,
    sentAt,
  };
  return append(
    table,
    keys.instance(product, instanceId),
    instanceId,
    {
      change,
      condition: ['#statusAt < :sentAt'],
      set: ['#wanted = :wanted', '#statusAt = :sentAt'],
      values: { wanted, sentAt },
    },
    (item) => answerStatus(item, instanceId, wanted, sentAt),
    options,
  );
}
