/**
 * Carries out what waits on one item, from the head of its outbox on, until nothing is due any more or the time left
 * would not do for another attempt.
 *
 * Each turn is claim → hook → audit → complete, and the image that complete writes says whether there is another. The hold of a claim outlasts everything the attempt may take, so two
 * attempts at one item never overlap unless a worker was stalled, and what a stalled worker brings is not recorded. The
 * process may die between any two of the steps: then the hold ends, the item is due at that moment, and the next attempt
 * comes with the same idempotency key.
 */
import type { Product } from '../config/products.ts';
import { type Key, productOf } from '../instances/keys.ts';
import { claim, giveBack, type Hold, type OutboxItem, stepBack } from '../instances/outbox.ts';
import { markTrouble } from '../instances/trouble.ts';
import { attempt } from './attempt.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { ORDER_TIMEOUT_MS } from './ordered.ts';
import { isOverdue, pauseOf, record, tellStepBack } from './record.ts';
import type { Verdict } from './verdict.ts';

/** Milliseconds for reading and writing around a hook. */
const MARGIN_MS = 15_000;

/** Result of working on an item. */
export interface Fulfilled {
  /** Attempts made. */
  readonly attempts: number;
  /** When the oldest change that was attempted had been accepted. */
  readonly acceptedAt?: number;
  /** Too little time was left for an attempt; the item stays due. */
  readonly outOfTime: boolean;
  /** An attempt was aborted and the item given back. */
  readonly givenBack?: boolean;
}

/** Milliseconds that one attempt at a change of the product may take at most. */
export function attemptTime(product: Product): number {
  return ORDER_TIMEOUT_MS + product.hookTimeout + MARGIN_MS;
}

/**
 * @param remaining milliseconds that are left
 * @throws whatever the table throws; the hook's failures are written to the item instead
 */
export async function fulfilItem(deps: FulfilDependencies, key: Key, remaining: () => number): Promise<Fulfilled> {
  const product = deps.products.get(productOf(key));
  if (product === undefined) {
    deps.log.error('A change waits for a product that is not configured.', new Error(productOf(key)), { pk: key.pk });
    deps.log.metric('OverdueChange', 1);
    return { attempts: 0, outOfTime: false };
  }
  let acceptedAt: number | undefined;
  let attempts = 0;
  for (;;) {
    const so = { attempts, ...(acceptedAt === undefined ? {} : { acceptedAt }) };
    if (remaining() < attemptTime(product)) return { ...so, outOfTime: true };
    if ((await deps.isOpen?.()) === false) return { ...so, outOfTime: true };
    const now = deps.clock();
    const hold = await claim(deps.table, key, { owner: deps.newToken(), until: now + attemptTime(product), now });
    if (hold === undefined) return { ...so, outOfTime: false };
    acceptedAt = Math.min(acceptedAt ?? Number.POSITIVE_INFINITY, hold.change.acceptedAt);
    const pauseMs = pauseOf(hold, hold.item.attempts, deps.random());
    const stepped = await stepBack(deps.table, hold, now + pauseMs, now);
    if (stepped !== undefined) {
      tellStepBack(deps, hold, stepped);
      continue;
    }
    const verdict = await verdictOn(deps, product, hold, now);
    if (verdict.kind === 'fault' && deps.stopping?.aborted) {
      const { giveBackPauseMs } = deps;
      await giveBack(deps.table, hold, giveBackPauseMs === undefined ? undefined : deps.clock() + giveBackPauseMs);
      return { ...so, outOfTime: true, givenBack: true };
    }
    attempts += 1;
    const { recorded, item } = await record(deps, product, hold, verdict, now);
    if (recorded && !isDue(item, deps.clock())) return { attempts, acceptedAt, outOfTime: false };
  }
}

/** False if the image just written says that nothing is to be done now, so that no claim need be refused. */
function isDue(item: OutboxItem | undefined, now: number): boolean {
  return item?.dueAt !== undefined && item.dueAt <= now;
}

async function verdictOn(deps: FulfilDependencies, product: Product, hold: Hold, now: number): Promise<Verdict> {
  const { change, item } = hold;
  if (change.kind === 'provision' && isOverdue(product, hold, now)) return { kind: 'late' };
  const mayRunOn = 'expiresAt' in item && item.expiresAt !== undefined && item.expiresAt > now;
  if (change.kind === 'freeze' && change.again !== true && mayRunOn && item.attempts === 1) {
    deps.log.warn('A freeze came before the end of the paid period.', { product: product.id, pk: item.pk });
    deps.log.metric('FreezeBeforeExpiry', 1);
    await markTrouble(deps.table, item, { kind: 'early-freeze', now });
  }
  return attempt(deps, product, hold, deps.stopping);
}
