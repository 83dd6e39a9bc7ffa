import { expect, test } from '@jest/globals';
import { deriveInstanceId } from '../../../lib/protocol/instance-id.ts';
import { deriveOrderInstanceId } from '../../../lib/protocol/v1/instance-id.ts';

test('the id of an order is a fixed function of product and order', () => {
  // Instances that exist are found by it: another rule needs another version, not another value here.
  expect(deriveOrderInstanceId('legacy', 'CS2501150900EXAMP')).toBe('2e0c6088-3327-8969-8a78-828a7062c0a9');
  expect(deriveOrderInstanceId('legacy', 'CS2501150900EXAMP', 'od-1')).toBe('6df9f01e-f8a4-81c1-b71f-536662a7a587');
});

test('products of one on-demand order, other orders, other products and V2.0 have other ids', () => {
  const ids = [
    deriveOrderInstanceId('legacy', 'o'),
    deriveOrderInstanceId('legacy', 'o', ''),
    deriveOrderInstanceId('legacy', 'o', 'p1'),
    deriveOrderInstanceId('legacy', 'o', 'p2'),
    deriveOrderInstanceId('legacy', 'o2'),
    deriveOrderInstanceId('other', 'o'),
    deriveInstanceId('legacy', 'o', 'o-000001'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
