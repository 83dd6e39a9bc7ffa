import { NO_PIECE, type RecordedOptions } from '../instances/audit.ts';
import { shardOf } from '../instances/keys.ts';
import type { Binding, KitChange, KitItem } from '../instances/kit-item.ts';
import { isKitChange, isKitItem, toMember } from '../instances/queue.ts';
import { wake } from '../instances/wake.ts';
import { changeIf } from '../instances/write.ts';
import { readPartition } from '../table/partition.ts';
import type { Table } from '../table/table.ts';
import { partitionOf } from './keys.ts';

/** Changes of a tenant's records that were set aside and are queued again, and those that waited and are due now. */
export interface RetriedTenant {
  readonly queued: readonly KitChange[];
  readonly woken: readonly KitChange[];
}

/**
 * Queues again whatever was set aside of a tenant's records, makes due at once what waits for its next attempt, and
 * returns both (with `wakes: false` the first alone); each change keeps its idempotency key. What a newer call has overtaken is not brought back. Undefined if
 * nothing is known of the tenant.
 */
export async function requeueTenant(
  table: Table,
  tenant: Pick<Binding, 'product' | 'tenantId'>,
  now: number,
  options: RecordedOptions & { readonly wakes?: boolean } = {},
): Promise<RetriedTenant | undefined> {
  const queued: KitChange[] = [];
  const woken: KitChange[] = [];
  let isKnown = false;
  for await (const item of readPartition<KitItem>(table, partitionOf(tenant), options)) {
    isKnown = true;
    const aside = Object.values(item.failed ?? {}).find(({ version }) => version === item.version);
    if (aside !== undefined && (await requeue(table, item, aside, now, options))) {
      queued.push(aside);
      continue;
    }
    if (!isKitItem(item)) continue; // part of a department tree, which waits for nothing
    const head = options.wakes === false ? undefined : await wake(table, item, now, options);
    if (head !== undefined && isKitChange(head)) woken.push(head);
  }
  return isKnown ? { queued, woken } : undefined;
}

async function requeue(
  table: Table,
  item: KitItem,
  { reason: _, failedAt: __, ...change }: KitItem['failed'][string],
  now: number,
  options: RecordedOptions,
): Promise<boolean> {
  const entry = (await options.record?.(item)) ?? NO_PIECE;
  const sets = ['#failed = :noFailures', '#dueAt = :none', '#dueShard = :shard', ...(entry.sets ?? [])];
  return changeIf(
    table,
    item,
    `SET ${sets.join(', ')} ADD #queue :members, #turn :one`,
    {
      condition: ['#version = :version', 'attribute_exists(#failed.#changeId)', ...entry.conditions].join(' AND '),
      values: {
        ...entry.values,
        noFailures: {},
        none: 0,
        shard: shardOf(item),
        members: new Set([toMember({ ...change, requeuedAt: now })]),
        one: 1,
        version: item.version,
      },
      names: { changeId: change.id },
    },
    options,
  );
}
