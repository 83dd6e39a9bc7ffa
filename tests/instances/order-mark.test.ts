import { expect, test } from '@jest/globals';
import { type OrderedChange, orderMark } from '../../lib/instances/order-mark.ts';

const order = { id: 'c', orderId: 'CS#1', orderLineId: 'CS1-000001', acceptedAt: 1, sentAt: 1 };

test.each<[string, OrderedChange]>([
  ['newInstance#CS%231#CS1-000001', { ...order, kind: 'provision' }],
  ['newInstance#CS%231', { ...order, kind: 'provision', orderLineId: '' }],
  ['upgradeInstance#CS%231#CS1-000001', { ...order, kind: 'upgrade' }],
  ['refreshInstance/RENEWAL#CS%231#CS1-000001', { ...order, kind: 'renew', scene: 'RENEWAL' }],
  [
    'refreshInstance/UNSUBSCRIBE_RENEWAL_PERIOD#CS%231',
    { ...order, kind: 'renew', scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', orderLineId: '' },
  ],
])('an order is marked as in the tables that exist: %s', (mark, change) => {
  expect(orderMark(change)).toBe(mark);
});
