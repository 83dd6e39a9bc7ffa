import { expect, test } from '@jest/globals';
import { playMonth } from '../../../scripts/evidence/prove/disasters/month.ts';
import { differences, MonthCount } from '../../../scripts/evidence/prove/disasters/month-count.ts';

test('over a month the figures are those of the events; each alarm rings in time, once a receiver, and closes', async () => {
  const { wrong, purchases, compared, episodes } = await playMonth(7);
  expect(wrong).toEqual([]);
  expect(purchases).toBeGreaterThan(40);
  expect(compared).toBe(60);
  expect(episodes).toBeGreaterThan(10);
});

test('an alarm that rings late, early, twice or without a cause is a difference', () => {
  const due = { id: 'set-aside demo', from: 100, to: 200 };
  const of = (...rang: readonly (readonly [number, number])[]) =>
    differences(
      [due],
      rang.map(([from, to]) => ({ id: due.id, from, to })),
    ).length;
  expect([of([100, 201]), of([99, 201]), of([108, 201]), of([100, 199]), of([101, 201], [300, 310]), of()]).toEqual([
    0, 2, 2, 2, 1, 1,
  ]);
});

test('the count by hand: three lost orders, one of them mended, and the month of Beijing ends', () => {
  const purchase = (minute: number, fate: 'refused' | 'failed-mended') =>
    ({ minute, kind: 'purchase', fate, until: minute + 50 }) as const;
  const events = [purchase(10, 'refused'), purchase(20, 'failed-mended'), purchase(30, 'refused')];
  const count = new MonthCount(events, Date.UTC(2026, 2, 31, 14)); // ten in the evening in Beijing
  expect([0, 15, 35, 75, 119, 120].map((minute) => count.failedOrders(minute))).toEqual([0, 1, 3, 2, 2, 0]);
});
