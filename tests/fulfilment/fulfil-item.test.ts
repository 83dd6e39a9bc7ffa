import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { claim } from '../../lib/instances/outbox.ts';
import {
  acceptOrderNotice,
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
} from '../../lib/instances/store.ts';
import { readItem } from '../../lib/instances/write.ts';
import type { Table } from '../../lib/table/table.ts';
import { ENGINES, freshTable, newOrder, stored, watched } from '../instances/support.ts';
import { AT } from '../support/sealed-at.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ACCESS, type AnyChange, carriedOut, DAY, HOUR, order, type World, world } from './world.ts';

describe.each(ENGINES)('fulfilment on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  let w: World;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    table = await freshTable(running);
    w = world(table);
  });

  const plenty = () => 1_000_000;
  const buy = async (accepted = w.time.now) => {
    const line = newOrder();
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...line, sentAt: accepted }, accepted);
    return { product: 'demo', instanceId, line, key: keys.instance('demo', instanceId) };
  };
  type Bought = Awaited<ReturnType<typeof buy>>;
  const renew = ({ instanceId }: Bought, more: object = {}) =>
    acceptRenewal(
      table,
      {
        product: 'demo',
        instanceId,
        ...newOrder(),
        scene: 'RENEWAL',
        expiresAt: w.time.now + DAY,
        sentAt: w.time.now,
        ...more,
      },
      w.time.now,
    );
  const setStatus = ({ instanceId }: Bought, status: 'FREEZE' | 'UNFREEZE', sentAt = w.time.now) =>
    acceptStatus(table, { product: 'demo', instanceId, status, sentAt }, w.time.now);
  const release = ({ instanceId }: Bought) =>
    acceptRelease(table, { product: 'demo', instanceId, sentAt: w.time.now }, w.time.now);

  test('provisions with the order, seals access and order, and leaves the index', async () => {
    const bought = await buy();
    const fulfilled = await fulfilItem(w.deps, bought.key, plenty);

    expect(fulfilled).toMatchObject({ attempts: 1, outOfTime: false, acceptedAt: w.time.now });
    const item = await stored(table, bought.instanceId);
    expect(item).toMatchObject({ state: 'ACTIVE', pending: [], attempts: 0, chargingMode: 'PERIOD' });
    expect(item.expiresAt).toBe(order('x').line.expiresAt?.getTime());
    for (const name of ['dueAt', 'dueShard', 'leaseOwner', 'leaseUntil']) expect(item).not.toHaveProperty(name);
    expect(await w.deps.sealer.open('credentials', item.access ?? '', AT)).toEqual(ACCESS);
    expect(JSON.stringify(item)).not.toContain('first-pass');
    expect(w.calls).toHaveLength(1);
    expect(w.calls[0]?.change).toMatchObject({
      order: { orderId: bought.line.orderId, line: { orderLineId: bought.line.orderLineId } },
      instance: { instanceId: bought.instanceId, state: 'PENDING', expiresAt: order('x').line.expiresAt },
    });
    expect(w.calls[0]?.key).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    const audit = await readItem(table, keys.audit(bought.key.pk, w.calls[0]?.key ?? ''));
    expect(audit).toMatchObject({ outcome: 'done', kind: 'provision', attempt: 1, orderId: bought.line.orderId });
  });

  test('takes three requests for a change: claim, audit, complete', async () => {
    const bought = await buy();
    const { sent, ...counted } = watched(table);
    await fulfilItem({ ...w.deps, table: counted.table }, bought.key, plenty);
    expect(sent.map(({ name }) => name)).toEqual(['UpdateItem', 'PutItem', 'UpdateItem']);
  });

  test('carries everything out in order and gives later hooks the order of the purchase', async () => {
    const bought = await buy();
    await renew(bought, { productId: 'p-year' });
    await setStatus(bought, 'FREEZE');
    w.time.now += 1;
    await setStatus(bought, 'UNFREEZE');
    const upgrade = newOrder();
    const { product, instanceId } = bought;
    await acceptUpgrade(table, { product, instanceId, ...upgrade, sentAt: 1 }, w.time.now);
    await fulfilItem(w.deps, bought.key, plenty);

    expect(carriedOut(w.calls)).toEqual(['provision', 'renew', 'freeze', 'unfreeze', 'upgrade']);
    expect(new Set(w.calls.map(({ key }) => key)).size).toBe(5);
    const changes = w.calls.map(({ change }) => change as AnyChange & { upgradeOrder?: unknown });
    for (const change of changes) expect(change.order).toEqual(order(bought.line.orderId));
    expect(changes.map(({ instance }) => instance.state)).toEqual(['PENDING', 'ACTIVE', 'ACTIVE', 'FROZEN', 'ACTIVE']);
    expect(changes[1]).toMatchObject({
      scene: 'RENEWAL',
      productId: 'p-year',
      expiresAt: new Date(w.time.now - 1 + DAY),
    });
    expect(changes[4]?.upgradeOrder).toMatchObject({ orderId: upgrade.orderId });
    expect(await stored(table, instanceId)).toMatchObject({ state: 'ACTIVE', pending: [] });
  });

  test('does not ask the seller for a freeze of what is frozen already', async () => {
    const bought = await buy();
    await setStatus(bought, 'FREEZE', 10);
    await setStatus(bought, 'FREEZE', 20);
    await w.settle();
    expect(carriedOut(w.calls)).toEqual(['provision', 'freeze']);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'FROZEN', pending: [] });
  });

  test('rings when a freeze comes before the end of the paid period, once per freeze', async () => {
    const bought = await buy();
    await renew(bought, { expiresAt: w.time.now + 365 * DAY });
    await setStatus(bought, 'FREEZE');
    w.behaviour.current = ({ hook, attempt }) => {
      if (hook === 'freeze' && attempt < 3) throw new Error('later');
    };
    await w.settle();
    expect(w.metrics('FreezeBeforeExpiry')).toBe(1);
  });

  test('hands over no change of a product that is not configured, and keeps it', async () => {
    const { instanceId } = await acceptPurchase(table, { product: 'gone', ...newOrder(), sentAt: 1 }, 1);
    expect(await fulfilItem(w.deps, keys.instance('gone', instanceId), plenty)).toMatchObject({ attempts: 0 });
    expect((await stored(table, instanceId, 'gone')).pending).toHaveLength(1);
    expect(w.metrics('OverdueChange')).toBe(1);
  });

  test('starts nothing that the time left would not do for', async () => {
    const bought = await buy();
    expect(await fulfilItem(w.deps, bought.key, () => 20_000)).toMatchObject({ attempts: 0, outOfTime: true });
    expect(w.calls).toEqual([]);
  });

  test('carries an order notice to the seller, once', async () => {
    const line = newOrder();
    await acceptOrderNotice(table, { product: 'demo', ...line, sentAt: 1 }, w.time.now);
    await w.settle();
    expect(w.calls).toMatchObject([
      { hook: 'orderNotified', change: { product: 'demo', order: { orderId: line.orderId } } },
    ]);
    await acceptOrderNotice(table, { product: 'demo', ...line, sentAt: 2 }, w.time.now);
    await w.settle();
    expect(w.calls).toHaveLength(1);
  });

  describe('a hook that fails', () => {
    test('is called again with the same key, backing off, and nothing behind it moves', async () => {
      const bought = await buy();
      await renew(bought);
      w.behaviour.current = ({ hook, attempt }) => {
        if (hook === 'provision' && attempt <= 3) throw new Error('the database is away');
      };
      const starts: number[] = [];
      for (let minute = 0; minute < 3 && starts.length < 4; minute += 0.01) {
        const { attempts } = await fulfilItem(w.deps, bought.key, plenty);
        if (attempts > 0) starts.push(w.time.now);
        w.time.now += 600;
      }
      const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
      expect(gaps).toHaveLength(3);
      for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(1_000 * 2 ** index);
      expect(w.calls.slice(0, 4).map(({ hook, attempt }) => `${hook} ${attempt}`)).toEqual([
        'provision 1',
        'provision 2',
        'provision 3',
        'provision 4',
      ]);
      expect(new Set(w.calls.slice(0, 4).map(({ key }) => key)).size).toBe(1);
      expect(w.metrics('FailedAttempt')).toBe(3);
    });

    test('says why in the item, and the reason goes when it succeeds', async () => {
      const bought = await buy();
      w.behaviour.current = () => Promise.reject(new Error('no mail for buyer@example.com'));
      await fulfilItem(w.deps, bought.key, plenty);
      const item = await stored(table, bought.instanceId);
      expect(item).toMatchObject({ lastError: 'Error: no mail for ***@***', attempts: 1, state: 'PENDING' });
      expect(item).not.toHaveProperty('leaseOwner');
      w.behaviour.current = () => undefined;
      await w.settle();
      expect(await stored(table, bought.instanceId)).not.toHaveProperty('lastError');
    });

    test('by throwing something that is no Error says so in the item too, masked', async () => {
      const bought = await buy();
      w.behaviour.current = () => Promise.reject('no mail for buyer@example.com');
      await fulfilItem(w.deps, bought.key, plenty);
      expect(await stored(table, bought.instanceId)).toMatchObject({ lastError: 'no mail for ***@***', attempts: 1 });
    });

    test('for days, on a renewal, is carried out in the end', async () => {
      const bought = await buy();
      await w.settle();
      await renew(bought);
      const healthy = w.time.now + 3 * DAY;
      w.behaviour.current = () => {
        if (w.time.now < healthy) throw new Error('still down');
      };
      await w.settle().catch(() => undefined);
      while (w.time.now < healthy) w.time.now += HOUR;
      await w.settle();
      const last = w.calls.at(-1);
      expect(last).toMatchObject({ hook: 'renew' });
      expect(last?.attempt).toBeGreaterThan(20);
      expect(w.metrics('OverdueChange')).toBeGreaterThan(10);
      expect(w.metrics('FailedChange')).toBe(0);
      expect(await stored(table, bought.instanceId)).toMatchObject({
        state: 'ACTIVE',
        pending: [],
        failed: {},
      });
    });

    test('for good, on a renewal, is set aside: the next runs, and a repeat of the order is accepted', async () => {
      const bought = await buy();
      const line = newOrder();
      await renew(bought, line);
      await setStatus(bought, 'FREEZE');
      w.behaviour.current = ({ hook }) => (hook === 'renew' ? { failed: { reason: 'no such plan' } } : undefined);
      await w.settle();
      expect(carriedOut(w.calls)).toEqual(['provision', 'renew', 'freeze']);
      const item = await stored(table, bought.instanceId);
      expect(item).toMatchObject({ state: 'FROZEN', pending: [] });
      expect(Object.values(item.failed)).toMatchObject([{ kind: 'renew', reason: 'no such plan' }]);
      expect(w.metrics('FailedChange')).toBe(1);

      w.behaviour.current = () => undefined;
      expect(await renew(bought, { ...line, sentAt: w.time.now })).toMatchObject({ accepted: true });
      await w.settle();
      // The instance is frozen, and a renewal must not open it.
      expect(carriedOut(w.calls).slice(-2)).toEqual(['renew', 'freeze']);
      expect(w.calls.at(-2)?.key).toBe(w.calls[1]?.key);
      expect((await stored(table, bought.instanceId)).failed).toEqual({});
    });

    test.each([
      ['a text', 'ok'],
      ['an empty object', {}],
      ['access without an address', { access: { userName: 'a' } }],
      ['a password that is too long', { access: { frontEndUrl: 'https://a.example', password: 'x'.repeat(129) } }],
      ['two answers in one', { access: ACCESS, failed: { reason: 'both' } }],
      ['a code that sellers must not give', { refused: { resultCode: '000000' } }],
      ['a code that does not exist', { refused: { resultCode: '999999' } }],
      ['a list', []],
    ])('by answering %s counts as a failed attempt, and its values are not kept', async (_, answer) => {
      const bought = await buy();
      w.behaviour.current = ({ attempt }) => (attempt === 1 ? answer : undefined);
      await fulfilItem(w.deps, bought.key, plenty);
      const item = await stored(table, bought.instanceId);
      expect(item.lastError).toMatch(/^Nonsense: provision has to answer/);
      expect(item.lastError).not.toContain('xxx');
      await w.settle();
      expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE' });
    });

    test('by answering a freeze with something counts as a failed attempt', async () => {
      const bought = await buy();
      await setStatus(bought, 'FREEZE');
      w.behaviour.current = ({ hook, attempt }) => (hook === 'freeze' && attempt === 1 ? { frozen: true } : undefined);
      await w.settle();
      expect(w.calls.filter(({ hook }) => hook === 'freeze')).toHaveLength(2);
    });

    test('by hanging is aborted and tried again; what it answers late is ignored', async () => {
      w = world(table, { hookTimeout: 1_000 });
      const bought = await buy();
      let answerLate: (value: unknown) => void = () => {};
      w.behaviour.current = ({ attempt, signal }) =>
        attempt === 1
          ? new Promise((resolve) => {
              answerLate = resolve;
              signal.addEventListener('abort', () => w.calls.push(w.calls[0] as never), { once: true });
            })
          : undefined;
      await fulfilItem(w.deps, bought.key, plenty);
      expect(w.calls[0]?.signal.aborted).toBe(true);
      expect(w.calls).toHaveLength(2);
      expect((await stored(table, bought.instanceId)).lastError).toMatch(/^TimeUp: provision took longer/);
      answerLate({ refused: { resultCode: '000106' } });
      await w.settle();
      expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE' });
    });
  });

  describe('a purchase', () => {
    test('that the seller refuses is FAILED with its code, what waits behind it is set aside unasked', async () => {
      const bought = await buy();
      await renew(bought);
      await setStatus(bought, 'FREEZE');
      w.behaviour.current = ({ hook }) =>
        hook === 'provision' ? { refused: { resultCode: '000106', resultMsg: 'none left' } } : undefined;
      await w.settle();
      expect(carriedOut(w.calls)).toEqual(['provision']);
      const item = await stored(table, bought.instanceId);
      expect(item).toMatchObject({
        state: 'FAILED',
        failure: { resultCode: '000106', reason: 'none left' },
        pending: [],
      });
      expect(
        Object.values(item.failed)
          .map(({ kind }) => kind)
          .sort(),
      ).toEqual(['freeze', 'provision', 'renew']);
      expect(item).not.toHaveProperty('dueAt');
      expect([...item.orders]).toEqual([expect.stringMatching(/^newInstance#/)]);
      expect(w.metrics('FailedPurchase')).toBe(1);

      const repeat = await acceptPurchase(table, { product: 'demo', ...bought.line, sentAt: 9 }, w.time.now);
      expect(repeat).toMatchObject({ resultCode: '000106', resultMsg: 'none left', instanceId: bought.instanceId });
      expect(await renew(bought)).toMatchObject({ resultCode: '000003', accepted: false });
      expect(await setStatus(bought, 'UNFREEZE')).toMatchObject({ resultCode: '000003' });
      expect(await release(bought)).toMatchObject({ resultCode: '000000', accepted: true });
      await w.settle();
      expect(carriedOut(w.calls)).toEqual(['provision', 'release']);
    });

    test('that fails for good is FAILED and not queued again by a repeat', async () => {
      const bought = await buy();
      w.behaviour.current = () => ({ failed: { reason: 'unknown plan in table 7' } });
      await w.settle();
      const repeat = await acceptPurchase(table, { product: 'demo', ...bought.line, sentAt: 9 }, w.time.now);
      expect(repeat).toMatchObject({ resultCode: '000005', accepted: false });
      expect(repeat.resultMsg).not.toContain('table 7');
    });

    test('without an answer within its window is FAILED, and a repeat queues it again with what was behind it', async () => {
      const bought = await buy();
      await renew(bought);
      w.behaviour.current = ({ hook }) => (hook === 'provision' ? Promise.reject(new Error('down')) : undefined);
      await w.settle();
      const item = await stored(table, bought.instanceId);
      expect(item).toMatchObject({ state: 'FAILED', pending: [] });
      expect(item.failure).not.toHaveProperty('resultCode');
      expect(w.metrics('FailedPurchase')).toBe(1);

      w.behaviour.current = () => undefined;
      const repeat = await acceptPurchase(table, { product: 'demo', ...bought.line, sentAt: 9 }, w.time.now);
      expect(repeat).toMatchObject({ resultCode: '000004', accepted: true, leased: false });
      expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'PENDING', failed: {} });
      await w.settle();
      expect(await stored(table, bought.instanceId)).toMatchObject({
        state: 'ACTIVE',
        failed: {},
        pending: [],
      });
      expect(carriedOut(w.calls)).toEqual(['provision', 'release', 'provision', 'renew']);
      expect(new Set(w.calls.filter(({ hook }) => hook === 'provision').map(({ key }) => key)).size).toBe(2);
    });

    test('whose attempts all die in the middle is FAILED once its window has passed', async () => {
      const bought = await buy();
      await claim(table, bought.key, { owner: 'dies', until: w.time.now + 1_000, now: w.time.now });
      w.time.now += 5 * HOUR;
      await fulfilItem(w.deps, bought.key, plenty);
      expect(carriedOut(w.calls)).toEqual(['release']);
      expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'FAILED' });
    });

    test('that nobody could try within its window is FAILED, and there is nothing to clean up', async () => {
      const bought = await buy(w.time.now - DAY);
      await w.settle();
      expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'FAILED' });
      expect(w.calls).toEqual([]);
    });

    test('waits for the order query', async () => {
      const bought = await buy();
      w.orders.query = async () => Promise.reject(new Error('502'));
      await fulfilItem(w.deps, bought.key, plenty);
      expect(w.calls).toEqual([]);
      w.orders.query = async (orderId) => order(orderId);
      await w.settle();
      expect(carriedOut(w.calls)).toEqual(['provision']);
    });
  });

  describe('the order of a renewal', () => {
    const refused = Object.assign(new Error('not shown'), { permanent: true });

    test('that the marketplace will never show is left out', async () => {
      const bought = await buy();
      await w.settle();
      await renew(bought);
      w.orders.query = async () => Promise.reject(refused);
      await w.settle();
      expect(w.calls.filter(({ hook }) => hook === 'renew')).toHaveLength(1);
      expect(w.calls.at(-1)?.change).not.toHaveProperty('renewalOrder');
    });

    test('that cannot be had now is waited for', async () => {
      const bought = await buy();
      await w.settle();
      await renew(bought);
      w.orders.query = async () => Promise.reject(new Error('timeout'));
      await fulfilItem(w.deps, bought.key, plenty);
      expect(carriedOut(w.calls)).toEqual(['provision']);
    });

    test('is not asked for when the instance is frozen, unfrozen or released', async () => {
      const bought = await buy();
      await w.settle();
      w.orders.query = async () => Promise.reject(refused);
      await setStatus(bought, 'FREEZE');
      w.time.now += 1;
      await setStatus(bought, 'UNFREEZE');
      await fulfilItem(w.deps, bought.key, plenty);
      await release(bought);
      await w.settle();
      expect(carriedOut(w.calls)).toEqual(['provision', 'freeze', 'unfreeze', 'release']);
    });
  });

  describe('a release', () => {
    test('overtakes everything that has not started', async () => {
      const bought = await buy();
      await renew(bought);
      await release(bought);
      await w.settle();
      expect(carriedOut(w.calls)).toEqual(['release']);
      expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'RELEASED', pending: [] });
    });

    test('accepted while an attempt runs comes next, and the attempt records nothing on the item', async () => {
      const bought = await buy();
      w.behaviour.current = async ({ hook }) => {
        if (hook === 'provision') await release(bought);
        return undefined;
      };
      await fulfilItem(w.deps, bought.key, plenty);
      const item = await stored(table, bought.instanceId);
      expect(carriedOut(w.calls)).toEqual(['provision', 'release']);
      expect(item).toMatchObject({ state: 'RELEASED', pending: [] });
      expect(item.access).toBeUndefined();
    });

    test('accepted while an attempt fails is due at once', async () => {
      const bought = await buy();
      w.behaviour.current = async ({ hook }) => {
        if (hook !== 'provision') return undefined;
        await release(bought);
        throw new Error('too late anyway');
      };
      await fulfilItem(w.deps, bought.key, plenty);
      expect(carriedOut(w.calls)).toEqual(['provision', 'release']);
    });
  });

  test('changes accepted while an attempt runs are carried out next, none is lost', async () => {
    const bought = await buy();
    w.behaviour.current = async ({ hook, attempt }) => {
      if (hook === 'provision' && attempt === 1) await Promise.all([renew(bought), setStatus(bought, 'FREEZE')]);
      return undefined;
    };
    await fulfilItem(w.deps, bought.key, plenty);
    // Whichever was accepted first: a renewal of a frozen instance is followed by the freeze once more.
    expect(new Set(carriedOut(w.calls))).toEqual(new Set(['freeze', 'provision', 'renew']));
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'FROZEN', pending: [] });
  });

  test('a stalled attempt whose hold has ended records nothing', async () => {
    const bought = await buy();
    w.behaviour.current = ({ attempt }) => {
      if (attempt > 1) return undefined;
      w.time.now += HOUR / 2; // the process was frozen
      return { refused: { resultCode: '000106' } };
    };
    await fulfilItem(w.deps, bought.key, plenty);
    expect(w.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE', failed: {} });
    const audit = await readItem(table, keys.audit(bought.key.pk, w.calls[0]?.key ?? ''));
    expect(audit).toMatchObject({ outcome: 'done', attempt: 2 });
  });

  test('an attempt that stalled before its hook and past its hold does not call the hook any more', async () => {
    const bought = await buy();
    w.orders.query = async (orderId) => {
      w.time.now += HOUR / 2; // the process was frozen
      w.orders.query = async (id) => order(id);
      return order(orderId);
    };
    await fulfilItem(w.deps, bought.key, plenty);
    expect(w.calls.map(({ attempt }) => attempt)).toEqual([2]);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE', pending: [] });
  });

  test('a stalled attempt that was followed by none leaves no audit entry either', async () => {
    const bought = await buy();
    w.behaviour.current = () => {
      w.time.now += HOUR;
      return undefined;
    };
    await fulfilItem(w.deps, bought.key, () => (w.calls.length === 0 ? plenty() : 0));
    expect(w.calls).toHaveLength(1);
    expect(await readItem(table, keys.audit(bought.key.pk, w.calls[0]?.key ?? ''))).toBeUndefined();
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'PENDING', attempts: 1 });
  });

  test('a stalled attempt that was followed by another records nothing over it', async () => {
    const bought = await buy();
    const second = world(table);
    w.behaviour.current = async () => {
      second.time.now = w.time.now + HOUR; // meanwhile, elsewhere
      await second.settle();
      return { refused: { resultCode: '000106' } };
    };
    await fulfilItem(w.deps, bought.key, plenty);
    expect(await stored(table, bought.instanceId)).toMatchObject({ state: 'ACTIVE', failed: {}, pending: [] });
  });

  test('two workers at one item make one attempt', async () => {
    const bought = await buy();
    await Promise.all(Array.from({ length: 10 }, () => fulfilItem(w.deps, bought.key, plenty)));
    expect(w.calls).toHaveLength(1);
  });
});
