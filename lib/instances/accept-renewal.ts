import type { Renewal } from '../seller/contract.ts';
import type { Table } from '../table.ts';
import { append } from './append.ts';
import type { InstanceItem } from './item.ts';
import { keys } from './keys.ts';
import { answerOrder, changeId, type Outcome } from './lifecycle.ts';
import { orderMark } from './order-mark.ts';
import type { WriteOptions } from './write.ts';

/** refreshInstance; times are Unix milliseconds. */
export interface RenewalCall {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly scene: Renewal['scene'];
  readonly expiresAt: number;
  readonly productId?: string;
  readonly sentAt: number;
}

/**
 * Accepts a renewal once per order, order line and scene: a withdrawn renewal may carry the renewal's own order id.
 * The date belongs to the newest signed time; a renewal that a newer one has overtaken is accepted without its date,
 * which takes a second write. Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649429.html
 */
export async function acceptRenewal(
  table: Table,
  call: RenewalCall,
  now: number,
  options: WriteOptions = {},
): Promise<Outcome> {
  const { product, instanceId, orderId, orderLineId, scene, expiresAt, productId, sentAt } = call;
  const key = keys.instance(product, instanceId);
  const change = {
    id: changeId(product, instanceId, scene, orderId, orderLineId),
    kind: 'renew',
    orderId,
    orderLineId,
    scene,
    ...(productId === undefined ? {} : { productId }),
    acceptedAt: now,
    sentAt,
  } as const;
  const answer = (item: InstanceItem | undefined) => answerOrder(item, instanceId, orderMark(change));
  let overtaken = false;
  const outcome = await append(
    table,
    key,
    instanceId,
    {
      change: { ...change, expiresAt },
      condition: ['#expireSetAt < :sentAt'],
      set: ['#expiresAt = :expiresAt', '#expireSetAt = :sentAt'],
      values: { expiresAt, sentAt },
    },
    (item) => {
      const known = answer(item);
      overtaken = known === undefined && item !== undefined && item.expireSetAt >= sentAt;
      return overtaken ? { resultCode: '000000', instanceId, accepted: false } : known;
    },
    options,
  );
  return overtaken ? append(table, key, instanceId, { change }, answer, options) : outcome;
}
