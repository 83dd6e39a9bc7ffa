import type { Product } from '../config.ts';
import type { Lease } from '../instances/accept-purchase.ts';
import { keys } from '../instances/keys.ts';
import { answerPurchase } from '../instances/lifecycle.ts';
import { giveBack, holdOf, type OutboxItem } from '../instances/outbox.ts';
import { readItem } from '../instances/write.ts';
import { RESULT_CODES, type ResultCode } from '../protocol/result-codes.ts';
import { attempt } from './attempt.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { record } from './record.ts';

/** Milliseconds of the budget that are kept for writing what came of the attempt. */
const RESERVE = 300;

/**
 * Carries out a purchase while the marketplace waits. The caller holds the lease since it put the item. `pending` if
 * there is no result within `budget` milliseconds: the hook's signal is aborted, the lease given back, and fulfilment
 * takes over with the same idempotency key.
 */
export async function fulfilInline(
  deps: FulfilDependencies,
  product: Product,
  instanceId: string,
  lease: Lease,
  budget: number,
): Promise<{ readonly resultCode: ResultCode; readonly resultMsg: string } | 'pending'> {
  const timeUp = AbortSignal.timeout(Math.max(0, budget - RESERVE));
  const begunAt = deps.clock();
  const hold = holdOf(await readItem<OutboxItem>(deps.table, keys.instance(product.name, instanceId)), lease);
  if (hold === undefined) return 'pending';
  const verdict = await attempt(deps, product, hold, timeUp);
  if (verdict.kind === 'fault' && timeUp.aborted) {
    await giveBack(deps.table, hold);
    return 'pending';
  }
  const { item } = await record(deps, product, hold, verdict, begunAt);
  const answer = item !== undefined && 'state' in item ? answerPurchase(item) : 'again';
  if (answer === 'again' || answer.resultCode === '000004') return 'pending';
  return { resultCode: answer.resultCode, resultMsg: answer.resultMsg ?? RESULT_CODES[answer.resultCode] };
}
