/**
 * How accepted changes leave the outbox, one at a time from the head of `pending`.
 *
 * A worker claims the item for a limited time under a token that nobody else has: the condition is that something is
 * pending, that it is due, and that no other hold is running. Claiming counts the attempt and moves `dueAt` to the end of
 * the hold, so that a worker that dies is followed by the sweep and by nobody sooner. What came of the attempt is written
 * in one update, fenced by the token, by the hold's end and by the id of the head: a worker whose hold is gone, or whose
 * head was overtaken by a release, records nothing. There are two forms of that update, because no engine-neutral
 * expression tells the length of a list: either another change follows the head (drop the head, stay due), or none does
 * (empty the list, leave the index). The form is chosen by the image at hand; if its condition fails, the new image
 * chooses again. The same update can take the whole list, for a purchase that failed: nothing may follow it.
 */
import type { Table } from '../table.ts';
import type { FailedChange, InstanceItem, OrderNoticeItem, PendingChange } from './item.ts';
import type { Key } from './keys.ts';
import { isOrdered, orderMark } from './order-mark.ts';
import { updateIf, type WriteOptions, type Written } from './write.ts';

/** Anything with an outbox. */
export type OutboxItem = InstanceItem | OrderNoticeItem;

/** A claimed item. */
export interface Hold {
  readonly item: OutboxItem;
  /** The change that the attempt is about: the head of `pending` when the item was claimed. */
  readonly change: PendingChange;
  readonly owner: string;
  /** Unix milliseconds; what comes later is not recorded. */
  readonly until: number;
}

/** What carrying out the head does to the item. */
export interface Effect {
  readonly set?: Partial<Pick<InstanceItem, 'state' | 'access' | 'order' | 'chargingMode' | 'failure'>>;
  /** Set unless a call has set it already. */
  readonly expiresAt?: number;
  /** The change cannot succeed: it is kept in `failed` for this reason, and its order counts as unknown again. */
  readonly failed?: { readonly reason: string; readonly andAllBehind: boolean };
}

/** What became of recording: `item` is the newest image known. */
export interface Recorded {
  readonly recorded: boolean;
  readonly item: OutboxItem | undefined;
}

const FENCE = '#leaseOwner = :owner AND #leaseUntil >= :now AND #pending[0].#id = :id';
/** Each further try means that calls were accepted in between; more than this is a bug. */
const TRIES = 20;

/** Takes the item for one attempt until `until`; undefined if there is nothing to do now. */
export async function claim(
  table: Table,
  key: Key,
  { owner, until, now }: { readonly owner: string; readonly until: number; readonly now: number },
  options: WriteOptions = {},
): Promise<Hold | undefined> {
  const { done, item } = await updateIf<OutboxItem>(
    table,
    key,
    'SET #leaseOwner = :owner, #leaseUntil = :until, #dueAt = :until, #attempts = #attempts + :one',
    {
      condition:
        'attribute_exists(#pending[0]) AND #dueAt <= :now AND (attribute_not_exists(#leaseOwner) OR #leaseUntil < :now)',
      values: { owner, until, one: 1, now },
    },
    options,
  );
  // Our own token in the old image: the SDK repeated a claim whose answer was lost.
  return done || item?.leaseOwner === owner ? holdOf(item, { owner, until }) : undefined;
}

/** The hold that a token gives on an item that was read or put; undefined if the item is not held under it. */
export function holdOf(
  item: OutboxItem | undefined,
  { owner, until }: { readonly owner: string; readonly until: number },
): Hold | undefined {
  const change = item?.pending[0];
  return item !== undefined && change !== undefined && item.leaseOwner === owner
    ? { item, change, owner, until }
    : undefined;
}

/** Records that the head is dealt with and gives the item back. */
export async function complete(
  table: Table,
  hold: Hold,
  effect: Effect,
  now: number,
  options: WriteOptions = {},
): Promise<Recorded> {
  let image = hold.item;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { done, item } = await completeAs(table, image, hold, effect, now, options);
    if (done) return { recorded: true, item };
    if (item === undefined || !isHeld(item, hold, now)) return giveBackIfOvertaken(table, hold, item, options);
    image = item;
  }
  throw new Error('The outbox changed under every write.');
}

