import type { Table } from '../table/table.ts';
import { NO_PIECE, type RecordedOptions } from './audit.ts';
import type { FailedChange, InstanceItem, OrderNoticeItem, PendingChange } from './item.ts';
import { type Key, shardOf } from './keys.ts';
import { inOrder, purchaseId } from './lifecycle.ts';
import { isOrdered, orderMark } from './order-mark.ts';
import { readItem, updateIf } from './write.ts';

/** So often the item is read anew when it changed between the read and the write. */
const MAX_TRIES = 5;
/** So many changes are taken out of `failed` in one write: expressions have at most 4 KB. */
const AT_ONCE = 40;

type Item = InstanceItem | OrderNoticeItem;

/** A change that was set aside, and as what it is queued again; undefined if it has been overtaken. */
interface Revival {
  readonly id: string;
  readonly change: PendingChange | undefined;
}

/**
 * Queues again whatever was set aside on an item, in one write for each 40, and returns what was queued, in order; empty
 * if there was nothing, undefined if there is no such item. Each change keeps its idempotency key, but for a purchase that
 * was followed by a clean-up: it is another one. What has been overtaken since is not brought back: a status that a newer
 * one replaced is dropped, a renewal loses its date to a newer one's, and of a released instance only the release is
 * queued.
 */
export async function requeue(
  table: Table,
  key: Key,
  now: number,
  options: RecordedOptions = {},
): Promise<readonly PendingChange[] | undefined> {
  const queued: PendingChange[] = [];
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const item = await readItem<Item>(table, key, options);
    if (item === undefined) return undefined;
    const some = nextBatch(item, now);
    const changes = some.flatMap(({ change }) => (change === undefined ? [] : [change]));
    if (changes.length === 0) return queued;
    if (!(await queue(table, key, item, some, options))) continue;
    queued.push(...changes);
    if (Object.keys(item.failed).length === some.length) return queued;
    tries = -1; // the next batch has tries of its own
  }
  throw new Error(`The item changed under each of ${MAX_TRIES} writes.`);
}

/** The next changes to queue, and with them what has been overtaken, as far as they fit into one write. */
function nextBatch(item: Item, now: number): readonly Revival[] {
  const all = inOrder(Object.values(item.failed)).map((failed) => ({
    id: failed.id,
    change: revived(item, failed, now),
  }));
  const wanted = all.filter(({ change }) => change !== undefined).slice(0, AT_ONCE);
  const dropped = all.filter(({ change }) => change === undefined).slice(0, AT_ONCE - wanted.length);
  return [...wanted, ...dropped];
}

function revived(item: Item, failed: FailedChange, now: number): PendingChange | undefined {
  const { reason: _, failedAt: __, cleansUp, ...kept } = failed;
  const change: PendingChange = { ...kept, requeuedAt: now };
  // No test can tell, for the type checker: what follows leaves an order notice as it is
  if (!('wanted' in item)) return change;
  if (item.wanted === 'RELEASED') return change.kind === 'release' ? change : undefined;
  if (change.kind === 'freeze' || change.kind === 'unfreeze') {
    return change.sentAt < item.statusAt ? undefined : change;
  }
  if (change.kind === 'provision' && cleansUp === true) {
    const round = (change.round ?? 0) + 1;
    return { ...change, round, id: purchaseId(item.product, item.instanceId, { ...change, round }) };
  }
  if (change.kind !== 'renew' && change.kind !== 'upgrade') return change;
  const overtaken = change.sentAt < item.statusAt ? { overtaken: { attempts: 0, dueAt: 0 } } : {};
  const order = { ...change, ...overtaken };
  if (order.kind === 'upgrade' || order.sentAt >= item.expireSetAt) return order;
  const { expiresAt: ___, ...undated } = order;
  return undated;
}

async function queue(
  table: Table,
  key: Key,
  item: Item,
  some: readonly Revival[],
  options: RecordedOptions,
): Promise<boolean> {
  const changes = some.flatMap(({ change }) => (change === undefined ? [] : [change]));
  const ids = some.map(({ id }) => id);
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
  const entry = (await options.record?.(item)) ?? NO_PIECE;
  conditions.push(...entry.conditions);
  sets.push(...(entry.sets ?? []));
  Object.assign(values, entry.values);
  const failedPurchase = isInstance && item.state === 'FAILED' && changes.some(({ kind }) => kind === 'provision');
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
