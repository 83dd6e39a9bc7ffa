import { expect, test } from '@jest/globals';
import { openOrder } from '../../lib/fulfilment/sealed-order.ts';
import type { Table } from '../../lib/table/table.ts';
import { AT } from '../support/sealed-at.ts';
import { order, world } from './world.ts';

const { sealer } = world({} as Table).deps;

test('an order comes out of its seal as it went in, dates included', async () => {
  const full = order('o');
  const { createdAt: _, buyer: __, ...bare } = full;
  const undated = { ...bare, line: { orderLineId: 'l', chargingMode: 'ONE_TIME', products: [] } };
  for (const one of [full, undated])
    expect(await openOrder(sealer, await sealer.seal('personal', one, AT), AT)).toEqual(one);
});

test('what is no order is not taken for one', async () => {
  await expect(openOrder(sealer, await sealer.seal('personal', { line: 5 }, AT), AT)).rejects.toThrow();
  await expect(openOrder(sealer, await sealer.seal('credentials', order('o'), AT), AT)).rejects.toThrow();
});
