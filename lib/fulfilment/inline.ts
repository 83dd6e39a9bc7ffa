import type { Product } from '../config/products.ts';
import type { Lease } from '../instances/accept-purchase.ts';
import type { InstanceItem } from '../instances/item.ts';
import { type Key, keys } from '../instances/keys.ts';
import type { ApplicationItem } from '../instances/license-item.ts';
import { answerPurchase } from '../instances/lifecycle.ts';
import { giveBack, holdOf, type OutboxItem } from '../instances/outbox.ts';
import { readItem } from '../instances/write.ts';
import { RESULT_CODES, type ResultCode } from '../protocol/result-codes.ts';
import type { Order } from '../seller/contract.ts';
import type { Task } from './call-hook.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { issueLicense } from './issue-license.ts';
import { provision } from './provision.ts';
import { record } from './record.ts';
import { type Given, guarded, type LicenseRequest, type Verdict } from './verdict.ts';

/** Milliseconds of the budget that are kept for writing what came of the attempt. */
const RESERVE_MS = 300;

/** A purchase that was carried out or refused while the marketplace waited, and its item as it is now. */
export interface CarriedOut {
  readonly resultCode: ResultCode;
  readonly resultMsg: string;
  readonly item: InstanceItem;
}

/**
 * Carries out a purchase while the marketplace waits. The caller holds the lease since it put the item. `pending` if
 * there is no result within `budget` milliseconds: the hook's signal is aborted, the lease given back, and fulfilment
 * takes over with the same idempotency key.
 * @param order the order, if the call told it: whoever answers calls cannot open what is sealed
 */
export async function fulfilInline(
  deps: FulfilDependencies,
  product: Product,
  instanceId: string,
  lease: Lease,
  budget: number,
  order?: Order,
): Promise<CarriedOut | 'pending'> {
  const key = keys.instance(product.id, instanceId);
  const given = order === undefined ? {} : { order };
  const item = await carryOut(deps, product, key, lease, budget, given);
  if (item === undefined || !('instanceId' in item && 'state' in item)) return 'pending';
  const answer = answerPurchase(item);
  if (answer === 'again' || answer.resultCode === '000004') return 'pending';
  const { resultCode, resultMsg = RESULT_CODES[resultCode] } = answer;
  return { resultCode, resultMsg, item };
}

/** Issues a licence while the marketplace waits, as `fulfilInline` does; its delivery is left to fulfilment. */
export async function issueInline(
  deps: FulfilDependencies,
  product: Product,
  key: Key,
  lease: Lease,
  budget: number,
  request: LicenseRequest,
): Promise<ApplicationItem | 'pending'> {
  const item = await carryOut(deps, product, key, lease, budget, { request });
  return item !== undefined && 'eventId' in item ? item : 'pending';
}

async function carryOut(
  deps: FulfilDependencies,
  product: Product,
  key: Key,
  lease: Lease,
  budget: number,
  given: Given,
): Promise<OutboxItem | undefined> {
  const timeUp = AbortSignal.timeout(Math.max(0, budget - RESERVE_MS));
  const begunAt = deps.clock();
  const hold = holdOf(await readItem<OutboxItem>(deps.table, key), lease);
  if (hold === undefined) return undefined;
  const task = { deps, product, item: hold.item, hold, given, signal: timeUp };
  const verdict = await guarded(() => begin(task));
  if (verdict.kind === 'fault' && timeUp.aborted) {
    await giveBack(deps.table, hold);
    return undefined;
  }
  return (await record(deps, product, hold, verdict, begunAt)).item;
}

/** Carries out the change that the item was written with; a release that overtook it is left to fulfilment. */
async function begin({ item, ...task }: Task): Promise<Verdict> {
  const { kind } = task.hold.change;
  if (kind === 'provision' && 'wanted' in item && 'instanceId' in item) return provision({ ...task, item });
  if (kind === 'issueLicense' && 'eventId' in item) return issueLicense({ ...task, item });
  throw new Error(`${kind} overtook what was to be carried out.`);
}
