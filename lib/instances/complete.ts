import type { ResultCode } from '../protocol/result-codes.ts';
import type { Table } from '../table/table.ts';
import { NO_PIECE, type Recording } from './audit.ts';
import { leastWanted } from './failed.ts';
import { fence, giveBackIfOvertaken, type Hold, isHeld, joined, type Recorded, TRIES } from './hold.ts';
import type { InstanceItem, Overtaken, PendingChange } from './item.ts';
import type { KitItem } from './kit-item.ts';
import { isOrdered, orderMark } from './order-mark.ts';
import { type AnyChange, isKitChange, type OutboxItem, type Piece, replacing, taking, waitingIn } from './queue.ts';
import { updateIf, type WriteOptions, type Written } from './write.ts';

/** Effect of carrying out the head on the item. */
export interface Effect {
  readonly set?: Partial<
    Pick<InstanceItem, 'state' | 'access' | 'licence' | 'order' | 'chargingMode'> & Pick<KitItem, 'carriedOut'>
  > & { readonly failure?: { readonly resultCode?: ResultCode; readonly reason: string } };
  /** Set unless a call has set it already. */
  readonly expiresAt?: number;
  /** The change cannot succeed: it is kept in `failed` for this reason, and its order counts as unknown again. */
  readonly failed?: {
    readonly reason: string;
    readonly andAllBehind: boolean;
    /** A purchase that is followed by a clean-up: asked for again, it is another one. */
    readonly cleansUp?: boolean;
  };
  /**
   * The instance has ended: what is kept of its buyer leaves the item with the same write, the sealed orders of changes
   * that were set aside included; none of them will be queued again.
   */
  readonly erases?: boolean;
  /** Records the end before it is written; the write makes the record count. */
  readonly record?: Recording;
  /** Takes the head's place, before all that waits; never on a record of the Kit. */
  readonly followedBy?: PendingChange;
}

/** Attributes that an instance keeps of its buyer, each sealed. */
const PERSONAL = ['#access', '#licence', '#order'];

/** So many changes are set aside in one write: expressions have at most 4 KB. */
const ASIDE_AT_ONCE = 40;

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
    const isCrowd = effect.failed?.andAllBehind === true && waitingIn(image).length > ASIDE_AT_ONCE;
    const write = isCrowd ? setAsideSome : completeAs;
    const { done, item } = await write(table, image, hold, effect, now, options);
    if (done && !isCrowd) return { recorded: true, item };
    if (item === undefined || !isHeld(item, hold, now)) return giveBackIfOvertaken(table, hold, item, options);
    image = item;
  }
  throw new Error('The outbox changed under every write.');
}

/** Sets aside some of what waits behind a head that takes all with it, so that the rest fits into the last write. */
async function setAsideSome(
  table: Table,
  image: OutboxItem,
  hold: Hold,
  { failed }: Effect,
  now: number,
  options: WriteOptions,
): Promise<Written<OutboxItem>> {
  const [head, ...behind] = waitingIn(image) as readonly PendingChange[];
  const some = behind.slice(0, ASIDE_AT_ONCE);
  const left = [...(head === undefined ? [] : [head]), ...behind.slice(ASIDE_AT_ONCE)];
  const aside = asideOf(image, some, failed, now);
  const piece = replacing(image, left);
  return updateIf<OutboxItem>(
    table,
    hold.item,
    update([...(piece.sets ?? []), ...aside.sets], aside.removes, aside.deletes),
    { ...joined([fence(hold, now), piece, aside]), names: aside.names },
    options,
  );
}

