import { expect, test } from '@jest/globals';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { keys } from '../../lib/instances/keys.ts';
import { acceptPurchase, acceptRelease, acceptUpgrade } from '../../lib/instances/store.ts';
import { readItem } from '../../lib/instances/write.ts';
import { newOrder } from '../instances/support.ts';
import { memoryTable } from '../support/memory-table.ts';
import { AT } from '../support/sealed-at.ts';
import { order, world } from './world.ts';

async function bought() {
  const table = memoryTable();
  const w = world(table);
  const line = newOrder();
  const about = { product: 'demo', ...line, sentAt: w.time.now };
  const { instanceId } = await acceptPurchase(table, about, w.time.now);
  const key = keys.instance('demo', instanceId);
  await w.settleItem(key);
  const item = async () => (await readItem<InstanceItem>(table, key)) ?? ({} as Partial<InstanceItem>);
  const release = () => acceptRelease(table, { product: 'demo', instanceId, sentAt: w.time.now }, w.time.now);
  return { table, w, key, instanceId, item, release };
}

test('when the release is done, what was kept of the buyer leaves the item with the same write; the rest stays', async () => {
  const { w, key, item, release } = await bought();
  const before = await item();
  expect(before).toMatchObject({ access: expect.any(String), order: expect.any(String), chargingMode: 'PERIOD' });
  await release();
  expect(await item()).toMatchObject({ access: before.access, order: before.order });
  await w.settleItem(key);
  const { access: _, order: __, ...rest } = before;
  const after = await item();
  expect(after).toMatchObject({ ...rest, wanted: 'RELEASED', state: 'RELEASED' });
  for (const name of ['access', 'order', 'licence']) expect(after).not.toHaveProperty(name);
});

test('a release that failed has erased nothing: it is to be tried again', async () => {
  const { w, key, item, release } = await bought();
  w.behaviour.current = ({ hook }) => (hook === 'release' ? { failed: { reason: 'no' } } : undefined);
  await release();
  await w.settleItem(key);
  expect(await item()).toMatchObject({ state: 'ACTIVE', access: expect.any(String), order: expect.any(String) });
});

test('the sealed orders of changes that were set aside go as well', async () => {
  const { table, w, key, instanceId, item, release } = await bought();
  w.behaviour.current = ({ hook }) => (hook === 'upgrade' ? { failed: { reason: 'no room' } } : undefined);
  const line = newOrder();
  const told = await w.deps.sealer.seal('personal', order(line.orderId), AT);
  const about = { product: 'demo', instanceId, ...line, sentAt: w.time.now, told };
  await acceptUpgrade(table, about, w.time.now);
  await w.settleItem(key);
  expect(Object.keys((await item()).failed ?? {})).toHaveLength(1);
  await release();
  await w.settleItem(key);
  expect((await item()).failed).toEqual({});
});
