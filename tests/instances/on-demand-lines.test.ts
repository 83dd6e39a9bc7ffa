import { describe, expect, test } from '@jest/globals';
import { ofProduct } from '../../lib/instances/of-product.ts';
import { acceptPurchase } from '../../lib/instances/store.ts';
import { deriveInstanceId } from '../../lib/protocol/instance-id.ts';
import { order } from '../support/installation.ts';
import { memoryTable } from '../support/memory-table.ts';

const NOW = 1_700_000_000_000;
const line = { product: 'demo', orderId: 'CS1', orderLineId: 'CS1-000001', sentAt: NOW };
const lineId = deriveInstanceId('demo', 'CS1', 'CS1-000001');

function world() {
  const table = memoryTable();
  const buy = async (productId?: string) =>
    (await acceptPurchase(table, productId === undefined ? line : { ...line, productId }, NOW)).instanceId;
  return { table, buy };
}

describe('products of one order line, sold on demand', () => {
  test('become instances of their own; each repeat finds its own', async () => {
    const { buy } = world();
    const [first, second, third] = [await buy('p-1'), await buy('p-2'), await buy('p-3')];
    expect(new Set([first, second, third]).size).toBe(3);
    expect(first).toBe(lineId);
    for (const [productId, id] of [
      ['p-3', third],
      ['p-1', first],
      ['p-2', second],
    ] as const) {
      expect(await buy(productId)).toBe(id);
    }
  });

  test('that come at the same moment have one instance each', async () => {
    const { buy } = world();
    const ids = await Promise.all(['p-1', 'p-2', 'p-1', 'p-2'].map((productId) => buy(productId)));
    expect(new Set(ids).size).toBe(2);
    expect([ids[0], ids[1]]).toEqual([ids[2], ids[3]]);
  });

  test('keep the id that was given out before: it is that of the first product that asks again', async () => {
    const { buy } = world();
    expect(await buy()).toBe(lineId);
    expect(await buy('p-1')).toBe(lineId);
    expect(await buy('p-2')).not.toBe(lineId);
    expect(await buy('p-1')).toBe(lineId);
    expect(await buy()).toBe(lineId);
  });
});

test('the order of an instance is shown as far as it is about its product', () => {
  const whole = order('CS1');
  const [own] = whole.line.products;
  const products = [{ productId: 'other', skuCode: 's' }, ...(own === undefined ? [] : [own])];
  const shown = { ...whole, line: { ...whole.line, products } };
  expect(ofProduct(shown, 'p-year').line.products).toEqual([own]);
  for (const productId of [undefined, 'nobody']) expect(ofProduct(shown, productId)).toBe(shown);
});
