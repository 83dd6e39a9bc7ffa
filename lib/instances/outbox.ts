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
 * chooses again. The same update can take the whole list, for a purchase that failed: nothing may follow it. How changes
 * lie in an item, as a list or as a set, is queue.ts's to know.
 */

import type { ResultCode } from '../protocol/result-codes.ts';
import type { Table } from '../table/table.ts';
import type { InstanceItem } from './item.ts';
import type { Key } from './keys.ts';
import type { KitItem } from './kit-item.ts';
import { isOrdered, orderMark } from './order-mark.ts';
import { type AnyChange, headIs, isKitChange, type OutboxItem, type Piece, taking, waitingIn } from './queue.ts';
import { updateIf, type WriteOptions, type Written } from './write.ts';

export type { AnyChange, OutboxItem } from './queue.ts';

/** A claimed item. */
export interface Hold {
  readonly item: OutboxItem;
  /** The change that the attempt is about: the head of what waited when the item was claimed. */
  readonly change: AnyChange;
  readonly owner: string;
  /** Unix milliseconds; what comes later is not recorded. */
  readonly until: number;
}

/** What carrying out the head does to the item. */
export interface Effect {
  readonly set?: Partial<
    Pick<InstanceItem, 'state' | 'access' | 'licence' | 'order' | 'chargingMode'> & Pick<KitItem, 'carriedOut'>
  > & { readonly failure?: { readonly resultCode?: ResultCode; readonly reason: string } };
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
        'attribute_exists(#dueShard) AND #dueAt <= :now AND (attribute_not_exists(#leaseOwner) OR #leaseUntil < :now)',
      values: { owner, until, one: 1, now },
    },
    options,
  );
  // Our own token in the old image: the SDK repeated a claim whose answer was lost.
  // No test can tell the look at the owner: `holdOf` asks again
  return done || item?.leaseOwner === owner ? holdOf(item, { owner, until }) : undefined;
}

/** The hold that a token gives on an item that was read or put; undefined if the item is not held under it. */
export function holdOf(
  item: OutboxItem | undefined,
  { owner, until }: { readonly owner: string; readonly until: number },
): Hold | undefined {
  const change = item && waitingIn(item)[0];
  // No test can tell `item !== undefined`, for the type checker: no item has no change
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
    joined([fence(hold, now), { conditions: [], values: { dueAt, reason } }]),
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
    { condition: '#leaseOwner = :owner AND attribute_exists(#dueShard)', values: { atOnce: 0, owner: hold.owner } },
    options,
  );
}

function isHeld(item: OutboxItem, { owner, until, change }: Hold, now: number): boolean {
  // Stryker disable next-line OptionalChaining: for the type checker, something waits in an item that is held
  return item.leaseOwner === owner && until >= now && waitingIn(item)[0]?.id === change.id;
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
  const waiting = waitingIn(image);
  const takesAll = waiting.length === 1 || failed?.andAllBehind === true;
  const taken = takesAll ? waiting : waiting.slice(0, 1);
  const piece = taking(image, taken.length, takesAll);
  const aside = failed === undefined ? [] : taken.map((change) => setAside(change, failed.reason, now));
  const marks = (failed === undefined ? [] : taken)
    .filter((change) => !isKitChange(change))
    .filter(isOrdered)
    .filter(({ kind }) => kind !== 'provision')
    .map(orderMark);
  const sets = [
    '#attempts = :none',
    ...(takesAll ? [] : ['#dueAt = :none']),
    ...(piece.sets ?? []),
    ...Object.keys(set).map((name) => `#${name} = :${name}`),
    ...(expiresAt === undefined ? [] : ['#expiresAt = if_not_exists(#expiresAt, :expiresAt)']),
    ...aside.map((_, index) => `#failed.#failed${index} = :failed${index}`),
  ];
  const removes = [
    '#leaseOwner',
    '#leaseUntil',
    '#lastError',
    ...(takesAll ? ['#dueAt', '#dueShard'] : []),
    ...(piece.removes ?? []),
  ];
  const deletes = [...(piece.deletes ?? []), ...(marks.length > 0 ? ['#orders :marks'] : [])];
  const update = [
    `SET ${sets.join(', ')}`,
    `REMOVE ${removes.join(', ')}`,
    // No test can tell the joint: two sets never shrink at once
    ...(deletes.length > 0 ? [`DELETE ${deletes.join(', ')}`] : []),
  ].join(' ');
  return updateIf<OutboxItem>(
    table,
    hold.item,
    update,
    {
      ...joined([
        fence(hold, now),
        piece,
        {
          conditions: [],
          values: {
            none: 0,
            ...set,
            // No test can tell the condition, for the type checker: undefined members are dropped
            ...(expiresAt === undefined ? {} : { expiresAt }),
            ...Object.fromEntries(aside.map((change, index) => [`failed${index}`, change])),
            ...(marks.length > 0 ? { marks: new Set(marks) } : {}),
          },
        },
      ]),
      names: Object.fromEntries(aside.map(({ id }, index) => [`failed${index}`, id])),
    },
    options,
  );
}

function setAside<Change extends AnyChange>(change: Change, reason: string, now: number) {
  return { ...change, reason, failedAt: now };
}

/** That the hold still is one, and of the same head. */
function fence({ item, change, owner }: Hold, now: number): Piece {
  const head = headIs(item, change);
  return {
    conditions: ['#leaseOwner = :owner', '#leaseUntil >= :now', ...head.conditions],
    values: { owner, now, ...head.values },
  };
}

/** All conditions and values of some pieces. */
function joined(pieces: readonly Piece[]): { condition: string; values: Record<string, unknown> } {
  return {
    condition: pieces.flatMap(({ conditions }) => conditions).join(' AND '),
    values: Object.assign({}, ...pieces.map(({ values }) => values)),
  };
}
