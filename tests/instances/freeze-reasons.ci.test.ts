import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { acceptPurchase, acceptRenewal, acceptStatus } from '../../lib/instances/store.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ENGINES, newOrder, stored } from './support.ts';

const NOW = 1_700_000_000_000;
const PAST = NOW - 1;
const FUTURE = NOW + 1;

/** A call of V1.0 that shuts out or lets in. */
const call = fc.constantFrom('expire', 'freeze', 'normal', 'renew', 'renew into the past');
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** What the reasons are after calls in the order of their times: the rules, written down a second time. */
function expected(calls: readonly Call[]): string[] {
  const reasons = new Set<string>();
  for (const one of calls) {
    if (one === 'expire') reasons.add('expired');
    if (one === 'freeze') reasons.add('status');
    if (one === 'normal') reasons.clear();
    if (one === 'renew' && !reasons.has('status')) reasons.clear();
  }
  return [...reasons].sort();
}

describe.each(ENGINES)('why an instance is frozen, on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  const given = async () => {
    const { instanceId } = await acceptPurchase(running.table, { product: 'demo', ...newOrder(), sentAt: 0 }, NOW);
    const id = { product: 'demo', instanceId };
    let orders = 0;
    const send = (one: Call, sentAt: number) => {
      if (one === 'expire')
        return acceptStatus(running.table, { ...id, status: 'FREEZE', reason: 'expired', sentAt }, NOW);
      if (one === 'freeze') return acceptStatus(running.table, { ...id, status: 'FREEZE', sentAt }, NOW);
      if (one === 'normal') return acceptStatus(running.table, { ...id, status: 'UNFREEZE', sentAt }, NOW);
      orders += 1;
      const order = { orderId: `R${orders}`, orderLineId: '', scene: 'RENEWAL' as const, unfreezes: true };
      return acceptRenewal(running.table, { ...id, ...order, expiresAt: one === 'renew' ? FUTURE : PAST, sentAt }, NOW);
    };
    return { instanceId, send };
  };

  test('each call does what its reason says, and what is wanted follows from the reasons', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 8 }), async (calls) => {
        const { instanceId, send } = await given();
        for (const [index, one] of calls.entries()) expect((await send(one, index + 1)).resultCode).toBe('000000');
        const { frozenFor = new Set(), wanted } = await stored(running.table, instanceId);
        expect([...frozenFor].sort()).toEqual(expected(calls));
        expect(wanted).toBe(frozenFor.size > 0 ? 'FROZEN' : 'ACTIVE');
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['an expiry signed before the renewal', ['renew', 'expire'], 'ACTIVE'],
    ['a renewal signed before the expiry', ['expire', 'renew'], 'FROZEN'],
  ] as const)('%s does not undo what is newer', async (_, [newer, older], wanted) => {
    const { instanceId, send } = await given();
    await send(newer, 9);
    expect((await send(older, 5)).resultCode).toBe('000000');
    expect((await stored(running.table, instanceId)).wanted).toBe(wanted);
  });

  test.each([
    ['an expiry', 'renewal', ['renew', 'expire'], false, 'ACTIVE'],
    ['a renewal', 'expiry', ['expire', 'renew'], true, 'FROZEN'],
  ] as const)('%s of the same moment does not undo the %s', async (_, __, [first, second], accepted, wanted) => {
    const { instanceId, send } = await given();
    await send(first, 5);
    expect(await send(second, 5)).toMatchObject({ resultCode: '000000', accepted });
    expect(await stored(running.table, instanceId)).toMatchObject({ wanted, expiresAt: FUTURE, expireSetAt: 5 });
  });

  test('a renewal up to this very moment lets nobody in', async () => {
    const { instanceId, send } = await given();
    await send('expire', 1);
    const id = { product: 'demo', instanceId };
    const order = { ...newOrder(), scene: 'RENEWAL' as const, unfreezes: true };
    await acceptRenewal(running.table, { ...id, ...order, expiresAt: NOW, sentAt: 2 }, NOW);
    expect(await stored(running.table, instanceId)).toMatchObject({ wanted: 'FROZEN', expiresAt: NOW });
  });

  test('an unfreeze is not overtaken by a renewal, whatever reason it gives', async () => {
    const { instanceId, send } = await given();
    await send('freeze', 1);
    await send('renew', 9);
    const id = { product: 'demo', instanceId };
    const unfreeze = { ...id, status: 'UNFREEZE', reason: 'expired', sentAt: 5 } as const;
    expect(await acceptStatus(running.table, unfreeze, NOW)).toMatchObject({ accepted: true });
    expect((await stored(running.table, instanceId)).wanted).toBe('ACTIVE');
  });
});
