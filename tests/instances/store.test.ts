import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OrderNoticeItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { TRANSITIONS } from '../../lib/instances/lifecycle.ts';
import {
  acceptOrderNotice,
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
  readInstances,
} from '../../lib/instances/store.ts';
import { readItem } from '../../lib/instances/write.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { bought, ENGINES, newOrder, stored, vanishing, watched } from './support.ts';

const NOW = 1_000;

describe.each(ENGINES)('the store on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  /** Whether the engine hands out the image with a failed condition; if not, repeats cost one read more. */
  const repeatCalls = engine === 'dynalite' ? ['PutItem', 'GetItem'] : ['PutItem'];
  const renewal = (id: { product: string; instanceId: string }, sentAt: number, more: object = {}) => ({
    ...id,
    ...newOrder(),
    scene: 'RENEWAL' as const,
    expiresAt: sentAt * 1_000,
    sentAt,
    ...more,
  });

  describe('newInstance', () => {
    test('puts the instance in one request and answers the repeat in one', async () => {
      const { table, sent } = watched(running.table);
      const call = { product: 'demo', ...newOrder(), sentAt: NOW };
      const instanceId = deriveInstanceId('demo', call.orderId, call.orderLineId);

      const first = await acceptPurchase(table, call, NOW);
      expect(first).toMatchObject({ resultCode: '000004', instanceId, accepted: true, leased: false });
      expect(sent.map(({ name }) => name)).toEqual(['PutItem']);

      const repeat = await acceptPurchase(table, { ...call, sentAt: NOW + 9 }, NOW + 9);
      expect(repeat).toMatchObject({ resultCode: '000004', instanceId, accepted: false, leased: false });
      expect(sent.slice(1).map(({ name }) => name)).toEqual(repeatCalls);
      expect((await stored(table, instanceId)).pending).toHaveLength(1);
    });

    test('makes one instance of 50 concurrent deliveries', async () => {
      const call = { product: 'demo', ...newOrder(), sentAt: NOW };
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => acceptPurchase(running.table, call, NOW)));
      expect(new Set(outcomes.map(({ instanceId }) => instanceId)).size).toBe(1);
      expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(1);
      expect(new Set(outcomes.map(({ resultCode }) => resultCode))).toEqual(new Set(['000004']));
    });

    test('holds the lease asked for, and only for the call that put the item', async () => {
      const call = { product: 'demo', ...newOrder(), sentAt: NOW };
      const first = await acceptPurchase(running.table, { ...call, lease: { owner: 'a', until: 5_000 } }, NOW);
      const second = await acceptPurchase(running.table, { ...call, lease: { owner: 'b', until: 5_000 } }, NOW);
      expect([first.leased, second.leased]).toEqual([true, false]);
      const item = await stored(running.table, first.instanceId);
      expect(item).toMatchObject({ leaseOwner: 'a', leaseUntil: 5_000, dueAt: 5_000, attempts: 1 });
    });

    test('keeps products apart', async () => {
      const line = newOrder();
      const ids = await Promise.all(
        ['a', 'b'].map((product) => acceptPurchase(running.table, { product, ...line, sentAt: NOW }, NOW)),
      );
      expect(ids.map(({ accepted }) => accepted)).toEqual([true, true]);
      expect(ids[0]?.instanceId).not.toBe(ids[1]?.instanceId);
    });
  });

  describe('refreshInstance', () => {
    test('takes one request, and one more on a repeat', async () => {
      const call = renewal(await bought(running.table), 2_000);
      const { table, sent } = watched(running.table);
      expect(await acceptRenewal(table, call, NOW)).toMatchObject({ resultCode: '000000', accepted: true });
      expect(sent).toHaveLength(1);
      expect(await acceptRenewal(table, { ...call, sentAt: 3_000 }, NOW)).toMatchObject({
        resultCode: '000000',
        accepted: false,
      });
      expect((await stored(table, call.instanceId)).expiresAt).toBe(2_000_000);
    });

    test('answers the very same call in one write, though its own date stands there', async () => {
      const call = renewal(await bought(running.table), 2_000, { unfreezes: true });
      await acceptRenewal(running.table, call, NOW);
      const { table, sent } = watched(running.table);
      expect(await acceptRenewal(table, call, NOW)).toMatchObject({ resultCode: '000000', accepted: false });
      expect(sent.filter(({ name }) => name === 'UpdateItem')).toHaveLength(1);
    });

    test('applies a withdrawn renewal that carries the order id of the renewal', async () => {
      const call = renewal(await bought(running.table), 2_000);
      await acceptRenewal(running.table, call, NOW);
      const withdrawn = { ...call, scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' as const, expiresAt: 5, sentAt: 3_000 };
      expect(await acceptRenewal(running.table, withdrawn, NOW)).toMatchObject({
        resultCode: '000000',
        accepted: true,
      });
      const item = await stored(running.table, call.instanceId);
      expect(item.expiresAt).toBe(5);
      expect(item.pending.map((change) => ('scene' in change ? change.scene : change.kind))).toEqual([
        'provision',
        'RENEWAL',
        'UNSUBSCRIBE_RENEWAL_PERIOD',
      ]);
    });

    test('records an overtaken renewal without its date', async () => {
      const id = await bought(running.table);
      await acceptRenewal(running.table, renewal(id, 9_000), NOW);
      const late = renewal(id, 8_000);
      expect(await acceptRenewal(running.table, late, NOW)).toMatchObject({ resultCode: '000000', accepted: true });
      expect(await acceptRenewal(running.table, late, NOW)).toMatchObject({ resultCode: '000000', accepted: false });
      const item = await stored(running.table, id.instanceId);
      expect(item).toMatchObject({ expiresAt: 9_000_000, expireSetAt: 9_000 });
      expect(item.pending[2]).not.toHaveProperty('expiresAt');
    });

    test('answers 000003 for an instance nobody created, and for a released one', async () => {
      const nobody = renewal({ product: 'demo', instanceId: 'nobody' }, 2_000);
      expect(await acceptRenewal(running.table, nobody, NOW)).toMatchObject({ resultCode: '000003', accepted: false });
      const id = await bought(running.table);
      const known = renewal(id, 2_000);
      await acceptRenewal(running.table, known, NOW);
      await acceptRelease(running.table, { ...id, sentAt: 2_500 }, NOW);
      for (const call of [renewal(id, 3_000), known]) {
        expect(await acceptRenewal(running.table, call, NOW)).toMatchObject({ resultCode: '000003', accepted: false });
      }
    });

    test('creates nothing for an instance nobody created', async () => {
      await acceptRenewal(running.table, renewal({ product: 'demo', instanceId: 'ghost' }, 2_000), NOW);
      await acceptStatus(running.table, { product: 'demo', instanceId: 'ghost', status: 'FREEZE', sentAt: 1 }, NOW);
      await acceptUpgrade(running.table, { product: 'demo', instanceId: 'ghost', ...newOrder(), sentAt: 1 }, NOW);
      await acceptRelease(running.table, { product: 'demo', instanceId: 'ghost', sentAt: 1 }, NOW);
      expect(await readInstances(running.table, 'demo', ['ghost'])).toEqual(new Map());
    });
  });

  describe('upgradeInstance', () => {
    test('takes one request and is accepted once per order line', async () => {
      const call = { ...(await bought(running.table)), ...newOrder(), sentAt: 2_000 };
      const { table, sent } = watched(running.table);
      expect(await acceptUpgrade(table, call, NOW)).toMatchObject({ resultCode: '000000', accepted: true });
      expect(sent).toHaveLength(1);
      expect(await acceptUpgrade(table, call, NOW)).toMatchObject({ resultCode: '000000', accepted: false });
      const otherLine = { ...call, orderLineId: `${call.orderLineId}x` };
      expect(await acceptUpgrade(table, otherLine, NOW)).toMatchObject({ resultCode: '000000', accepted: true });
    });

    test('keeps an upgrade apart from a renewal with the same order', async () => {
      const call = renewal(await bought(running.table), 2_000);
      await acceptRenewal(running.table, call, NOW);
      expect(await acceptUpgrade(running.table, call, NOW)).toMatchObject({ accepted: true });
    });
  });

  describe('updateInstanceStatus', () => {
    const status = (id: { product: string; instanceId: string }, which: 'FREEZE' | 'UNFREEZE', sentAt: number) =>
      acceptStatus(running.table, { ...id, status: which, sentAt }, NOW);

    test('takes one request', async () => {
      const id = await bought(running.table);
      const { table, sent } = watched(running.table);
      await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 2_000 }, NOW);
      expect(sent).toHaveLength(1);
      expect(await stored(running.table, id.instanceId)).toMatchObject({ wanted: 'FROZEN', statusAt: 2_000 });
    });

    test('lets the newest signed time win', async () => {
      const id = await bought(running.table);
      await status(id, 'FREEZE', 2_000);
      await status(id, 'UNFREEZE', 3_000);
      expect(await status(id, 'FREEZE', 2_000)).toMatchObject({ resultCode: '000000', accepted: false });
      expect(await status(id, 'FREEZE', 2_500)).toMatchObject({ resultCode: '000000', accepted: false });
      expect((await stored(running.table, id.instanceId)).wanted).toBe('ACTIVE');
    });

    test('answers two of the same moment: the same with 000000, the opposite with 000005', async () => {
      const id = await bought(running.table);
      await status(id, 'FREEZE', 2_000);
      expect(await status(id, 'FREEZE', 2_000)).toMatchObject({ resultCode: '000000', accepted: false });
      expect(await status(id, 'UNFREEZE', 2_000)).toMatchObject({ resultCode: '000005', accepted: false });
    });

    test('answers 000003 for absent and released instances', async () => {
      expect(await status({ product: 'demo', instanceId: 'nobody' }, 'FREEZE', 1)).toMatchObject({
        resultCode: '000003',
      });
      const id = await bought(running.table);
      await acceptRelease(running.table, { ...id, sentAt: 1 }, NOW);
      expect(await status(id, 'FREEZE', 9_000)).toMatchObject({ resultCode: '000003', accepted: false });
    });
  });

  describe('releaseInstance', () => {
    test('takes one request, drops what waits, and answers the repeat with success', async () => {
      const id = await bought(running.table);
      await acceptRenewal(running.table, renewal(id, 2_000), NOW);
      const { table, sent } = watched(running.table);
      const call = { ...id, ...newOrder(), sentAt: 3_000 };
      expect(await acceptRelease(table, call, NOW)).toMatchObject({ resultCode: '000000', accepted: true });
      expect(sent).toHaveLength(1);
      const item = await stored(running.table, id.instanceId);
      expect(item).toMatchObject({ wanted: 'RELEASED', state: 'PENDING', dueAt: 0, attempts: 0 });
      expect(item.pending).toMatchObject([{ kind: 'release', orderId: call.orderId, orderLineId: call.orderLineId }]);
      expect(await acceptRelease(table, call, NOW)).toMatchObject({ resultCode: '000000', accepted: false });
    });

    test('answers 000003 for an instance nobody created, 000000 to newInstance of a released one', async () => {
      const nobody = { product: 'demo', instanceId: 'nobody', sentAt: 1 };
      expect(await acceptRelease(running.table, nobody, NOW)).toMatchObject({ resultCode: '000003', accepted: false });
      const call = { product: 'demo', ...newOrder(), sentAt: NOW };
      const { instanceId } = await acceptPurchase(running.table, call, NOW);
      await acceptRelease(running.table, { product: 'demo', instanceId, sentAt: 1 }, NOW);
      expect(await acceptPurchase(running.table, call, NOW)).toMatchObject({ resultCode: '000000', instanceId });
    });
  });

  test('keeps an order notice once, in one request', async () => {
    const { table, sent } = watched(running.table);
    const call = { product: 'demo', ...newOrder(), sentAt: NOW };
    const answer = { resultCode: '000000', instanceId: '' };
    expect(await acceptOrderNotice(table, call, NOW)).toEqual({ ...answer, accepted: true });
    expect(sent).toHaveLength(1);
    expect(await acceptOrderNotice(table, call, NOW)).toEqual({ ...answer, accepted: false });
  });

  test('answers no order notice as kept of which the table holds nothing after all', async () => {
    const call = { product: 'demo', ...newOrder(), sentAt: NOW };
    await acceptOrderNotice(running.table, call, NOW);
    await expect(acceptOrderNotice(vanishing(running.table), call, NOW)).rejects.toThrow('refused a new notice');
    expect(await acceptOrderNotice(running.table, call, NOW)).toMatchObject({ accepted: true });
  });

  test('gives each change the idempotency key that it has always had, as updates meet changes under way', async () => {
    const order = (orderId: string) => ({ orderId, orderLineId: `${orderId}-1` });
    const { table } = running;
    const { instanceId } = await acceptPurchase(table, { product: 'keys', ...order('A'), sentAt: 1 }, NOW);
    const id = { product: 'keys', instanceId };
    const renewed = { ...order('B'), scene: 'RENEWAL' as const, expiresAt: 2 * NOW, unfreezes: true, sentAt: 2 };
    await acceptRenewal(table, { ...id, ...renewed }, NOW);
    await acceptStatus(table, { ...id, status: 'FREEZE', sentAt: 3 }, NOW);
    await acceptStatus(table, { ...id, status: 'UNFREEZE', sentAt: 4 }, NOW);
    await acceptUpgrade(table, { ...id, ...order('C'), sentAt: 5 }, NOW);
    const { pending } = await stored(table, instanceId, 'keys');
    await acceptRelease(table, { ...id, sentAt: 6 }, NOW);
    const { pending: last } = await stored(table, instanceId, 'keys');
    await acceptOrderNotice(table, { product: 'keys', ...order('D'), sentAt: 7 }, NOW);
    const notice = await readItem<OrderNoticeItem>(table, keys.orderLine('keys', 'D', 'D-1'));
    const changes = [...pending, ...last, ...(notice?.pending ?? [])];
    expect(changes.map((change) => [change.kind, change.id])).toEqual([
      ['provision', '1Z_14WUK42O8gQdJgx2lWRBY7RrIeR6xX1I-t08maeQ'],
      ['renew', 'DeLS5FK5vwv1jD2JEimb5BByMgtOiwX0wyy9Anbd5OE'],
      ['unfreeze', 'Kf8JoEK4frORj5up03kmI88rkopKHnLsHduo1z8rhbw'],
      ['freeze', 'i9pbe2_JDkeAzguRly-JZ9h-0a5AEdHp5v3EosgB_m8'],
      ['unfreeze', '3lzf4UEzSI4qLylRAnXJ3DrLdGifzXZq7_l9hFyIpkE'],
      ['upgrade', 'vgBgMFIR9Ay_HKDx4PsoLvg9P-wThRgwiyGRkqdeTaw'],
      ['release', 'xdclAbG2x2OoDoo4qkARU3e95aPOyOHwrkPcl3g9Xvk'],
      ['orderNotified', '-lfNGrN0kn4z77-XRYD4SVXj0oAcIVg05OJVCLH9Gz4'],
    ]);
  });

  test('takes ids of any characters for what they are', async () => {
    const odd = ['A#B', 'A%23B', 'A B', '实例', 'INSTANCE#demo#A'];
    const found = await readInstances(running.table, 'demo', odd);
    expect(found.size).toBe(0);
    const orders = odd.map((orderId) => ({ product: 'demo', orderId, orderLineId: 'l#1', sentAt: NOW }));
    const outcomes = await Promise.all(orders.map((call) => acceptOrderNotice(running.table, call, NOW)));
    expect(outcomes.every(({ accepted }) => accepted)).toBe(true);
  });

  test('throws what the table throws', async () => {
    const { table } = watched(running.table, { kind: 'dies before', at: 1 });
    await expect(acceptPurchase(table, { product: 'demo', ...newOrder(), sentAt: 1 }, NOW)).rejects.toThrow('died');
  });
});

test('every kind of change leads from a state it does not lead to, or leaves the state alone', () => {
  for (const { from, to } of Object.values(TRANSITIONS)) expect(from).not.toContain(to);
});
