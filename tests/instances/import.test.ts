import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { derivedIds, findConflicts, type ImportedInstance, importInstance } from '../../lib/instances/import.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  readInstances,
} from '../../lib/instances/store.ts';
import { deriveOrderInstanceId } from '../../lib/protocol/v1/instance-id.ts';
import type { Table } from '../../lib/table.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { Crash, ENGINES, watched } from './support.ts';

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
    ];
    expect([...(await findConflicts(table, list))]).toEqual([
      [1, `instanceId is already that of order ${there.orderId}`],
      [2, `orderId has the instance ${instanceId} already`],
    ]);
  });
});
