/**
 * Compares every instance with the order that bought it.
 *
 * A round goes over the whole table, a page at a time, and keeps after each page how far it has come: a run whose time is
 * up, or which the marketplace asks to slow down for too long, is followed by another that goes on from there. Orders are
 * asked for one after the other, at a pace; one that cannot be had or opened is a difference like others. Nothing is changed unless repairs are asked for, and then only what one
 * conditional write puts right.
 */
import type { InstanceItem } from '../instances/item.ts';
import type { Key } from '../instances/keys.ts';
import type { MarketplaceError } from '../open-api/error.ts';
import type { AskedOrder } from '../open-api/query-order.ts';
import type { Order } from '../seller/contract.ts';
import type { Table } from '../table/table.ts';
import { keepRound, type Round, readRound } from './cursor.ts';
import { compare, type Drift, lookAt, notOpened, notRead, notShown } from './drift.ts';
import { instancePage } from './list.ts';
import { repair } from './repair.ts';

export interface ReconcileDependencies {
  readonly table: Table;
  /** An error whose `permanent` is true says that the order will never be shown; whose `action` is `slow-down`, wait. */
  queryOrder(asked: AskedOrder): Promise<Order>;
  openOrder(sealed: string, at: Key): Promise<Order>;
  clock(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

export interface ReconcileOptions {
  /** Puts right what is safe. */
  readonly repair: boolean;
  /** With `repair`: sets ends back, too, where the order shows an earlier one. */
  readonly force?: boolean;
  /** Begins a new round once so many milliseconds have passed since the last was finished; 0: at once, from the start. */
  readonly every: number;
  /** Milliseconds that are left. */
  remaining(): number;
  /** Told of each difference as it is found. */
  found(drift: Drift, repaired: boolean): void;
}

/** Milliseconds between two order queries. */
const PACE_MS = 200;
/** Milliseconds of the pauses after the marketplace has asked to slow down; after the last, the run ends. */
const SLOWER = [5_000, 15_000, 45_000];
/** Milliseconds that must be left for another instance. */
const ENOUGH_MS = 90_000;

/** Reason for which a run ended. `not-due`: the last round was finished a short while ago. */
export type RunEnd = 'finished' | 'out-of-time' | 'slowed-down' | 'overtaken' | 'not-due';

/** Takes a round as far as the time allows. @throws what the table throws, and errors of queries that may pass */
export async function reconcile(
  deps: ReconcileDependencies,
  options: ReconcileOptions,
): Promise<{ readonly end: RunEnd; readonly round: Round }> {
  let round = await roundToTake(deps, options);
  if (round.finishedAt !== undefined) return { end: 'not-due', round };
  const asking = createAsking(deps);
  for (;;) {
    const { instances, next } = await instancePage(deps.table, round.next);
    const seen = await takePage(deps, options, asking, instances);
    if (typeof seen === 'string') return { end: seen, round };
    round = after(round, seen, next, deps.clock());
    if (!(await keepRound(deps.table, round))) return { end: 'overtaken', round };
    if (next === undefined) return { end: 'finished', round };
  }
}

async function roundToTake({ table, clock }: ReconcileDependencies, { every }: ReconcileOptions): Promise<Round> {
  const last = await readRound(table);
  const fresh = { startedAt: clock(), checked: 0, found: 0, repaired: 0 };
  if (last === undefined || every === 0) return fresh;
  if (last.finishedAt === undefined) return last;
  return clock() - last.finishedAt < every ? last : fresh;
}

interface Seen {
  readonly checked: number;
  readonly found: number;
  readonly repaired: number;
}

async function takePage(
  deps: ReconcileDependencies,
  { remaining, repair: repairs, force = false, found }: ReconcileOptions,
  asking: (item: InstanceItem) => Promise<readonly Drift[] | 'slowed-down'>,
  instances: readonly InstanceItem[],
): Promise<Seen | 'out-of-time' | 'slowed-down'> {
  const seen = { checked: 0, found: 0, repaired: 0 };
  for (const item of instances) {
    if (remaining() < ENOUGH_MS) return 'out-of-time';
    const asked = isBought(item) ? await asking(item) : [];
    if (asked === 'slowed-down') return asked;
    seen.checked += 1;
    for (const drift of item.aliasOf === undefined ? [...lookAt(item, deps.clock()), ...asked] : []) {
      const repaired = repairs && (await repair(deps.table, drift, force));
      seen.found += 1;
      seen.repaired += repaired ? 1 : 0;
      found(drift, repaired);
    }
  }
  return seen;
}

/** Checks whether there is an order to compare with: the instance stands, and does not only point to another. */
function isBought({ wanted, state, aliasOf }: InstanceItem): boolean {
  return wanted !== 'RELEASED' && (state === 'ACTIVE' || state === 'FROZEN') && aliasOf === undefined;
}

/** Orders that could not be had one after the other, which make it the marketplace's trouble and end the run. */
const UNREAD_IN_A_ROW = 5;

/** @throws the error of the query, if so many have failed one after the other that going on is of no use */
function createAsking({ queryOrder, openOrder, clock, sleep }: ReconcileDependencies) {
  let unread = 0;
  const bought = async (item: InstanceItem): Promise<{ order?: Order; drifts: readonly Drift[] }> => {
    if (item.order === undefined) return { drifts: [] };
    try {
      return { order: await openOrder(item.order, item), drifts: [] };
    } catch {
      return { drifts: [notOpened(item)] };
    }
  };
  return async (item: InstanceItem): Promise<readonly Drift[] | 'slowed-down'> => {
    for (const pause of [...SLOWER, undefined]) {
      try {
        const { product, orderId, orderLineId } = item;
        const order = await queryOrder({ product, orderId, orderLineId: orderLineId || undefined });
        unread = 0;
        await sleep(PACE_MS);
        const kept = await bought(item);
        return [...kept.drifts, ...compare(item, order, kept.order, clock())];
      } catch (error) {
        const { permanent, action, code = Object(error).name } = error as Partial<MarketplaceError>;
        if (permanent === true) return [notShown(item, String(code))];
        if (action !== 'slow-down') {
          unread += 1;
          if (unread >= UNREAD_IN_A_ROW) throw error;
          await sleep(PACE_MS);
          return [notRead(item, String(code))];
        }
        if (pause !== undefined) await sleep(pause);
      }
    }
    return 'slowed-down';
  };
}

function after(round: Round, { checked, found, repaired }: Seen, next: Key | undefined, now: number): Round {
  const { next: _, ...rest } = round;
  return {
    ...rest,
    checked: round.checked + checked,
    found: round.found + found,
    repaired: round.repaired + repaired,
    ...(next === undefined ? { finishedAt: now } : { next: { pk: next.pk, sk: next.sk } }),
  };
}
