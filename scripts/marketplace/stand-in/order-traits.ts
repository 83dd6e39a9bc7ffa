import * as v from 'valibot';

/* Traits that distinguish one order of the stub from another; everything left out is that of a plain order. */

const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1_024));
const amount = v.pipe(v.string(), v.regex(/^-?\d{1,18}(\.\d{1,8})?$/, 'a decimal number as a text'));
const time = v.pipe(v.string(), v.regex(/^\d{14}$/, 'a UTC time of 14 digits, yyyyMMddHHmmss'));

export const ORDER_TYPES = ['NEW', 'TRIAL', 'TRIAL_TO_FORMAL', 'UNSUBSCRIBE', 'RENEW', 'CHANGE'] as const;
export const CHARGING_MODES = ['PERIOD', 'ONE_TIME', 'ON_DEMAND', 'ON_DEMAND_PKG'] as const;
export const PERIOD_TYPES = ['year', 'month', 'day'] as const;

const traitsSchema = v.strictObject({
  orderType: v.optional(v.picklist(ORDER_TYPES), 'NEW'),
  chargingMode: v.optional(v.picklist(CHARGING_MODES), 'PERIOD'),
  productId: v.exactOptional(text),
  productName: v.exactOptional(text),
  skuCode: v.exactOptional(text),
  /** Amount of what is counted: seats, gigabytes. */
  linearValue: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** List amount; the deal amount is the same unless told. A refund shows the deal amount alone, negative. */
  amount: v.exactOptional(amount),
  amountAfterDiscount: v.exactOptional(amount),
  periodType: v.exactOptional(v.picklist(PERIOD_TYPES)),
  periodNumber: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  createTime: v.exactOptional(time),
  expireTime: v.exactOptional(time),
  buyer: v.exactOptional(
    v.strictObject({
      customerId: v.exactOptional(text),
      customerName: v.exactOptional(text),
      mobilePhone: v.exactOptional(text),
      email: v.exactOptional(text),
      userId: v.exactOptional(text),
      userName: v.exactOptional(text),
    }),
  ),
  /** Answers of the purchase form, by name. */
  extendParams: v.exactOptional(v.record(text, v.string())),
});

export type OrderTraits = v.InferOutput<typeof traitsSchema>;
export type OrderDraft = v.InferInput<typeof traitsSchema>;

/** Reads the traits of an order. @throws Error that names the member */
export function readTraits(value: unknown): OrderTraits {
  return read(traitsSchema, value);
}

/** Reads the orders of a file by their numbers. @throws Error that names the member */
export function readOrders(value: unknown): Readonly<Record<string, OrderTraits>> {
  return read(v.record(v.pipe(text, v.maxLength(64)), traitsSchema), value);
}

function read<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const { success, issues, output } = v.safeParse(schema, value);
  if (success) return output;
  const [issue] = issues;
  throw new Error(
    `${v.getDotPath(issue) ?? 'the order'}: expected ${issue.expected ?? issue.message}, found ${issue.received}`,
  );
}
