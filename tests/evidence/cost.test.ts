import { expect, test } from '@jest/globals';
import { idleBill, idleDollars, ordersBill, total } from '../../scripts/evidence/cost/arithmetic.ts';
import { costSections } from '../../scripts/evidence/cost/page.ts';
import { readEvidence } from '../../scripts/evidence/page/measured.ts';

const sweep = { reads: 20, writes: 1, bytes: 300, milliseconds: 50 };
const order = { calls: 5, writes: 16, bytes: 250, callMs: 5, attemptMs: 500, storedBytes: 4_000 };

test('a stage that sells nothing pays for its sweeps and alarms', () => {
  const bill = idleBill(sweep);
  expect(bill.gateway).toBe(0);
  expect(bill.alarms).toBeCloseTo(8 * 0.1 + 0.3, 10);
  expect(bill.table).toBeGreaterThan((43_800 * (20 * 0.125 + 0.625)) / 1e6); // the minutes' sweeps alone
  expect(total(bill)).toBe(idleDollars(sweep));
});

test('orders cost on top of that, each as much as the other', () => {
  const more = (orders: number) => total(ordersBill(orders, sweep, order)) - idleDollars(sweep);
  expect(more(0)).toBeCloseTo(0, 10);
  expect(more(1_000_000)).toBeCloseTo(100 * more(10_000), 6);
  expect(ordersBill(1_000_000, sweep, order).gateway).toBe(5);
});

test('a measured stage that sells nothing stays below two dollars', () => {
  const row = readEvidence().bench.find(({ title }) => title.startsWith('dollars a month'));
  expect(row).toMatchObject({ goal: '≤ 2', verdict: 'met' });
});

test('what was not measured is said to be so', () => {
  expect(costSections([], 'english').aws).toBe('not measured yet');
  expect(costSections([], 'chinese').huawei).toContain('尚未测量');
});
