import type { Table } from '../table/table.ts';
import { NO_PIECE, type RecordedOptions } from './audit.ts';
import type { InstanceItem, PendingChange } from './item.ts';
import type { Key } from './keys.ts';
import { type AnyChange, headIs, type OutboxItem, type Piece, replacing, waitingIn } from './queue.ts';
import { readItem, updateIf } from './write.ts';

/**
 * Makes due at once what has failed and waits for its next attempt, in one write under the condition that it still does;
 * returns it, or undefined if the item waits for nothing: then there is no write.
 */
export async function wake(
  table: Table,
  image: OutboxItem,
  now: number,
  options: RecordedOptions = {},
): Promise<AnyChange | undefined> {
  const [head] = waitingIn(image);
  const { attempts, dueAt = 0 } = image;
  if (head === undefined || attempts === 0 || dueAt <= now || isHeldBySomebody(image, now)) return undefined;
  return (await makeDue(table, image, head, now, { conditions: [], values: {} }, options)) ? head : undefined;
}

/** The same for an item that is read first; undefined also if there is no such item. */
export async function wakeAt(
  table: Table,
  key: Key,
  now: number,
  options: RecordedOptions = {},
): Promise<AnyChange | undefined> {
  const item = await readItem<OutboxItem>(table, key, options);
  return item && wake(table, item, now, options);
}

/** Begins the window of a purchase anew and makes it due at once, unless it is being attempted. */
export async function askAnew(
  table: Table,
  image: InstanceItem,
  purchase: PendingChange,
  now: number,
  options: RecordedOptions = {},
): Promise<void> {
  const [head] = image.pending;
  if (head === undefined || isHeldBySomebody(image, now)) return;
  const pending = image.pending.map((change) => (change === purchase ? { ...change, requeuedAt: now } : change));
  await makeDue(table, image, head, now, replacing(image, pending), options);
}

function isHeldBySomebody({ leaseOwner, leaseUntil = 0 }: OutboxItem, now: number): boolean {
  return leaseOwner !== undefined && leaseUntil >= now;
}

async function makeDue(
  table: Table,
  image: OutboxItem,
  head: AnyChange,
  now: number,
  piece: Piece,
  options: RecordedOptions,
): Promise<boolean> {
  const isHead = headIs(image, head);
  const entry = (await options.record?.(image)) ?? NO_PIECE;
  const { done } = await updateIf(
    table,
    image,
    `SET ${['#dueAt = :atOnce', ...(piece.sets ?? []), ...(entry.sets ?? [])].join(', ')}`,
    {
      condition: [
        ...isHead.conditions,
        ...piece.conditions,
        ...entry.conditions,
        '(attribute_not_exists(#leaseOwner) OR #leaseUntil < :now)',
      ].join(' AND '),
      values: { atOnce: 0, now, ...isHead.values, ...piece.values, ...entry.values },
    },
    options,
  );
  return done;
}
