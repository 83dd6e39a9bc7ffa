import { expect, test } from '@jest/globals';
import { readOrders } from '../../../scripts/cli/operator/import/read-orders.ts';

const utf8 = (...lines: string[]) => Buffer.from(lines.join('\r\n'));

test('an export is read by the head of its column, in Chinese and English, below other lines', () => {
  const orders = new Set(['CS1', 'CS2']);
  expect(readOrders(utf8('\uFEFF商品,订单号', 'a,CS1', 'b,"=""CS2"""', 'b,'))).toEqual({ orders });
  expect(readOrders(utf8('Orders of May', 'Order No.,Product', 'CS1\t,a', "'CS2,b"))).toEqual({ orders });
  expect(readOrders(utf8('nr,p', 'CS1,a', 'CS2,b'), 'nr')).toEqual({ orders });
});

test('GBK is read too', () => {
  const head = Buffer.from([0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5]); // 订单号
  expect(readOrders(Buffer.concat([head, utf8('', 'CS1')]))).toEqual({ orders: new Set(['CS1']) });
});

test('one without the column tells its heads', () => {
  expect(readOrders(utf8('a,b', '1,2'))).toEqual({ heads: ['a', 'b'] });
  expect(readOrders(utf8(''))).toEqual({ heads: [] });
});