/** Records that the attempt failed; the next one is due at `dueAt`. */
export async function postpone(
  table: Table,
  hold: Hold,
  { dueAt, reason }: { readonly dueAt: number; readonly reason: string },
  now: number,
  options: WriteOptions = {},
): Promise<Recorded> {
  const { done, item } = await updateIf<OutboxItem>(
    table,
    hold.item,
    'SET #dueAt = :dueAt, #lastError = :reason REMOVE #leaseOwner, #leaseUntil',
    { condition: FENCE, values: { dueAt, reason, ...fence(hold, now) } },
    options,
  );
  return done ? { recorded: true, item } : giveBackIfOvertaken(table, hold, item, options);
}

/** Gives the item back before its time, without a result: it is due at once. */
export async function giveBack(table: Table, hold: Hold, options: WriteOptions = {}): Promise<void> {
  await updateIf(
    table,
    hold.item,
    'SET #dueAt = :atOnce REMOVE #leaseOwner, #leaseUntil',
    { condition: '#leaseOwner = :owner AND attribute_exists(#pending[0])', values: { atOnce: 0, owner: hold.owner } },
    options,
  );
}

function isHeld(item: OutboxItem, { owner, until, change }: Hold, now: number): boolean {
  return item.leaseOwner === owner && until >= now && item.pending[0]?.id === change.id;
}

async function giveBackIfOvertaken(
  table: Table,
  hold: Hold,
  item: OutboxItem | undefined,
  options: WriteOptions,
): Promise<Recorded> {
  if (item?.leaseOwner === hold.owner) await giveBack(table, hold, options);
  return { recorded: false, item };
}

async function completeAs(
  table: Table,
  image: OutboxItem,
  hold: Hold,
  { set = {}, expiresAt, failed }: Effect,
  now: number,
  options: WriteOptions,
): Promise<Written<OutboxItem>> {
  const takesAll = image.pending.length === 1 || failed?.andAllBehind === true;
  const taken = takesAll ? image.pending : image.pending.slice(0, 1);
  const aside = failed === undefined ? [] : taken.map((change) => setAside(change, failed.reason, now));
  const marks = (failed === undefined ? [] : taken)
    .filter(isOrdered)
    .filter(({ kind }) => kind !== 'provision')
    .map(orderMark);
  const sets = [
    '#attempts = :none',
    takesAll ? '#pending = :empty' : '#dueAt = :none',
    ...Object.keys(set).map((name) => `#${name} = :${name}`),
    ...(expiresAt === undefined ? [] : ['#expiresAt = if_not_exists(#expiresAt, :expiresAt)']),
    ...aside.map((_, index) => `#failed.#failed${index} = :failed${index}`),
  ];
  const removes = [
    '#leaseOwner',
    '#leaseUntil',
    '#lastError',
    ...(takesAll ? ['#dueAt', '#dueShard'] : ['#pending[0]']),
  ];
  const update = `SET ${sets.join(', ')} REMOVE ${removes.join(', ')}${marks.length > 0 ? ' DELETE #orders :marks' : ''}`;
  const length = takesAll ? `attribute_not_exists(#pending[${taken.length}])` : 'attribute_exists(#pending[1])';
  return updateIf<OutboxItem>(
    table,
    hold.item,
    update,
    {
      condition: `${FENCE} AND ${length}`,
      values: {
        ...fence(hold, now),
        none: 0,
        ...(takesAll ? { empty: [] } : {}),
        ...set,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...Object.fromEntries(aside.map((change, index) => [`failed${index}`, change])),
        ...(marks.length > 0 ? { marks: new Set(marks) } : {}),
      },
      names: Object.fromEntries(aside.map(({ id }, index) => [`failed${index}`, id])),
    },
    options,
  );
}

function setAside(change: PendingChange, reason: string, now: number): FailedChange {
  return { ...change, reason, failedAt: now };
}

function fence({ owner, change }: Hold, now: number): { owner: string; now: number; id: string } {
  return { owner, now, id: change.id };
}
