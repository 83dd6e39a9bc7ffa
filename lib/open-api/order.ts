import * as v from 'valibot';
import { parseMarketplaceTime } from '../protocol/times.ts';
import type { Order } from '../seller/contract.ts';

/**
 * The order query's answer, read tolerantly: unknown members are dropped, null and '' count as absent, numbers may come
 * as text and the other way round, since the field tables and the examples disagree.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html
 */
const text = v.pipe(v.string(), v.nonEmpty());
const absent = v.pipe(
  v.union([v.null(), v.undefined(), v.literal('')]),
  v.transform(() => undefined),
);
const optionalText = v.union([absent, text, v.pipe(v.number(), v.transform(String))]);
const optionalNumber = v.union([
  absent,
  v.pipe(v.number(), v.finite()),
  v.pipe(v.string(), v.trim(), v.nonEmpty(), v.transform(Number), v.finite()),
]);
/** `yyyyMMddHHmmss`, UTC. A time that cannot be read is left out rather than losing the order. */
const optionalTime = v.pipe(
  optionalText,
  v.transform((value) => {
    const time = value === undefined ? undefined : parseMarketplaceTime(value);
    return time === undefined ? undefined : new Date(time);
  }),
);
const list = <S extends v.GenericSchema>(item: S) => v.nullish(v.array(item), []);

const Product = v.object({
  productId: text,
  skuCode: text,
  linearValue: v.optional(optionalNumber),
  productName: v.optional(optionalText),
});

const Line = v.object({
  orderLineId: text,
  chargingMode: text,
  expireTime: v.optional(optionalTime),
  periodType: v.optional(optionalText),
  periodNumber: v.optional(optionalNumber),
  currency: v.optional(optionalText),
  currencyAfterDiscount: v.optional(optionalText),
  productInfo: list(Product),
});

const Buyer = v.object({
  customerId: text,
  customerName: v.optional(v.nullish(v.string())),
  mobilePhone: v.optional(optionalText),
  email: v.optional(optionalText),
  userId: v.optional(optionalText),
  userName: v.optional(optionalText),
});

const ExtendParam = v.object({ name: text, value: v.optional(v.nullish(v.union([v.string(), v.number()]))) });

/** The schema of `orderInfo`. */
export const OrderInfo = v.object({
  orderId: text,
  orderType: text,
  createTime: v.optional(optionalTime),
  orderLine: list(Line),
  buyerInfo: v.optional(v.nullish(Buyer)),
  extendParams: list(ExtendParam),
});
export type OrderInfo = v.InferOutput<typeof OrderInfo>;

/** The order in the contract's words, with the line the call was about. */
export function toOrder(info: OrderInfo, line: OrderInfo['orderLine'][number]): Order {
  const { buyerInfo, createTime, extendParams } = info;
  return {
    orderId: info.orderId,
    orderType: info.orderType,
    ...present({ createdAt: createTime }),
    line: {
      orderLineId: line.orderLineId,
      chargingMode: line.chargingMode,
      ...present({
        expiresAt: line.expireTime,
        periodType: line.periodType,
        periodNumber: line.periodNumber,
        amount: line.currency,
        amountAfterDiscount: line.currencyAfterDiscount,
      }),
      products: line.productInfo.map(({ productId, skuCode, linearValue, productName }) => ({
        productId,
        skuCode,
        ...present({ linearValue, productName }),
      })),
    },
    ...(buyerInfo ? { buyer: toBuyer(buyerInfo) } : {}),
    extendParams: extendParams.map(({ name, value }) => ({ name, value: String(value ?? '') })),
  };
}

function toBuyer(buyer: v.InferOutput<typeof Buyer>): NonNullable<Order['buyer']> {
  const { customerId, customerName, mobilePhone, email, userId, userName } = buyer;
  return { customerId, customerName: customerName ?? '', ...present({ mobilePhone, email, userId, userName }) };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out members without a value: an absent member and one that is `undefined` are not the same to JSON's readers. */
function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
