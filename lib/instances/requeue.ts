import type { Table } from '../table/table.ts';
import type { FailedChange, InstanceItem, OrderNoticeItem, PendingChange } from './item.ts';
import { type Key, shardOf } from './keys.ts';
import { inOrder } from './lifecycle.ts';
import { isOrdered, orderMark } from './order-mark.ts';
import { readItem, updateIf, type WriteOptions } from './write.ts';

/** So often the item is read anew when it changed between the read and the write. */
const TRIES = 5;

/**
 * Queues again whatever was set aside on an item, in one write, and returns what was queued, in order; empty if there
 * was nothing, undefined if there is no such item. Each change keeps its idempotency key. What has been overtaken since
 * is not brought back: a status that a newer one replaced is dropped, a renewal loses its date to a newer one's, and of
 * a released instance only the release is queued.
 */
export async function requeue(
  table: Table,
  key: Key,
  now: number,
  options: WriteOptions = {},
): Promise<readonly PendingChange[] | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const item = await readItem<InstanceItem | OrderNoticeItem>(table, key, options);
    if (item === undefined) return undefined;
    const changes = stillWanted(item, now);
    if (changes.length === 0) return [];
    if (await queue(table, key, item, changes, options)) return changes;
  }
  throw new Error(`The item changed under each of ${TRIES} writes.`);
}

function stillWanted(item: InstanceItem | OrderNoticeItem, now: number): readonly PendingChange[] {
  return inOrder(Object.values(item.failed)).flatMap((failed): readonly PendingChange[] => {
    const change = revived(failed, now);
    // No test can tell, for the type checker: what follows leaves an order notice as it is
    if (!('wanted' in item)) return [change];
    if (item.wanted === 'RELEASED') return change.kind === 'release' ? [change] : [];
    const isStatus = change.kind === 'freeze' || change.kind === 'unfreeze';
    if (isStatus && change.sentAt < item.statusAt) return [];
    // No test can tell `renew`: other changes have no date to lose
    if (change.kind !== 'renew' || change.sentAt >= item.expireSetAt) return [change];
    const { expiresAt: _, ...undated } = change;
    return [undated];
  });
}

function revived({ reason: _, failedAt: __, ...change }: FailedChange, now: number): PendingChange {
  return { ...change, requeuedAt: now };
}

async function queue(
  table: Table,
  key: Key,
  item: InstanceItem | OrderNoticeItem,
  changes: readonly PendingChange[],
  options: WriteOptions,
): Promise<boolean> {
  const ids = Object.keys(item.failed);
  const failedNames = ids.map((_, index) => `#failed.#id${index}`);
  const marks = changes.filter(isOrdered).map(orderMark);
  const conditions = failedNames.map((name) => `attribute_exists(${name})`);
  const sets = ['#pending = list_append(#pending, :changes)', '#dueAt = :none', '#dueShard = :shard'];
  const values: Record<string, unknown> = { changes, none: 0, shard: shardOf(key) };
  const isInstance = 'wanted' in item;
  if (isInstance) {
    conditions.push('#wanted = :wanted', '#state = :state', '#statusAt = :statusAt', '#expireSetAt = :expireSetAt');
    Object.assign(values, pick(item, ['wanted', 'state', 'statusAt', 'expireSetAt']));
  }
  const failedPurchase = isInstance && item.state === 'FAILED' && item.wanted !== 'RELEASED';
  if (failedPurchase) {
    sets.push('#state = :pendingState');
    values.pendingState = 'PENDING';
  }
  const update = [
    `SET ${sets.join(', ')}`,
    `REMOVE ${[...failedNames, ...(failedPurchase ? ['#failure'] : [])].join(', ')}`,
    ...(isInstance && marks.length > 0 ? ['ADD #orders :orders'] : []),
  ].join(' ');
  if (isInstance && marks.length > 0) values.orders = new Set(marks);
  const names = Object.fromEntries(ids.map((id, index) => [`id${index}`, id]));
  const { done } = await updateIf(table, key, update, { condition: conditions.join(' AND '), values, names }, options);
  return done;
}

function pick<Item, Name extends keyof Item>(item: Item, names: readonly Name[]): Pick<Item, Name> {
  return Object.fromEntries(names.map((name) => [name, item[name]])) as Pick<Item, Name>;
}
