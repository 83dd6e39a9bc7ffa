import type { OrderShelf } from './order-shelf.ts';
import type { OrderTraits } from './order-traits.ts';

/*
 * The orders that the stand-in knows: the marketplace's documented mock orders, orders of its own, which a command, a page, a
 * test or a file has made, and a plausible order for every other number, guessed from the number itself.
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

const periodic = (orderType: OrderTraits['orderType']): OrderTraits => ({ orderType, chargingMode: 'PERIOD' });

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
  /** Numbers of the orders of its own. */
  own(): readonly string[];
}

/** @param shelf where orders of its own are kept */
export function createOrderBook(shelf: OrderShelf): OrderBook {
  return {
    register: (orderId, traits) => shelf.put(orderId, traits),
    own: () => Object.keys(shelf.all()),
    find: (orderId, orderLineId, now) => {
      const guessed = ENDINGS.find(([ending]) => ending.test(orderId.toUpperCase()))?.[1];
      const known = { ...MOCK_ORDERS, ...shelf.all() };
      const traits = (Object.hasOwn(known, orderId) ? known[orderId] : guessed) ?? periodic('NEW');
      return describe(orderId, orderLineId, traits, now);
    },
  };
}

const DAY = 86_400_000;
const DAYS = { year: 365, month: 30, day: 1 } as const;

/** Order of a minute ago unless told, with a buyer whose data nobody else has. */
function describe(orderId: string, orderLineId: string | undefined, traits: OrderTraits, now: number): OrderInfo {
  const { orderType, chargingMode, buyer, extendParams = { site: 'north' } } = traits;
  const {
    productId = 'demo-product-year',
    skuCode = 'demo-sku-small',
    linearValue = 10,
    productName = 'Demo',
  } = traits;
  const ends = chargingMode === 'PERIOD' || chargingMode === 'ON_DEMAND_PKG';
  return {
    orderId,
    orderType,
    createTime: traits.createTime ?? utc(now - 60_000),
    orderLine: [
      {
        orderLineId: orderLineId ?? `${orderId}-000001`,
        chargingMode,
        ...(ends && termOf(traits, now)),
        ...moneyOf(traits),
        productInfo: [{ productId, skuCode, linearValue, productName }],
      },
    ],
    buyerInfo: {
      customerId: 'demo-customer-1',
      customerName: 'demo',
      mobilePhone: '10000000000',
      email: 'buyer@example.com',
      userId: 'demo-user-1',
      userName: 'buyer',
      ...buyer,
    },
    extendParams: Object.entries(extendParams).map(([name, value]) => ({ name, value })),
  };
}

function termOf(traits: OrderTraits, now: number) {
  const { periodType = traits.orderType === 'TRIAL' ? 'day' : 'year' } = traits;
  const { periodNumber = traits.orderType === 'TRIAL' ? 7 : 1 } = traits;
  const expireTime = traits.expireTime ?? utc(now + periodNumber * DAYS[periodType] * DAY);
  return { expireTime, periodType, periodNumber };
}

/** Amounts as the order query shows them: a refund has no amount of its own, and its deal amount is negative. */
function moneyOf({ orderType, amount, amountAfterDiscount }: OrderTraits) {
  const trial = orderType === 'TRIAL';
  const deal = amountAfterDiscount ?? amount ?? (trial ? '0' : '900');
  if (orderType === 'UNSUBSCRIBE') return { currencyAfterDiscount: deal.startsWith('-') ? deal : `-${deal}` };
  return { currency: amount ?? (trial ? '0' : '1000'), currencyAfterDiscount: deal };
}

/** yyyyMMddHHmmss, UTC. */
function utc(time: number): string {
  return new Date(time).toISOString().replace(/\D/g, '').slice(0, 14);
}
