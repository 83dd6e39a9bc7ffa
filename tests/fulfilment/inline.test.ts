import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fulfilInline } from '../../lib/fulfilment/inline.ts';
import { acceptPurchase, acceptRelease } from '../../lib/instances/store.ts';
import { ENGINES, newOrder, stored, watched } from '../instances/support.ts';
import { AT } from '../support/sealed-at.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ACCESS, type World, world } from './world.ts';

describe.each(ENGINES)('a purchase carried out inline on %s', (engine) => {
  let running: TestTable;
  let w: World;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());
  beforeEach(() => {
    w = world(running.table);
  });

  const put = async (owner = 'route') => {
    const lease = { owner, until: w.time.now + 5_500 };
    const line = newOrder();
    const call = { product: 'demo', ...line, sentAt: 1, lease };
    const { instanceId, leased } = await acceptPurchase(running.table, call, w.time.now);
    expect(leased).toBe(true);
    const product = w.deps.products.get('demo');
    if (product === undefined) throw new Error('no product');
    return {
      lease,
      call,
      instanceId,
      run: (budget: number, deps = w.deps) => fulfilInline(deps, product, instanceId, lease, budget),
    };
  };

  test('answers 000000 when the hook is done in time', async () => {
    const { run, instanceId } = await put();
    expect(await run(60_000)).toMatchObject({ resultCode: '000000', resultMsg: 'success.' });
    const item = await stored(running.table, instanceId);
    expect(item).toMatchObject({ state: 'ACTIVE', pending: [] });
    expect(await w.deps.sealer.open('credentials', item.access ?? '', AT)).toEqual(ACCESS);
    expect(w.calls).toMatchObject([{ attempt: 1 }]);
  });

  test('answers the code with which the seller refuses', async () => {
    const { run, instanceId } = await put();
    w.behaviour.current = () => ({ refused: { resultCode: '000105', resultMsg: 'has it already' } });
    expect(await run(60_000)).toMatchObject({ resultCode: '000105', resultMsg: 'has it already' });
    expect(await stored(running.table, instanceId)).toMatchObject({ state: 'FAILED' });
  });

  test('is left to fulfilment when the hook throws', async () => {
    const { run, instanceId } = await put();
    w.behaviour.current = ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('down')) : undefined);
    expect(await run(60_000)).toBe('pending');
    await w.settle();
    expect(await stored(running.table, instanceId)).toMatchObject({ state: 'ACTIVE' });
    expect(new Set(w.calls.map(({ key }) => key)).size).toBe(1);
  });

  test('is left to fulfilment at once when the budget runs out; the late answer counts for nothing', async () => {
    const { run, instanceId } = await put();
    let answer: (value: unknown) => void = () => {};
    w.behaviour.current = ({ attempt }) =>
      attempt === 1
        ? new Promise((resolve) => {
            answer = resolve;
          })
        : undefined;
    expect(await run(400)).toBe('pending');
    expect(w.calls[0]?.signal.aborted).toBe(true);
    const item = await stored(running.table, instanceId);
    expect(item).toMatchObject({ state: 'PENDING', dueAt: 0 });
    expect(item).not.toHaveProperty('leaseOwner');
    answer({ refused: { resultCode: '000106' } });
    await w.settle();
    expect(await stored(running.table, instanceId)).toMatchObject({ state: 'ACTIVE' });
  });

  test('is not raced by fulfilment while the lease holds, and taken over when its holder died', async () => {
    const { instanceId } = await put();
    expect(w.calls).toEqual([]);
    const before = w.time.now;
    await w.settle();
    expect(w.time.now).toBeGreaterThan(before);
    expect(w.calls).toMatchObject([{ attempt: 2 }]);
    expect(await stored(running.table, instanceId)).toMatchObject({ state: 'ACTIVE' });
  });

  test('is not carried out without the lease', async () => {
    const { run, call } = await put();
    const rival = { ...call, lease: { owner: 'rival', until: call.lease.until } };
    expect(await acceptPurchase(running.table, rival, w.time.now)).toMatchObject({ leased: false });
    expect(await run(60_000)).toMatchObject({ resultCode: '000000' });
    expect(await run(60_000)).toBe('pending');
    expect(w.calls).toHaveLength(1);
  });

  test('that is released meanwhile answers success and is released next', async () => {
    const { run, instanceId } = await put();
    w.behaviour.current = async ({ hook }) => {
      if (hook === 'provision')
        await acceptRelease(running.table, { product: 'demo', instanceId, sentAt: 2 }, w.time.now);
    };
    expect(await run(60_000)).toMatchObject({ resultCode: '000000' });
    await w.settle();
    expect(w.calls.map(({ hook }) => hook)).toEqual(['provision', 'release']);
  });

  test('that is released before it began answers success, is not provisioned any more, and is released next', async () => {
    const { run, instanceId } = await put();
    await acceptRelease(running.table, { product: 'demo', instanceId, sentAt: 2 }, w.time.now);
    expect(await run(60_000)).toMatchObject({ resultCode: '000000' });
    expect(w.calls).toEqual([]);
    await w.settle();
    expect(w.calls.map(({ hook }) => hook)).toEqual(['release']);
    expect(await stored(running.table, instanceId)).toMatchObject({ state: 'RELEASED', pending: [] });
  });

  test('takes three requests after the put: read, audit, complete; lost answers change nothing', async () => {
    for (let at = 0; at <= 3; at += 1) {
      const { run, instanceId } = await put();
      const lossy = watched(running.table, { kind: 'answer lost', at });
      expect(await run(60_000, { ...w.deps, table: lossy.table })).toMatchObject({ resultCode: '000000' });
      if (at === 0) expect(lossy.sent.map(({ name }) => name)).toEqual(['GetItem', 'PutItem', 'UpdateItem']);
      expect(await stored(running.table, instanceId)).toMatchObject({ state: 'ACTIVE', pending: [] });
    }
  });
});
