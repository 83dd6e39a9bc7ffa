import type { Table } from '../table/table.ts';
import { append } from './append.ts';
import { keys } from './keys.ts';
import { answerOrder, changeId, type Outcome } from './lifecycle.ts';
import { orderMark } from './order-mark.ts';
import type { WriteOptions } from './write.ts';

/** upgradeInstance. */
export interface UpgradeCall {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly sentAt: number;
  /** The order, sealed as `personal`, if the call told it. */
  readonly told?: string;
}

/** Accepts an upgrade once per order line: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649432.html */
export async function acceptUpgrade(
  table: Table,
  { product, instanceId, orderId, orderLineId, sentAt, told }: UpgradeCall,
  now: number,
  options: WriteOptions = {},
): Promise<Outcome> {
  const change = {
    id: changeId(product, instanceId, 'upgradeInstance', orderId, orderLineId),
    kind: 'upgrade',
    orderId,
    orderLineId,
    ...(told === undefined ? {} : { told }),
    acceptedAt: now,
    sentAt,
  } as const;
  return append(
    table,
    keys.instance(product, instanceId),
    instanceId,
    { change },
    (item) => answerOrder(item, instanceId, orderMark(change)),
    options,
  );
}
