import type { Table } from '../table/table.ts';
import type { InstanceItem, PendingChange } from './item.ts';
import { type Key, shardOf } from './keys.ts';
import type { Outcome } from './lifecycle.ts';
import { isOrdered, orderMark } from './order-mark.ts';
import { updateIf, type WriteOptions } from './write.ts';

/** A change together with what accepting it means for the instance's item. */
export interface Accepted {
  readonly change: PendingChange;
  /** Appended right behind it. */
  readonly followedBy?: PendingChange;
  /** Joined by AND to "exists, is not released, did not fail" and, for an order, "is not known yet". */
  readonly condition?: readonly string[];
  /** Further assignments, attributes to take away, and members to put into sets. */
  readonly set?: readonly string[];
  readonly remove?: readonly string[];
  readonly add?: readonly string[];
  readonly values?: Readonly<Record<string, unknown>>;
}

/** So often a write is repeated when the image that stood in its way no longer stands there. */
const MAX_TRIES = 3;

/**
 * Appends a change to the outbox of an instance in one conditional write; `answer` turns the image that stands in its
 * way into the answer. A change set aside earlier under the same id is taken out of `failed`: this is its second life.
 */
export async function append(
  table: Table,
  key: Key,
  instanceId: string,
  { change, followedBy, condition = [], set = [], remove = [], add = [], values = {} }: Accepted,
  answer: (item: InstanceItem | undefined) => Outcome | undefined,
  options: WriteOptions = {},
): Promise<Outcome> {
  const mark = isOrdered(change) ? orderMark(change) : undefined;
  const added = [...(mark === undefined ? [] : ['#orders :marks']), ...add];
  const update = [
    `SET ${['#pending = list_append(#pending, :changes)', '#dueAt = :atOnce', '#dueShard = :shard', ...set].join(', ')}`,
    `REMOVE ${['#failed.#changeId', ...remove].join(', ')}`,
    // No test can tell the joint: nobody adds two
    ...(added.length === 0 ? [] : [`ADD ${added.join(', ')}`]),
  ].join(' ');
  const expressions = {
    condition: [
      'attribute_exists(#pk)',
      '#wanted <> :released',
      '#state <> :failed',
      ...(mark === undefined ? [] : ['NOT contains(#orders, :mark)']),
      ...condition,
    ].join(' AND '),
    values: {
      // No test can tell the condition, for the type checker: undefined members are dropped
      changes: followedBy === undefined ? [change] : [change, followedBy],
      atOnce: 0,
      shard: shardOf(key),
      released: 'RELEASED',
      failed: 'FAILED',
      ...(mark === undefined ? {} : { mark, marks: new Set([mark]) }),
      ...values,
    },
    names: { changeId: change.id },
  };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const { done, item } = await updateIf<InstanceItem>(table, key, update, expressions, options);
    if (done) return { resultCode: '000000', instanceId, accepted: true };
    const answered = answer(item);
    if (answered !== undefined) return answered;
  }
  throw new Error(`The instance changed under each of ${MAX_TRIES} writes.`);
}
