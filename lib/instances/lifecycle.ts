/**
 * The life of an instance, as data and pure functions.
 *
 * `wanted` is what the marketplace has asked for: ACTIVE from the purchase on, FROZEN and ACTIVE by status calls in the
 * order of their signed times, RELEASED for good by a release. `state` is what the seller's code has done: PENDING until
 * provisioning ends in ACTIVE or FAILED, then FROZEN and ACTIVE in turn, RELEASED at last. Between the two lies the list
 * `pending`, worked off from its head. A change at the head is `run`, or is `moot` because the state is already the one
 * it leads to, or is `illegal` because nothing of the kind can happen to an instance in this state; TRANSITIONS says
 * which. Release is legal from every state and overtakes whatever has not been started. A purchase that ends in FAILED
 * after an attempt is followed by a clean-up; asked for again, it runs behind it as another purchase of the instance. A call that is not accepted
 * gets its answer from the image that stood in its way: the functions `answer…` turn images into answers, and return
 * undefined when the image would have let the call pass (it changed in between), which means: write again.
 */
import { hash } from 'node:crypto';
import { RESULT_CODES, type ResultCode } from '../protocol/result-codes.ts';
import type { ChangeKind, InstanceItem, PendingChange, State, Wanted } from './item.ts';

/** The answer to a call that asks for a change. */
export interface Outcome {
  readonly resultCode: ResultCode;
  /** As stored; empty for a call that is about no instance. */
  readonly instanceId: string;
  /** True if this very call put the change into the outbox. */
  readonly accepted: boolean;
  /** There is no item of that id: nobody has ever heard of it. */
  readonly absent?: true;
  readonly resultMsg?: string;
}

/** Kinds of changes that happen to an instance. */
export type InstanceChange = Extract<
  ChangeKind,
  'provision' | 'cleanUp' | 'renew' | 'freeze' | 'unfreeze' | 'upgrade' | 'release'
>;

/** From which states a change is carried out, and to which it leads; without `to` the state stays. */
export const TRANSITIONS: Readonly<Record<InstanceChange, { readonly from: readonly State[]; readonly to?: State }>> = {
  provision: { from: ['PENDING'], to: 'ACTIVE' },
  cleanUp: { from: ['PENDING', 'FAILED'] },
  renew: { from: ['ACTIVE', 'FROZEN'] },
  freeze: { from: ['ACTIVE'], to: 'FROZEN' },
  unfreeze: { from: ['FROZEN'], to: 'ACTIVE' },
  upgrade: { from: ['ACTIVE', 'FROZEN'] },
  release: { from: ['PENDING', 'ACTIVE', 'FROZEN', 'FAILED'], to: 'RELEASED' },
};

/** Tells a change that happens to an instance or to a license code from others. */
export function isInstanceChange(kind: ChangeKind): kind is InstanceChange {
  return Object.hasOwn(TRANSITIONS, kind);
}

/** The two values of a status call. */
export const STATUSES = {
  FREEZE: { kind: 'freeze', wanted: 'FROZEN' },
  UNFREEZE: { kind: 'unfreeze', wanted: 'ACTIVE' },
} as const satisfies Record<string, { kind: ChangeKind; wanted: Wanted }>;

/**
 * Decides what is to be done with the change at the head of `pending`.
 * A freeze or unfreeze that was set aside leaves open how far the seller's code came, so nothing is `moot` after it;
 * one that is carried out again never is.
 */
export function stepFor(
  item: Pick<InstanceItem, 'state' | 'failed'>,
  change: { readonly kind: InstanceChange; readonly again?: true },
): 'run' | 'moot' | 'illegal' {
  const { kind, again = false } = change;
  const { from, to } = TRANSITIONS[kind];
  if (item.state === to) {
    return (kind === 'freeze' || kind === 'unfreeze') && (again || isStatusUnsure(item)) ? 'run' : 'moot';
  }
  return from.includes(item.state) ? 'run' : 'illegal';
}

