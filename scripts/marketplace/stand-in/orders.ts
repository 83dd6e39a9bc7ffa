/*
 * The orders that the stand-in knows: the marketplace's documented mock orders, orders that a test registers, and a
 * plausible order for every other number, guessed from the number itself.
 */

/** An order as the order query gives it out (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html). */
export interface OrderInfo {
  readonly orderId: string;
  readonly orderType: string;
  readonly createTime: string;
  readonly orderLine: readonly {
    readonly orderLineId: string;
    readonly chargingMode: string;
    readonly expireTime?: string;
    readonly periodType?: string;
    readonly periodNumber?: number;
    readonly currency?: string;
    readonly currencyAfterDiscount?: string;
    readonly productInfo: readonly {
      readonly productId: string;
      readonly skuCode: string;
      readonly linearValue?: number;
      readonly productName?: string;
    }[];
  }[];
  readonly buyerInfo?: {
    readonly customerId: string;
    readonly customerName: string;
    readonly mobilePhone?: string;
    readonly email?: string;
    readonly userId?: string;
    readonly userName?: string;
  };
  readonly extendParams?: readonly { readonly name: string; readonly value: string }[];
}

/** What distinguishes one order from another of the stand-in. */
export interface OrderTraits {
  readonly orderType: string;
  readonly chargingMode: string;
  readonly skuCode?: string;
  readonly linearValue?: number;
}

const periodic = (orderType: string): OrderTraits => ({ orderType, chargingMode: 'PERIOD' });

/** The marketplace's own mock orders; "MONTY" is its spelling. */
export const MOCK_ORDERS: Readonly<Record<string, OrderTraits>> = {
  MOCKPERIODYEARNEW: periodic('NEW'),
  MOCKONETIMENEW: { orderType: 'NEW', chargingMode: 'ONE_TIME' },
  MOCKONDEMAND: { orderType: 'NEW', chargingMode: 'ON_DEMAND' },
  MOCKONDEMANDPKG: { orderType: 'NEW', chargingMode: 'ON_DEMAND_PKG' },
  MOCKPERIODDAYTRIAL: periodic('TRIAL'),
  MOCKMONTYTRIALTOFORMAL: periodic('TRIAL_TO_FORMAL'),
  MOCKMONTYUNSUBSCRIBE: periodic('UNSUBSCRIBE'),
  MOCKMONTYRENEW: periodic('RENEW'),
  MOCKMONTYCHANGE: periodic('CHANGE'),
};

/** Endings of other order numbers that say what kind of order is meant; anything else is a new yearly order. */
const ENDINGS: readonly (readonly [RegExp, OrderTraits])[] = [
  [/(TRIALTOFORMAL|FORMAL)$/, periodic('TRIAL_TO_FORMAL')],
  [/TRIAL$/, periodic('TRIAL')],
  [/(UNSUBSCRIBE|REFND|REFUND)$/, periodic('UNSUBSCRIBE')],
  [/(RENEW|RENEWAL)$/, periodic('RENEW')],
  [/(CHANGE|UPGRD|UPGRADE)$/, { ...periodic('CHANGE'), skuCode: 'demo-sku-large', linearValue: 20 }],
  [/ONETIME$/, { orderType: 'NEW', chargingMode: 'ONE_TIME' }],
  [/ONDEMAND$/, { orderType: 'NEW', chargingMode: 'ON_DEMAND' }],
  [/ONDEMANDPKG$/, { orderType: 'NEW', chargingMode: 'ON_DEMAND_PKG' }],
];

/** The stand-in's orders. */
export interface OrderBook {
  /** From now on the order has these traits. */
  register(orderId: string, traits: OrderTraits): void;
  find(orderId: string, orderLineId: string | undefined, now: number): OrderInfo;
}

export function createOrderBook(): OrderBook {
  const registered = new Map(Object.entries(MOCK_ORDERS));
  return {
    register: (orderId, traits) => registered.set(orderId, traits),
    find: (orderId, orderLineId, now) => {
      const guessed = ENDINGS.find(([ending]) => ending.test(orderId.toUpperCase()))?.[1];
      return describe(orderId, orderLineId, registered.get(orderId) ?? guessed ?? periodic('NEW'), now);
    },
  };
}

const DAY = 86_400_000;

/** An order made a minute ago, with a buyer whose data nobody else has. */
function describe(orderId: string, orderLineId: string | undefined, traits: OrderTraits, now: number): OrderInfo {
  const { orderType, chargingMode, skuCode = 'demo-sku-small', linearValue = 10 } = traits;
  const trial = orderType === 'TRIAL';
  const term = trial
    ? { expireTime: utc(now + 7 * DAY), periodType: 'day', periodNumber: 7 }
    : { expireTime: utc(now + 365 * DAY), periodType: 'year', periodNumber: 1 };
  const money =
    orderType === 'UNSUBSCRIBE'
      ? { currencyAfterDiscount: '-900' }
      : { currency: '1000', currencyAfterDiscount: '900' };
  return {
    orderId,
    orderType,
    createTime: utc(now - 60_000),
    orderLine: [
      {
        orderLineId: orderLineId ?? `${orderId}-000001`,
        chargingMode,
        ...(chargingMode === 'PERIOD' || chargingMode === 'ON_DEMAND_PKG' ? term : {}),
        ...(trial ? { currency: '0', currencyAfterDiscount: '0' } : money),
        productInfo: [{ productId: 'demo-product-year', skuCode, linearValue, productName: 'Demo' }],
      },
    ],
    buyerInfo: {
      customerId: 'demo-customer-1',
      customerName: 'demo',
      mobilePhone: '10000000000',
      email: 'buyer@example.com',
      userId: 'demo-user-1',
      userName: 'buyer',
    },
    extendParams: [{ name: 'site', value: 'north' }],
  };
}

/** yyyyMMddHHmmss, UTC. */
function utc(time: number): string {
  return new Date(time).toISOString().replace(/\D/g, '').slice(0, 14);
}
