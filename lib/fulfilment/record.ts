import type { Product } from '../config/products.ts';
import { type AuditOutcome, recordEnd } from '../instances/audit.ts';
import { rememberCustomer } from '../instances/customer.ts';
import type { PendingChange } from '../instances/item.ts';
import { isInstanceChange, TRANSITIONS } from '../instances/lifecycle.ts';
import { complete, type Effect, type Hold, postpone, type Recorded } from '../instances/outbox.ts';
import { isKitChange, waitingIn } from '../instances/queue.ts';
import { markTrouble } from '../instances/trouble.ts';
import type { Fields } from '../log.ts';
import { mask } from '../mask.ts';
import { backOff, LONGEST_PURCHASE_PAUSE_MS } from './back-off.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { cleanUpAfter, statusAgain } from './followers.ts';
import type { Verdict } from './verdict.ts';

/** Reasons that end in the item are masked, as in the log, and cut to this many characters. */
const REASON = 500;
/** Message to the marketplace about a purchase that failed without the seller refusing it; the detail stays here. */
const NOT_PROVISIONED = 'the purchase could not be provisioned';
const NOBODY_TRIED = 'No attempt ended within the window for purchases.';

/**
 * Writes what came of an attempt: an audit entry if the change has ended, then the item, then metrics. A hold that has
 * ended records nothing, not even the audit entry: another attempt may be running.
 */
export async function record(
  deps: FulfilDependencies,
  product: Product,
  hold: Hold,
  verdict: Verdict,
  begunAt: number,
): Promise<Recorded> {
  const { table, log } = deps;
  const now = deps.clock();
  const fields = fieldsOf(hold);
  if (now > hold.until) {
    log.warn('An attempt outlived its hold; nothing is recorded.', fields);
    return { recorded: false, item: undefined };
  }
  if (verdict.kind === 'fault') {
    log.error('An attempt at a change failed.', verdict.error, fields);
    log.metric('FailedAttempt', 1);
    const overdue = isOverdue(product, hold, now);
    if (!overdue || hold.change.kind !== 'provision') {
      if (overdue) log.metric('OverdueChange', 1);
      const dueAt = now + pauseOf(hold, hold.item.attempts, deps.random());
      const postponed = await postpone(table, hold, { dueAt, reason: reasonOf(verdict.error) }, now);
      if (postponed.recorded) tellStepBack(deps, hold, postponed);
      return postponed;
    }
  }
  const { outcome, reason, effect: own } = await endOf(deps, hold, verdict);
  const again = statusAgain(hold, now);
  if (own.failed !== undefined) {
    const purchase = outcome === 'refused' ? 'refused' : 'failed';
    const isPurchase = hold.change.kind === 'provision';
    await markTrouble(table, hold.item, { kind: 'set-aside', now, ...(isPurchase ? { purchase } : {}) });
  }
  const keys = await deps.hmacKeys?.();
  const end = { begunAt, endedAt: now, outcome, ...(reason === undefined ? {} : { reason }) };
  const effect = {
    ...own,
    ...(again === undefined ? {} : { followedBy: again }),
    record: recordEnd(table, hold, end, keys?.audit),
  };
  const buyer = verdict.kind === 'done' ? verdict.order?.buyer : undefined;
  if (keys !== undefined && buyer !== undefined) {
    await rememberCustomer(table, keys.customer, hold.item, buyer.customerId);
  }
  const recorded = await complete(table, hold, effect, deps.clock());
  log.info('A change has ended.', { ...fields, outcome, recorded: recorded.recorded, ...(reason ? { reason } : {}) });
  if (effect.failed !== undefined) log.metric(hold.change.kind === 'provision' ? 'FailedPurchase' : 'FailedChange', 1);
  return recorded;
}

/** Says in the log that status changes pass an order that fails, if they do. */
export function tellStepBack({ log }: FulfilDependencies, hold: Hold, { item }: Recorded): void {
  if (item === undefined || waitingIn(item)[0]?.id === hold.change.id) return;
  log.warn('An order fails, and status changes pass it.', fieldsOf(hold));
}

/** Checks whether the marketplace's waiting time for a purchase has passed; other changes are late by then. */
export function isOverdue(product: Product, { change }: Hold, now: number): boolean {
  return now - (change.requeuedAt ?? change.acceptedAt) >= product.provisionWindow;
}