/** True after a freeze or unfreeze was set aside: how far the seller's code came is not known. */
export function isStatusUnsure({ failed }: Pick<InstanceItem, 'failed'>): boolean {
  return Object.values(failed).some(({ kind }) => kind === 'freeze' || kind === 'unfreeze');
}

/** Idempotency key of a change: the same for every attempt, every repeat, and a retry by the operator; 43 characters. */
export function changeId(
  product: string,
  subject: string,
  what: string,
  ...which: readonly (string | number)[]
): string {
  return hash('sha256', JSON.stringify([product, subject, what, ...which]), 'base64url');
}

/** Idempotency key of a purchase: another one after each clean-up, since what it made before has been removed. */
export function purchaseId(
  product: string,
  instanceId: string,
  {
    orderId,
    orderLineId,
    round = 0,
  }: { readonly orderId: string; readonly orderLineId: string; readonly round?: number },
): string {
  return changeId(product, instanceId, 'newInstance', orderId, orderLineId, ...(round === 0 ? [] : [round]));
}

/** newInstance for an item that exists; `again` if the purchase failed for want of an answer and is to be queued again. */
export function answerPurchase(item: InstanceItem): Outcome | 'again' {
  const { instanceId, failure } = item;
  const answer = (resultCode: ResultCode, resultMsg: string = RESULT_CODES[resultCode]): Outcome => {
    return { resultCode, resultMsg, instanceId, accepted: false };
  };
  if (item.wanted === 'RELEASED') return answer('000000');
  if (item.state === 'PENDING') return answer('000004');
  if (item.state !== 'FAILED') return answer('000000');
  return failure?.resultCode === undefined ? 'again' : answer(failure.resultCode, failure.reason);
}

/** refreshInstance and upgradeInstance; `mark` is the member of `orders` that the call would add. */
export function answerOrder(item: InstanceItem | undefined, instanceId: string, mark: string): Outcome | undefined {
  if (!takesChanges(item)) return unknownInstance(item, instanceId);
  return item.orders.has(mark) ? { resultCode: '000000', instanceId, accepted: false } : undefined;
}

/** updateInstanceStatus: a newer call wins; two of the same moment that disagree are settled by the marketplace's retry. */
export function answerStatus(
  item: InstanceItem | undefined,
  instanceId: string,
  wanted: Wanted,
  sentAt: number,
): Outcome | undefined {
  if (!takesChanges(item)) return unknownInstance(item, instanceId);
  if (item.statusAt < sentAt) return undefined;
  if (item.statusAt > sentAt || item.wanted === wanted) return { resultCode: '000000', instanceId, accepted: false };
  const resultMsg = 'another status was accepted with the same timestamp; send the call again';
  return { resultCode: '000005', resultMsg, instanceId, accepted: false };
}

/** releaseInstance; `again` if the release was set aside as failed and is to be queued again. */
export function answerRelease(item: InstanceItem | undefined, instanceId: string): Outcome | 'again' | undefined {
  if (item === undefined) return unknownInstance(item, instanceId);
  if (item.wanted !== 'RELEASED') return undefined;
  if (Object.values(item.failed).some(({ kind }) => kind === 'release')) return 'again';
  return { resultCode: '000000', instanceId, accepted: false };
}

/** Changes in the order in which they must be carried out. */
export function inOrder<Change extends PendingChange>(changes: readonly Change[]): readonly Change[] {
  const first = ['cleanUp', 'provision', 'issueLicense'];
  const rank = ({ kind }: Change) => (first.includes(kind) ? first.indexOf(kind) : first.length);
  return [...changes].sort((a, b) => rank(a) - rank(b) || a.acceptedAt - b.acceptedAt || a.sentAt - b.sentAt);
}

/** Released and failed instances are unknown to every call but newInstance and releaseInstance. */
function takesChanges(item: InstanceItem | undefined): item is InstanceItem {
  return item !== undefined && item.wanted !== 'RELEASED' && item.state !== 'FAILED';
}

function unknownInstance(item: InstanceItem | undefined, instanceId: string): Outcome {
  return { resultCode: '000003', instanceId, accepted: false, ...(item === undefined ? { absent: true } : {}) };
}
