import { expect, test } from '@jest/globals';
import { Slots } from '../../../lib/table/postgres/slots.ts';

test('those that wait go in the order in which they came', async () => {
  const slots = new Slots(1);
  await slots.take(undefined, 1_000);
  const order: number[] = [];
  const waiting = [1, 2].map((number) => slots.take(undefined, 60_000).then(() => order.push(number)));
  expect(slots.waiting).toBe(2);
  slots.give();
  await waiting[0];
  expect(order).toEqual([1]);
  slots.give();
  await Promise.all(waiting);
  slots.give();
  await slots.take(undefined, 1_000); // free again
  expect([order, slots.waiting]).toEqual([[1, 2], 0]);
});

test('whoever gives up leaves the queue', async () => {
  const slots = new Slots(0);
  const giving = new AbortController();
  const waiting = slots.take(giving.signal, 60_000);
  giving.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  await expect(slots.take(undefined, 1)).rejects.toThrow('all connections were busy for 1 ms');
  expect(() => slots.take(giving.signal, 1)).toThrow('over');
  expect(slots.waiting).toBe(0);
});
