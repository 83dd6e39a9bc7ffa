import type { Table } from '../table/table.ts';
import type { InstanceItem, PendingChange } from './item.ts';
import type { KeyedOptions } from './keyed.ts';
import { keys, shardOf } from './keys.ts';
import { answerRelease, changeId, type Outcome } from './lifecycle.ts';
import { requeue } from './requeue.ts';
import { updateIf } from './write.ts';

/** releaseInstance; the order is there if an unsubscription caused the release. */
export interface ReleaseCall {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId?: string;
  readonly orderLineId?: string;
  readonly sentAt: number;
}

/**
 * Accepts the release of an instance once, whatever has become of it. Whatever waits is dropped: nothing needs to be
 * renewed that is about to go. An attempt that is running keeps its hold and finds another head when it ends.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649431.html
 */
export async function acceptRelease(
  table: Table,
  call: ReleaseCall,
  now: number,
  options: KeyedOptions = {},
): Promise<Outcome> {
  const { product, instanceId } = call;
  const { keyOf = keys.instance } = options;
  const key = keyOf(product, instanceId);
  const change = releaseOf(call, now);
  const { done, item } = await updateIf<InstanceItem>(
    table,
    key,
    'SET #wanted = :released, #releasedAt = :now, #pending = :changes, #attempts = :none, #dueAt = :none, #dueShard = :shard',
    {
      condition: 'attribute_exists(#pk) AND #wanted <> :released',
      values: { released: 'RELEASED', now, changes: [change], none: 0, shard: shardOf(key) },
    },
    options,
  );
  if (done) return { resultCode: '000000', instanceId, accepted: true };
  const answer = answerRelease(item, instanceId);
  if (answer === undefined) throw new Error('The instance changed while its release was written.');
  if (answer !== 'again') return answer;
  await requeue(table, key, now, options);
  return { resultCode: '000000', instanceId, accepted: true };
}

/** The change that a release is. */
export function releaseOf(
  { product, instanceId, orderId, orderLineId, sentAt }: ReleaseCall,
  now: number,
): PendingChange {
  return {
    id: changeId(product, instanceId, 'releaseInstance'),
    kind: 'release',
    ...(orderId === undefined ? {} : { orderId }),
    ...(orderLineId === undefined ? {} : { orderLineId }),
    acceptedAt: now,
    sentAt,
  };
}
