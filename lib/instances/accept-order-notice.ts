import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { OrderNoticeItem, PendingChange } from './item.ts';
import { keys, shardOf } from './keys.ts';
import { changeId, type Outcome } from './lifecycle.ts';
import { requeue } from './requeue.ts';
import { putIf, type WriteOptions } from './write.ts';

/** orderNotify. */
export interface OrderNoticeCall {
  readonly product: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly sentAt: number;
}

/** Keeps the notice once per order line: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000002091799153.html */
export async function acceptOrderNotice(
  table: Table,
  { product, orderId, orderLineId, sentAt }: OrderNoticeCall,
  now: number,
  options: WriteOptions = {},
): Promise<Outcome> {
  const key = keys.orderLine(product, orderId, orderLineId);
  const change: PendingChange = {
    id: changeId(product, '', 'orderNotify', orderId, orderLineId),
    kind: 'orderNotified',
    orderId,
    orderLineId,
    acceptedAt: now,
    sentAt,
  };
  const { done, item } = await putIf<OrderNoticeItem>(
    table,
    {
      ...key,
      type: ITEM_TYPE.orderNotice,
      product,
      orderId,
      orderLineId,
      createdAt: now,
      pending: [change],
      failed: {},
      attempts: 0,
      dueShard: shardOf(key),
      dueAt: 0,
    },
    { condition: 'attribute_not_exists(#pk)', values: {} },
    options,
  );
  if (item === undefined) throw new Error('The table refused a new notice and holds none.'); // the caller asks again
  const again = Object.keys(item.failed).length > 0;
  if (again) await requeue(table, key, now, options);
  return { resultCode: '000000', instanceId: '', accepted: done || again };
}