async function completeAs(
  table: Table,
  image: OutboxItem,
  hold: Hold,
  { set = {}, expiresAt, failed, followedBy, erases = false, record }: Effect,
  now: number,
  options: WriteOptions,
): Promise<Written<OutboxItem>> {
  const waiting = waitingIn(image);
  const takesAll = waiting.length === 1 || failed?.andAllBehind === true;
  const taken = takesAll ? waiting : waiting.slice(0, 1);
  const rest = waiting.slice(taken.length);
  const isEnd = rest.length === 0 && followedBy === undefined;
  const piece =
    followedBy === undefined
      ? taking(image, taken.length, takesAll)
      : replacing(image, [followedBy, ...(rest as readonly PendingChange[])]);
  const next = followedBy ?? rest[0];
  const entry = (await record?.(image)) ?? NO_PIECE;
  // An order that status changes have overtaken goes on where it was.
  const { attempts = 0, dueAt = 0, lastError }: Partial<Overtaken> = next?.overtaken ?? {};
  const aside = asideOf(image, failed === undefined ? [] : taken, failed, now);
  const sets = [
    '#attempts = :attempts',
    ...(isEnd ? [] : ['#dueAt = :dueAt']),
    ...(lastError === undefined ? [] : ['#lastError = :lastError']),
    ...(piece.sets ?? []),
    ...Object.keys(set).map((name) => `#${name} = :${name}`),
    ...(expiresAt === undefined ? [] : ['#expiresAt = if_not_exists(#expiresAt, :expiresAt)']),
    ...(erases ? ['#failed = :nothing'] : []),
    ...aside.sets,
    ...(entry.sets ?? []),
  ];
  const removes = [
    '#leaseOwner',
    '#leaseUntil',
    ...(lastError === undefined ? ['#lastError'] : []),
    ...(isEnd ? ['#dueAt', '#dueShard'] : []),
    ...(erases ? PERSONAL : []),
    ...(piece.removes ?? []),
    ...aside.removes,
  ];
  const deletes = [...(piece.deletes ?? []), ...aside.deletes];
  const values = {
    attempts,
    ...(isEnd ? {} : { dueAt }),
    ...(lastError === undefined ? {} : { lastError }),
    ...set,
    // No test can tell the condition, for the type checker: undefined members are dropped
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(erases ? { nothing: {} } : {}),
  };
  return updateIf<OutboxItem>(
    table,
    hold.item,
    update(sets, removes, deletes),
    { ...joined([fence(hold, now), piece, aside, entry, { conditions: [], values }]), names: aside.names },
    options,
  );
}

function update(sets: readonly string[], removes: readonly string[], deletes: readonly string[]): string {
  return [
    `SET ${sets.join(', ')}`,
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
    // No test can tell the joint: two sets never shrink at once
    ...(deletes.length > 0 ? [`DELETE ${deletes.join(', ')}`] : []),
  ].join(' ');
}

type Aside = Required<Piece> & { readonly names: Readonly<Record<string, string>> };

/** Puts changes into `failed`, and takes out what it need not hold any more; their orders count as unknown again. */
function asideOf(image: OutboxItem, taken: readonly AnyChange[], failed: Effect['failed'], now: number): Aside {
  const entries = taken.map((change) => ({
    ...change,
    ...(change.kind === 'provision' && failed?.cleansUp === true ? { cleansUp: true as const } : {}),
    reason: failed?.reason ?? '',
    failedAt: now,
  }));
  const gone = leastWanted(image.failed, entries);
  const marks = taken
    .filter((change) => !isKitChange(change))
    .filter(isOrdered)
    .filter(({ kind }) => kind !== 'provision')
    .map(orderMark);
  return {
    conditions: [],
    sets: entries.map((_, index) => `#failed.#failed${index} = :failed${index}`),
    removes: gone.map((_, index) => `#failed.#gone${index}`),
    deletes: marks.length > 0 ? ['#orders :marks'] : [],
    values: {
      ...Object.fromEntries(entries.map((entry, index) => [`failed${index}`, entry])),
      ...(marks.length > 0 ? { marks: new Set(marks) } : {}),
    },
    names: Object.fromEntries([
      ...entries.map(({ id }, index) => [`failed${index}`, id]),
      ...gone.map((id, index) => [`gone${index}`, id]),
    ]),
  };
}