/** Milliseconds until the next attempt; a purchase, and the clean-up that it waits for, is tried every two minutes. */
export function pauseOf({ item }: Hold, attempts: number, random: number): number {
  const isPurchase = waitingIn(item).some(({ kind }) => kind === 'provision');
  return backOff(attempts, random, isPurchase ? LONGEST_PURCHASE_PAUSE_MS : undefined);
}

interface End {
  readonly outcome: AuditOutcome;
  readonly reason?: string;
  readonly effect: Effect;
}

async function endOf(deps: FulfilDependencies, hold: Hold, verdict: Verdict): Promise<End> {
  const isPurchase = hold.change.kind === 'provision';
  const isApplication = hold.change.kind === 'issueLicense';
  const cleanUp = cleanUpAfter(hold, verdict.kind, deps.clock());
  switch (verdict.kind) {
    case 'moot':
      return { outcome: 'moot', effect: {} };
    case 'done':
      if (isKitChange(hold.change)) return { outcome: 'done', effect: carriedOut(hold, hold.change.fingerprint) };
      return { outcome: 'done', effect: await effectOf(deps, hold, verdict) };
    case 'refused': {
      const { resultCode, resultMsg: reason } = verdict;
      const failure = { resultCode, reason };
      const effect = isApplication ? applicationFailed(reason, failure) : purchaseFailed(reason, failure, cleanUp);
      return { outcome: 'refused', reason, effect };
    }
    case 'failed': {
      const reason = mask(verdict.reason);
      const effect = isPurchase
        ? purchaseFailed(reason, { resultCode: '000005', reason: NOT_PROVISIONED }, cleanUp)
        : isApplication
          ? applicationFailed(reason, { reason })
          : { ...carriedOut(hold, 'unsure'), failed: { reason, andAllBehind: false } };
      return { outcome: 'failed', reason, effect };
    }
    case 'late':
    case 'fault': {
      const reason = verdict.kind === 'late' ? (hold.item.lastError ?? NOBODY_TRIED) : reasonOf(verdict.error);
      return { outcome: 'failed', reason, effect: purchaseFailed(reason, { reason: NOT_PROVISIONED }, cleanUp) };
    }
  }
}

/** Trace of an attempt in a record of the Kit; `unsure` makes sure that whatever comes next is delivered. */
function carriedOut({ change }: Hold, what: string): Effect {
  return isKitChange(change) ? { set: { carriedOut: what } } : {};
}

type Failure = NonNullable<NonNullable<Effect['set']>['failure']>;

function purchaseFailed(reason: string, failure: Failure, cleanUp: PendingChange | undefined): Effect {
  return {
    set: { state: 'FAILED', failure },
    failed: { reason, andAllBehind: true, cleansUp: cleanUp !== undefined },
    ...(cleanUp === undefined ? {} : { followedBy: cleanUp }),
  };
}

/** Nothing can be delivered that was not issued. */
function applicationFailed(reason: string, failure: Failure): Effect {
  return { set: { failure }, failed: { reason, andAllBehind: true } };
}

async function effectOf(
  { sealer }: FulfilDependencies,
  { change, item }: Hold,
  { access, license, order }: Extract<Verdict, { kind: 'done' }>,
): Promise<Effect> {
  const to =
    'state' in item && !isKitChange(change) && isInstanceChange(change.kind) ? TRANSITIONS[change.kind].to : undefined;
  // Each is sealed so that the function that needs it can open it: the route gives out, fulfilment delivers.
  const licenceKind = 'eventId' in item ? 'personal' : 'credentials';
  const expiresAt = order?.line.expiresAt?.getTime();
  if (change.kind === 'release' && 'instanceId' in item) return { set: { state: 'RELEASED' }, erases: true };
  return {
    set: {
      ...(to === undefined ? {} : { state: to }),
      ...(access === undefined ? {} : { access: await sealer.seal('credentials', access, item) }),
      ...(license === undefined ? {} : { licence: await sealer.seal(licenceKind, license, item) }),
      ...(order === undefined
        ? {}
        : { order: await sealer.seal('personal', order, item), chargingMode: order.line.chargingMode }),
    },
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return mask(text).slice(0, REASON);
}

function fieldsOf({ item, change }: Hold): Fields {
  return {
    product: item.product,
    ...('instanceId' in item ? { instanceId: item.instanceId } : {}),
    ...('orderId' in change ? { orderId: change.orderId } : {}),
    change: change.id,
    kind: change.kind,
    attempt: item.attempts,
  };
}
