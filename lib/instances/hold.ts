import type { Table } from '../table/table.ts';
import type { Key } from './keys.ts';
import { type AnyChange, headIs, type OutboxItem, type Piece, waitingIn } from './queue.ts';
import { updateIf, type WriteOptions } from './write.ts';

/** A claimed item. */
export interface Hold {
  readonly item: OutboxItem;
  /** The change that the attempt is about: the head of what waited when the item was claimed. */
  readonly change: AnyChange;
  readonly owner: string;
  /** Unix milliseconds; what comes later is not recorded. */
  readonly until: number;
}

/** Result of recording: `item` is the newest image known. */
export interface Recorded {
  readonly recorded: boolean;
  readonly item: OutboxItem | undefined;
}

/** Each further try means that calls were accepted in between; more than this is a bug. */
export const TRIES = 20;

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

/** Gives the item back before its time, without a result: it is due at once unless `dueAt` says when. */
export async function giveBack(table: Table, hold: Hold, dueAt = 0, options: WriteOptions = {}): Promise<void> {
  await updateIf(
    table,
    hold.item,
    'SET #dueAt = :dueAt REMOVE #leaseOwner, #leaseUntil',
    { condition: '#leaseOwner = :owner AND attribute_exists(#dueShard)', values: { dueAt, owner: hold.owner } },
    options,
  );
}

/** True while the image is held as the hold says, and has the same head. */
export function isHeld(item: OutboxItem, { owner, until, change }: Hold, now: number): boolean {
  // Stryker disable next-line OptionalChaining: for the type checker, something waits in an item that is held
  return item.leaseOwner === owner && until >= now && waitingIn(item)[0]?.id === change.id;
}

/** Ends a recording that came to nothing: what a release has overtaken is due at once. */
export async function giveBackIfOvertaken(
  table: Table,
  hold: Hold,
  item: OutboxItem | undefined,
  options: WriteOptions,
): Promise<Recorded> {
  if (item?.leaseOwner === hold.owner) await giveBack(table, hold, 0, options);
  return { recorded: false, item };
}

/** That the hold still is one, and of the same head. */
export function fence({ item, change, owner }: Hold, now: number): Piece {
  const head = headIs(item, change);
  return {
    conditions: ['#leaseOwner = :owner', '#leaseUntil >= :now', ...head.conditions],
    values: { owner, now, ...head.values },
  };
}

/** All conditions and values of some pieces. */
export function joined(pieces: readonly Piece[]): { condition: string; values: Record<string, unknown> } {
  return {
    condition: pieces.flatMap(({ conditions }) => conditions).join(' AND '),
    values: Object.assign({}, ...pieces.map(({ values }) => values)),
  };
}
