import type { Buyer, Order } from '../../lib/seller/contract.ts';

/** Details of an order; the rest is that of a plain yearly subscription. */
export interface OrderDetails {
  /** Of an order that is there already: that order, whatever else is said. */
  readonly orderId?: string;
  readonly orderType?: Order['orderType'];
  readonly chargingMode?: Order['line']['chargingMode'];
  /** One specification for one kind of period. */
  readonly productId?: string;
  /** The specification. */
  readonly skuCode?: string;
  readonly productName?: string;
  /** `linearValue` of the order line: seats, gigabytes … */
  readonly seats?: number;
  readonly periodType?: 'year' | 'month' | 'day';
  readonly periodNumber?: number;
  /** End of the period, if it is not the period from now on. */
  readonly expiresAt?: Date;
  /** List amount, a decimal text. */
  readonly amount?: string;
  readonly amountAfterDiscount?: string;
  /** Members that differ from the usual buyer; null for an order that tells none. */
  readonly buyer?: Partial<Buyer> | null;
  /** Answers of the purchase form, by name. */
  readonly extendParams?: Readonly<Record<string, string>>;
  /** The marketplace never shows the order, as with some withdrawn renewals. */
  readonly isHidden?: boolean;
}

/** The orders that the marketplace of a test has, and gives out when KooGate asks for them. */
export interface OrderBook {
  /** Adds an order and returns it as a hook will see it. */
  place(details?: OrderDetails): Order;
  /** The order of that id, unless it is not there or hidden. */
  find(orderId: string): Order | undefined;
}

const BUYER: Buyer = {
  customerId: 'customer-1',
  customerName: 'Example Ltd',
  mobilePhone: '13800000000',
  email: 'buyer@example.com',
  userId: 'user-1',
  userName: 'buyer',
};

/** An empty book. @param clock Unix milliseconds */
export function createOrderBook(clock: () => number): OrderBook {
  const orders = new Map<string, { readonly order: Order; readonly isHidden: boolean }>();
  return {
    place(details = {}) {
      const { orderId = `CS${String(orders.size + 1).padStart(8, '0')}`, isHidden = false } = details;
      const order = orders.get(orderId)?.order ?? newOrder(orderId, details, clock());
      orders.set(orderId, { order, isHidden });
      return structuredClone(order);
    },
    find(orderId) {
      const found = orders.get(orderId);
      return found === undefined || found.isHidden ? undefined : structuredClone(found.order);
    },
  };
}

/** The details of an order, to make another of: the same product, amount, period and buyer. */
export function detailsOf({ line, buyer }: Order): OrderDetails {
  const [product] = line.products;
  const { periodType, periodNumber } = line;
  return {
    chargingMode: line.chargingMode,
    ...(product === undefined ? {} : { productId: product.productId, skuCode: product.skuCode }),
    ...(product?.linearValue === undefined ? {} : { seats: product.linearValue }),
    ...(product?.productName === undefined ? {} : { productName: product.productName }),
    ...(isPeriod(periodType) ? { periodType } : {}),
    ...(periodNumber === undefined ? {} : { periodNumber }),
    buyer: buyer ?? null,
  };
}

/** The moment a period ends that begins at `from`, Unix milliseconds. */
export function endOfPeriod(from: number, type: OrderDetails['periodType'] = 'year', number = 1): Date {
  const end = new Date(from);
  if (type === 'year') end.setUTCFullYear(end.getUTCFullYear() + number);
  if (type === 'month') end.setUTCMonth(end.getUTCMonth() + number);
  if (type === 'day') end.setUTCDate(end.getUTCDate() + number);
  end.setUTCMilliseconds(0); // the marketplace tells whole seconds
  return end;
}

function newOrder(orderId: string, details: OrderDetails, now: number): Order {
  const { orderType = 'NEW', chargingMode = 'PERIOD', buyer = {}, extendParams = {} } = details;
  const { productId = 'product-1', skuCode = 'sku-1', productName, seats, amount, amountAfterDiscount } = details;
  const { periodType = 'year', periodNumber = 1, expiresAt = endOfPeriod(now, periodType, periodNumber) } = details;
  return {
    orderId,
    orderType,
    createdAt: new Date(now),
    line: {
      orderLineId: `${orderId}-000001`,
      chargingMode,
      ...(chargingMode === 'PERIOD' ? { expiresAt, periodType, periodNumber } : {}),
      ...(amount === undefined ? {} : { amount }),
      ...(amountAfterDiscount === undefined ? {} : { amountAfterDiscount }),
      products: [
        {
          productId,
          skuCode,
          ...(seats === undefined ? {} : { linearValue: seats }),
          ...(productName === undefined ? {} : { productName }),
        },
      ],
    },
    ...(buyer === null ? {} : { buyer: { ...BUYER, ...buyer } }),
    extendParams: Object.entries(extendParams).map(([name, value]) => ({ name, value })),
  };
}

function isPeriod(text: string | undefined): text is 'year' | 'month' | 'day' {
  return text === 'year' || text === 'month' || text === 'day';
}
