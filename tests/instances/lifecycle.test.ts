import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeKind, FailedChange, InstanceItem, PendingChange, State } from '../../lib/instances/item.ts';
import {
  answerOrder,
  answerPurchase,
  answerRelease,
  answerStatus,
  type InstanceChange,
  inOrder,
  stepFor,
} from '../../lib/instances/lifecycle.ts';

const ORDER = { orderId: 'CS1', orderLineId: 'CS1-000001' };

const change = (kind: ChangeKind, acceptedAt = 1, sentAt = 1) =>
  ({ id: `${kind}-${acceptedAt}-${sentAt}`, kind, ...ORDER, scene: 'RENEWAL', acceptedAt, sentAt }) as PendingChange;

const setAside = (...kinds: readonly ChangeKind[]): Record<string, FailedChange> =>
  Object.fromEntries(kinds.map((kind) => [kind, { ...change(kind), reason: 'for good', failedAt: 2 }]));

const item = (own: Partial<InstanceItem> = {}): InstanceItem => ({
  pk: 'INSTANCE#demo#i',
  sk: 'INSTANCE',
  product: 'demo',
  instanceId: 'i',
  ...ORDER,
  wanted: 'ACTIVE',
  state: 'ACTIVE',
  orders: new Set(),
  statusAt: 0,
  expireSetAt: 0,
  createdAt: 1,
  pending: [],
  failed: {},
  attempts: 0,
  ...own,
});

describe('the change at the head', () => {
  test.each<[kind: InstanceChange, State, failed: ChangeKind[], 'run' | 'moot' | 'illegal']>([
    ['provision', 'PENDING', [], 'run'],
    ['provision', 'FAILED', [], 'illegal'],
    ['renew', 'FROZEN', [], 'run'],
    ['freeze', 'ACTIVE', [], 'run'],
    ['freeze', 'FAILED', [], 'illegal'],
    ['freeze', 'FROZEN', [], 'moot'],
    ['unfreeze', 'ACTIVE', [], 'moot'],
    // Only a status that was set aside leaves open which one the seller's code is in.
    ['freeze', 'FROZEN', ['unfreeze'], 'run'],
    ['freeze', 'FROZEN', ['freeze'], 'run'],
    ['unfreeze', 'ACTIVE', ['freeze'], 'run'],
    ['unfreeze', 'ACTIVE', ['unfreeze'], 'run'],
    ['unfreeze', 'ACTIVE', ['renew', 'freeze'], 'run'],
    ['freeze', 'FROZEN', ['renew', 'upgrade'], 'moot'],
    ['unfreeze', 'ACTIVE', ['renew', 'upgrade'], 'moot'],
    ['provision', 'ACTIVE', ['freeze'], 'moot'],
    ['release', 'RELEASED', ['unfreeze'], 'moot'],
    ['release', 'FAILED', ['provision'], 'run'],
    ['upgrade', 'RELEASED', [], 'illegal'],
  ])('of the kind %s, when the instance is %s and %j were set aside, is %s', (kind, state, failed, step) => {
    expect(stepFor({ state, failed: setAside(...failed) }, { kind })).toBe(step);
  });
});

describe('changes are carried out', () => {
  /** Whatever order they come in. */
  const ordered = (changes: readonly PendingChange[]) =>
    fc.assert(
      fc.property(fc.shuffledSubarray([...changes], { minLength: changes.length }), (shuffled) => {
        expect(inOrder(shuffled)).toEqual(changes);
      }),
    );

  test.each<ChangeKind>(['provision', 'issueLicense', 'cleanUp'])(
    'with the %s first, even one accepted last',
    (first) => ordered([change(first, 9, 9), change('renew', 1, 1), change('freeze', 2, 2)]),
  );

  test('in the order in which they were accepted, and those of one moment in that of their signed times', () =>
    ordered([change('unfreeze', 1, 9), change('renew', 2, 3), change('freeze', 2, 4), change('upgrade', 3, 1)]));
});

describe('a call that is not accepted', () => {
  const unknown = { resultCode: '000003', instanceId: 'i', accepted: false };
  const success = { resultCode: '000000', instanceId: 'i', accepted: false };

  test.each<[string, (it: InstanceItem | undefined) => unknown]>([
    ['renewal or upgrade', (it) => answerOrder(it, 'i', 'mark')],
    ['status', (it) => answerStatus(it, 'i', 'FROZEN', 5)],
  ])('a %s learns whether the instance is gone or was never there', (_, answer) => {
    expect(answer(undefined)).toStrictEqual({ ...unknown, absent: true });
    expect(answer(item({ wanted: 'RELEASED' }))).toStrictEqual(unknown);
    expect(answer(item({ state: 'FAILED' }))).toStrictEqual(unknown);
    expect(answer(item())).toBeUndefined();
  });

  test('a release learns whether the instance was never there, and repeats only itself', () => {
    expect(answerRelease(undefined, 'i')).toStrictEqual({ ...unknown, absent: true });
    expect(answerRelease(item({ state: 'FAILED' }), 'i')).toBeUndefined();
    const released = item({ wanted: 'RELEASED' });
    expect(answerRelease(released, 'i')).toStrictEqual(success);
    expect(answerRelease({ ...released, failed: setAside('renew', 'freeze') }, 'i')).toStrictEqual(success);
    expect(answerRelease({ ...released, failed: setAside('renew', 'release') }, 'i')).toBe('again');
  });

  test('a status that another of the same moment contradicts is told to come again', () => {
    expect(answerStatus(item({ statusAt: 5 }), 'i', 'FROZEN', 5)).toStrictEqual({
      resultCode: '000005',
      resultMsg: 'another status was accepted with the same timestamp; send the call again',
      instanceId: 'i',
      accepted: false,
    });
  });

  test.each<[string, InstanceItem['failure'], ReturnType<typeof answerPurchase>]>([
    [
      'refused by the seller is answered in the words of the refusal',
      { resultCode: '000005', reason: 'no such region' },
      { resultCode: '000005', resultMsg: 'no such region', instanceId: 'i', accepted: false },
    ],
    ['for which no answer came in time is queued again', { reason: 'no answer' }, 'again'],
    ['of which nobody knows why it failed is queued again', undefined, 'again'],
  ])('a purchase %s', (_, failure, answer) => {
    expect(answerPurchase(item({ state: 'FAILED', ...(failure && { failure }) }))).toEqual(answer);
  });
});
