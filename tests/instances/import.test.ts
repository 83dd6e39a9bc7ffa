import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { derivedIds, findConflicts, type ImportedInstance, importInstance } from '../../lib/instances/import.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  readInstances,
} from '../../lib/instances/store.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import { deriveOrderInstanceId } from '../../lib/protocol/v1/instance-id.ts';
import type { Table } from '../../lib/table/table.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { Crash, ENGINES, stored, vanishing, watched } from './support.ts';

const NOW = 1_700_000_000_000;

describe.each(ENGINES)('instances given out before, on %s', (engine) => {
  let running: TestTable;
  let table: Table;
  let serial = 0;
  beforeAll(async () => {
    running = await startTable(engine);
    table = running.table;
  });
  afterAll(() => running.stop());

  const given = (own: Partial<ImportedInstance> = {}): ImportedInstance => {
    serial += 1;
    const orderId = own.orderId ?? `CS${serial}`;
    const from = { product: 'demo', orderId, orderLineId: `${orderId}-000001`, isToldByOrder: true };
    return {
      product: 'demo',
      instanceId: `given-out-${serial}`,
      orderId,
      orderLineId: from.orderLineId,
      expiresAt: NOW + 9,
      access: 'sealed',
      derivedIds: derivedIds(from),
      ...own,
    };
  };

  test('newInstance sent again for the order is answered with the id given out, in V2.0 and V1.0', async () => {
    const instance = given();
    expect(await importInstance(table, instance, NOW)).toBe(true);
    const { orderId, orderLineId, instanceId } = instance;
    const call = { product: 'demo', orderId, orderLineId, sentAt: NOW };
    const known = { resultCode: '000000', instanceId, accepted: false, leased: false };
    expect(await acceptPurchase(table, call, NOW)).toMatchObject(known);
    const v1 = { ...call, orderLineId: '', instanceId: deriveOrderInstanceId('demo', orderId) };
    expect(await acceptPurchase(table, v1, NOW)).toMatchObject({ ...known, item: { aliasOf: instanceId } });
  });

  test('it lies in the table as if it had been bought and carried out, and its alias as if released', async () => {
    const instance = given();
    await importInstance(table, instance, NOW);
    const { instanceId, orderId, orderLineId } = instance;
    const line = { product: 'demo', instanceId, orderId, orderLineId, createdAt: NOW, pending: [], failed: {} };
    const item = await stored(table, instanceId);
    const dates = { expiresAt: NOW + 9, expireSetAt: 0, statusAt: 0 };
    expect(item).toMatchObject({ ...line, wanted: 'ACTIVE', state: 'ACTIVE', access: 'sealed', ...dates });
    expect(item.orders).toEqual(new Set([`newInstance#${orderId}#${orderLineId}`]));
    expect(item).not.toHaveProperty('aliasOf');
    for (const derivedId of instance.derivedIds) {
      const alias = await stored(table, derivedId);
      expect(alias).toMatchObject({ ...line, wanted: 'RELEASED', state: 'RELEASED', aliasOf: instanceId });
      for (const own of ['access', 'expiresAt', 'dueShard']) expect(alias).not.toHaveProperty(own);
    }
  });

  test('without an end or an access it has none', async () => {
    const { expiresAt: _, access: __, ...instance } = given();
    await importInstance(table, instance, NOW);
    const item = await stored(table, instance.instanceId);
    expect(item).toMatchObject({ state: 'ACTIVE' });
    for (const absent of ['expiresAt', 'access']) expect(item).not.toHaveProperty(absent);
  });

  test('with the id that its order derives it is written in one request and needs no alias', async () => {
    const { table: counted, sent } = watched(table);
    const { orderId, orderLineId } = given();
    const instanceId = deriveInstanceId('demo', orderId, orderLineId);
    expect(await importInstance(counted, given({ instanceId, orderId, derivedIds: [instanceId] }), NOW)).toBe(true);
    expect(sent).toHaveLength(1);
    expect(await stored(table, instanceId)).toMatchObject({ state: 'ACTIVE', wanted: 'ACTIVE' });
  });

  test('it lives on like any other', async () => {
    const instance = given();
    await importInstance(table, instance, NOW);
    const { instanceId, orderId } = instance;
    const about = { product: 'demo', instanceId, orderId: 'R', orderLineId: 'R-1', sentAt: NOW };
    expect(await acceptRenewal(table, { ...about, scene: 'RENEWAL', expiresAt: NOW + 99 }, NOW)).toMatchObject({
      resultCode: '000000',
      accepted: true,
    });
    const frozen = await acceptStatus(table, { ...about, status: 'FREEZE' }, NOW);
    expect(frozen).toMatchObject({ resultCode: '000000', accepted: true });
    expect((await acceptRelease(table, about, NOW)).accepted).toBe(true);
    const items = await readInstances(table, 'demo', [instanceId]);
    expect(items.get(instanceId)).toMatchObject({ orderId, access: 'sealed', expiresAt: NOW + 99, wanted: 'RELEASED' });
  });

  test('nothing but newInstance knows the id that the order derives', async () => {
    const instance = given();
    await importInstance(table, instance, NOW);
    for (const instanceId of instance.derivedIds) {
      const about = { product: 'demo', instanceId, orderId: 'R', orderLineId: 'R-1', sentAt: NOW };
      const renewed = await acceptRenewal(table, { ...about, scene: 'RENEWAL', expiresAt: NOW }, NOW);
      const frozen = await acceptStatus(table, { ...about, status: 'FREEZE' }, NOW);
      expect([renewed.resultCode, frozen.resultCode]).toEqual(['000003', '000003']);
    }
  });

  test('a second time changes nothing, whatever has happened since', async () => {
    const instance = given();
    await importInstance(table, instance, NOW);
    const { instanceId } = instance;
    await acceptRenewal(
      table,
      {
        product: 'demo',
        instanceId,
        orderId: 'R',
        orderLineId: 'R',
        scene: 'RENEWAL',
        expiresAt: NOW + 99,
        sentAt: NOW,
      },
      NOW,
    );
    const before = await readInstances(table, 'demo', [instanceId, ...instance.derivedIds]);
    expect((await findConflicts(table, [instance])).size).toBe(0);
    expect(await importInstance(table, { ...instance, access: 'another', expiresAt: 1 }, NOW + 5)).toBe(false);
    expect(await readInstances(table, 'demo', [instanceId, ...instance.derivedIds])).toEqual(before);
  });

  test.each([1, 2, 3])('broken off at its request %s, it is completed by the next run', async (at) => {
    const instance = given();
    for (const kind of ['dies before', 'dies after'] as const) {
      const dying = watched(table, { kind, at });
      await expect(importInstance(dying.table, instance, NOW)).rejects.toThrow(Crash);
      expect((await findConflicts(table, [instance])).size).toBe(0);
    }
    await importInstance(table, instance, NOW);
    const { orderId, orderLineId, instanceId } = instance;
    const again = await acceptPurchase(table, { product: 'demo', orderId, orderLineId, sentAt: NOW }, NOW);
    expect(again).toMatchObject({ resultCode: '000000', instanceId, item: { aliasOf: instanceId } });
    expect((await readInstances(table, 'demo', [instanceId])).get(instanceId)?.state).toBe('ACTIVE');
  });

  test('an order that was given another instance since nobody saw a conflict is not written over', async () => {
    const instance = given();
    const { orderId, orderLineId } = instance;
    expect((await findConflicts(table, [instance])).size).toBe(0);
    const bought = await acceptPurchase(table, { product: 'demo', orderId, orderLineId, sentAt: 1 }, NOW);
    await expect(importInstance(table, instance, NOW)).rejects.toThrow(
      `instance ${instance.instanceId} was given another instance meanwhile`,
    );
    const item = (await readInstances(table, 'demo', [bought.instanceId])).get(bought.instanceId);
    expect(item).toMatchObject({ instanceId: bought.instanceId, state: 'PENDING' });
    expect(item).not.toHaveProperty('aliasOf');
  });

  test('an id at which something stood and vanished is not taken for written', async () => {
    const instance = given();
    await importInstance(table, instance, NOW);
    await expect(importInstance(vanishing(table), instance, NOW)).rejects.toThrow(
      'was given another instance meanwhile',
    );
  });

  test('an id that another product has given out is no conflict', async () => {
    const there = given();
    await importInstance(table, there, NOW);
    const elsewhere = given({ product: 'other', instanceId: there.instanceId });
    for (const list of [[elsewhere], [elsewhere, there], [there, elsewhere]]) {
      expect(await findConflicts(table, list)).toEqual(new Map());
    }
  });

  test('conflicts are found before anything is written', async () => {
    const there = given();
    await importInstance(table, there, NOW);
    const order = { orderId: `bought-${serial}`, orderLineId: `bought-${serial}-000001` };
    const { instanceId } = await acceptPurchase(table, { product: 'demo', ...order, sentAt: 1 }, NOW);
    const from = { product: 'demo', ...order, isToldByOrder: false };
    const list = [
      given(),
      given({ instanceId: there.instanceId }),
      given({ ...order, derivedIds: derivedIds(from) }),
      there,
      given({ orderId: there.orderId, instanceId: there.derivedIds[0] ?? '' }),
    ];
    expect([...(await findConflicts(table, list))]).toEqual([
      [1, `instanceId is already that of order ${there.orderId}`],
      [2, `orderId has the instance ${instanceId} already`],
      [4, `instanceId is already that of order ${there.orderId}`],
    ]);
  });
});

describe('the ids that calls for an order derive', () => {
  const line = deriveInstanceId('demo', 'CS1', 'CS1-000001');
  const order = deriveOrderInstanceId('demo', 'CS1');
  const onDemand = deriveOrderInstanceId('demo', 'CS1', 'p-1');

  test.each([
    ['from its line', { orderLineId: 'CS1-000001', isToldByOrder: false }, [line]],
    ['from itself', { isToldByOrder: true }, [order]],
    ['from itself and its on-demand product', { isToldByOrder: true, onDemandProductId: 'p-1' }, [onDemand]],
    ['in both ways', { orderLineId: 'CS1-000001', isToldByOrder: true }, [line, order]],
    ['in none', { isToldByOrder: false }, []],
  ])('come %s', (_, from, ids) => {
    expect(onDemand).not.toBe(order);
    expect(derivedIds({ product: 'demo', orderId: 'CS1', ...from })).toEqual(ids);
  });
});
