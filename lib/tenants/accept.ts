/**
 * Effects of the Kit's calls on the table.
 *
 * Each key of a call is one item, and a call is one conditional write per key. The items are states, not events: the
 * condition is that no newer call has been accepted for the key, so the order in which calls arrive is of no account, and
 * a replay changes nothing. A removal leaves a tombstone with its time, for the same reason: an add that it has overtaken
 * must not bring the record back. The write also adds the change to the item's outbox, where fulfilment finds it.
 */
import { type Key, shardOf } from '../instances/keys.ts';
import {
  type ApplicationRecord,
  type Binding,
  isGone,
  type KitChange,
  type KitChangeOf,
  type KitKind,
} from '../instances/kit-item.ts';
import { changeId } from '../instances/lifecycle.ts';
import { toMember } from '../instances/queue.ts';
import { changeIf, type WriteOptions } from '../instances/write.ts';
import { ITEM_TYPE, type ItemType } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { pointTo } from './login-pointer.ts';

/** Seconds for which a tombstone is kept. The V1 calls have no window for their time, so it is long. */
const TOMBSTONE_SECONDS = 400 * 86_400;

/** The type of a record's item, by what it is about. */
const TYPES: Readonly<Record<KitKind, ItemType>> = {
  tenant: ITEM_TYPE.tenant,
  application: ITEM_TYPE.tenantApplication,
  user: ITEM_TYPE.user,
  department: ITEM_TYPE.department,
  departments: ITEM_TYPE.departmentTree,
};

/** A call as far as one key goes; the members are those of the change it becomes. */
export type Sync<Kind extends KitKind = KitKind> = Pick<
  KitChangeOf<Kind>,
  'kind' | 'event' | 'sentAt' | 'fingerprint' | 'record'
> & { readonly isTest: boolean };

/** Accepts a call for one key; false if a newer one, or this very one, has been accepted before. */
export async function acceptSync(
  table: Table,
  key: Key,
  binding: Binding,
  { isTest, ...sync }: Sync,
  now: number,
  options: WriteOptions = {},
): Promise<boolean> {
  const id = changeIdOf(key, binding, sync);
  const version = versionOf(sync.sentAt, id);
  const change = { ...sync, id, version, acceptedAt: now, ...(isTest ? { isTest } : {}) } as KitChange;
  const { product, tenantId, instanceId } = binding;
  const state = {
    ...{ type: TYPES[sync.kind], product, tenantId, instanceId, ...sync, version },
    ...(isTest ? { isTest } : {}),
    ...(isGone(sync.event) ? { ttl: Math.ceil(now / 1000) + TOMBSTONE_SECONDS } : {}),
  };
  const outbox = { failed: {}, dueAt: 0, dueShard: shardOf(key) };
  const sets = [...Object.keys(state), ...Object.keys(outbox)].map((name) => `#${name} = :${name}`);
  const removes = ['isTest', 'ttl'].filter((name) => !Object.hasOwn(state, name)).map((name) => `#${name}`);
  const written = changeIf(
    table,
    key,
    [
      `SET ${sets.join(', ')}, #attempts = if_not_exists(#attempts, :none)`,
      ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
      'ADD #queue :members, #turn :one',
    ].join(' '),
    {
      condition: 'attribute_not_exists(#version) OR #version < :version',
      values: { ...state, ...outbox, none: 0, members: new Set([toMember(change)]), one: 1 },
    },
    options,
  );
  if (sync.kind !== 'application') return written;
  const { appId } = sync.record as ApplicationRecord;
  const { ttl }: { readonly ttl?: number } = state;
  const pointer = { event: sync.event, version, ...(ttl === undefined ? {} : { ttl }) };
  const [accepted] = await Promise.all([written, pointTo(table, binding, appId, pointer, options)]);
  return accepted;
}

/** Idempotency key of a change: the same for a call and its replay. */
export function changeIdOf(
  { pk, sk }: Key,
  { product }: Binding,
  { event, sentAt, fingerprint }: Pick<Sync, 'event' | 'sentAt' | 'fingerprint'>,
): string {
  return changeId(product, `${pk} ${sk}`, event, sentAt, fingerprint);
}

/**
 * Gives the version that orders the calls for a key, and departments among each other: the signed time, and for calls
 * of the same millisecond something that is the same whatever their order of arrival. Compares as text.
 */
export function versionOf(sentAt: number, id: string): string {
  return `${String(Math.max(0, sentAt)).padStart(16, '0')}-${id}`;
}
