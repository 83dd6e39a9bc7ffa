import { describe, expect, test } from '@jest/globals';
import { encryptText } from '../../../lib/protocol/v1/cipher.ts';
import { parseV1Message } from '../../../lib/protocol/v1/messages.ts';
import { orderOfPurchase, orderOfRenewal, orderOfUpgrade, type ToldOrder } from '../../../lib/protocol/v1/order.ts';
import type { Order } from '../../../lib/seller/contract.ts';

const opener = { accessKey: '00000000-1111-2222-3333-444444444444', encryptType: '1' } as const;
const expireTime = '20261001155959';
const expiresAt = new Date(Date.UTC(2026, 9, 1, 15, 59, 59));

function purchase(more: Record<string, string> = {}): ToldOrder {
  const message = parseV1Message('newInstance', { customerId: 'c-1', orderId: 'o-1', productId: 'p-1', ...more });
  if (!('told' in message) || message.activity !== 'newInstance') throw new Error('not a purchase');
  return orderOfPurchase(message.told, opener);
}

describe('the order inside a V1.0 call', () => {
  test('is an order as the seller knows it, with phone and e-mail in the clear', () => {
    const order: Order = purchase({
      customerName: '演示',
      userId: 'u-1',
      userName: 'sub',
      mobilePhone: encryptText(opener.accessKey, '13800000000', '2'),
      email: encryptText(opener.accessKey, 'user@example.com', '1'),
      skuCode: 's-1',
      periodType: 'year',
      periodNumber: '1',
      orderAmount: '10.5',
      amount: '3',
      expireTime,
      saasExtendParams: btoa('[{"name":"domain","value":"acme"}]'),
    });
    expect(order).toEqual({
      orderId: 'o-1',
      orderType: 'NEW',
      line: {
        orderLineId: '',
        chargingMode: 'PERIOD',
        expiresAt,
        periodType: 'year',
        periodNumber: 1,
        amountAfterDiscount: '10.5',
        products: [{ productId: 'p-1', skuCode: 's-1', linearValue: 3 }],
      },
      buyer: {
        customerId: 'c-1',
        customerName: '演示',
        userId: 'u-1',
        userName: 'sub',
        mobilePhone: '13800000000',
        email: 'user@example.com',
      },
      extendParams: [{ name: 'domain', value: 'acme' }],
    });
  });

  test('lacks what was not sent, cannot be opened or is not readable', () => {
    const least = purchase();
    expect(least).toStrictEqual({
      orderId: 'o-1',
      orderType: 'NEW',
      line: { orderLineId: '', chargingMode: 'UNKNOWN', products: [{ productId: 'p-1', skuCode: '' }] },
      buyer: { customerId: 'c-1', customerName: '' },
      extendParams: [],
    });
    expect(purchase({ mobilePhone: '13800000000', email: 'x', saasExtendParams: '!' })).toStrictEqual(least);
  });

  test.each([
    [{ chargingMode: '1' }, 'PERIOD'],
    [{ chargingMode: '3' }, 'ONE_TIME'],
    [{ chargingMode: '3', periodType: 'year' }, 'ONE_TIME'],
    [{ chargingMode: '0' }, '0'],
    [{ periodType: 'month' }, 'PERIOD'],
  ])('charges by %p as %s', (more, chargingMode) => {
    expect(purchase(more as Record<string, string>).line.chargingMode).toBe(chargingMode);
  });

  test('is a trial where the call says so', () => {
    expect(purchase({ trialFlag: '1' }).orderType).toBe('TRIAL');
  });

  test.each([
    [{ diskSize: '40', bandWidth: '5' }, 40],
    [{ bandWidth: '5' }, 5],
    [{ amount: '0', diskSize: '1' }, 0],
  ])('has of %p the linear value %d', (more, linearValue) => {
    expect(purchase(more as Record<string, string>).line.products).toEqual([
      { productId: 'p-1', skuCode: '', linearValue },
    ]);
  });

  test('of a renewal names the product only where the call does', () => {
    const parse = (more: Record<string, string>): Order => {
      const parameters = { instanceId: 'i', orderId: 'o-2', expireTime, ...more };
      const message = parseV1Message('refreshInstance', parameters);
      if (message.activity !== 'refreshInstance') throw new Error('not a renewal');
      return orderOfRenewal(message.told);
    };
    expect(parse({})).toStrictEqual({
      orderId: 'o-2',
      orderType: 'RENEW',
      line: { orderLineId: '', chargingMode: 'PERIOD', expiresAt, products: [] },
      extendParams: [],
    });
    const formal = parse({ trialToFormal: '1', productId: 'p-2' });
    expect(formal.orderType).toBe('TRIAL_TO_FORMAL');
    expect(formal.line.products).toStrictEqual([{ productId: 'p-2', skuCode: '' }]);
  });

  test('of an upgrade names the new specification', () => {
    const parameters = { instanceId: 'i', orderId: 'o-3', skuCode: 's-2', productId: 'p-2', amount: '20' };
    const message = parseV1Message('upgrade', parameters);
    if (message.activity !== 'upgradeInstance') throw new Error('not an upgrade');
    const order: Order = orderOfUpgrade(message.told);
    expect(order).toStrictEqual({
      orderId: 'o-3',
      orderType: 'CHANGE',
      line: {
        orderLineId: '',
        chargingMode: 'PERIOD',
        products: [{ productId: 'p-2', skuCode: 's-2', linearValue: 20 }],
      },
      extendParams: [],
    });
  });
});
