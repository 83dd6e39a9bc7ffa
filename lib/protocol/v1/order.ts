import { decryptText, type EncryptType } from './cipher.ts';
import { decodeExtendParams, type ExtendParam } from './extend-params.ts';
import { NO_LINE, type ToldPurchase, type ToldRenewal, type ToldUpgrade } from './messages.ts';

/**
 * The order inside a V1.0 call, in the shape in which V2.0 sellers get theirs from the order query, so that one hook
 * serves both. V1.0 tells no order type, no list price and no time of order.
 */
export interface ToldOrder {
  readonly orderId: string;
  readonly orderType: 'NEW' | 'TRIAL' | 'TRIAL_TO_FORMAL' | 'RENEW' | 'CHANGE';
  readonly line: ToldLine;
  readonly buyer?: ToldBuyer;
  readonly extendParams: readonly ExtendParam[];
}

export interface ToldLine {
  readonly orderLineId: string;
  readonly chargingMode: string;
  readonly expiresAt?: Date;
  readonly periodType?: string;
  readonly periodNumber?: number;
  /** The amount really paid, a decimal text. */
  readonly amountAfterDiscount?: string;
  readonly products: readonly ToldProduct[];
}

export interface ToldProduct {
  readonly productId: string;
  readonly skuCode: string;
  /** The first of {@link LinearValues} that was bought. */
  readonly linearValue?: number;
}

/** Bought amounts by the marketplace's names: number, gigabytes, megabits per second. */
export interface LinearValues {
  readonly amount?: number;
  readonly diskSize?: number;
  readonly bandWidth?: number;
}

export interface ToldBuyer {
  readonly customerId: string;
  readonly customerName: string;
  readonly mobilePhone?: string;
  readonly email?: string;
  readonly userId?: string;
  readonly userName?: string;
}

/** Access key and encryption type that decrypt the marketplace's sensitive values. */
export interface Opener {
  readonly accessKey: string;
  readonly encryptType: EncryptType;
}

/**
 * Periodic, one-time: the two values of `chargingMode` that a page names. Others are passed on as they are.
 * Source: https://www.huaweicloud.com/guide/productsdesc-bms_a12abd4b773c6986be9fefa1046acb8esupport0
 */
const CHARGING_MODES: ReadonlyMap<string, string> = new Map([
  ['1', 'PERIOD'],
  ['3', 'ONE_TIME'],
]);

/** The order of a purchase; a phone or e-mail that cannot be opened is left out. */
export function orderOfPurchase(told: ToldPurchase, opener: Opener): ToldOrder {
  return {
    orderId: told.orderId,
    orderType: told.trialFlag ? 'TRIAL' : 'NEW',
    line: {
      orderLineId: NO_LINE,
      chargingMode: chargingModeOf(told),
      ...(told.expireTime === undefined ? {} : { expiresAt: new Date(told.expireTime) }),
      ...periodOf(told),
      products: [productOf(told.productId, told.skuCode, told)],
    },
    buyer: buyerOf(told, opener),
    extendParams: extendParamsOf(told),
  };
}

/** The order of a renewal or of a trial's conversion. The product is named only if the kind of period changed. */
export function orderOfRenewal(told: ToldRenewal): ToldOrder {
  return {
    orderId: told.orderId,
    orderType: told.trialToFormal ? 'TRIAL_TO_FORMAL' : 'RENEW',
    line: {
      orderLineId: NO_LINE,
      chargingMode: 'PERIOD',
      expiresAt: new Date(told.expireTime),
      ...periodOf(told),
      products: told.productId === undefined ? [] : [productOf(told.productId, undefined, {})],
    },
    extendParams: [],
  };
}

/** The order of an upgrade; its line names the new specification. */
export function orderOfUpgrade(told: ToldUpgrade): ToldOrder {
  return {
    orderId: told.orderId,
    orderType: 'CHANGE',
    line: {
      orderLineId: NO_LINE,
      chargingMode: 'PERIOD', // only periodic products can be upgraded
      ...periodOf(told),
      products: [productOf(told.productId, told.skuCode, told)],
    },
    extendParams: extendParamsOf(told),
  };
}

function chargingModeOf({ chargingMode, periodType }: ToldPurchase): string {
  if (chargingMode !== undefined) return CHARGING_MODES.get(chargingMode) ?? chargingMode;
  return periodType === undefined ? 'UNKNOWN' : 'PERIOD'; // a period is not sent for one-time purchases
}

function periodOf(told: {
  readonly periodType?: string;
  readonly periodNumber?: number;
  readonly orderAmount?: string;
}): Pick<ToldLine, 'periodType' | 'periodNumber' | 'amountAfterDiscount'> {
  const { periodType, periodNumber, orderAmount } = told;
  return {
    ...(periodType === undefined ? {} : { periodType }),
    ...(periodNumber === undefined ? {} : { periodNumber }),
    ...(orderAmount === undefined ? {} : { amountAfterDiscount: orderAmount }),
  };
}

function productOf(productId: string, skuCode: string | undefined, linear: LinearValues): ToldProduct {
  const linearValue = linear.amount ?? linear.diskSize ?? linear.bandWidth;
  return { productId, skuCode: skuCode ?? '', ...(linearValue === undefined ? {} : { linearValue }) };
}

function buyerOf(told: ToldPurchase, { accessKey, encryptType }: Opener): ToldBuyer {
  const { customerId, customerName = '', userId, userName } = told;
  const open = (wire: string | undefined) =>
    wire === undefined ? undefined : decryptText(accessKey, wire, encryptType);
  const mobilePhone = open(told.mobilePhone);
  const email = open(told.email);
  return {
    customerId,
    customerName,
    ...(mobilePhone === undefined ? {} : { mobilePhone }),
    ...(email === undefined ? {} : { email }),
    ...(userId === undefined ? {} : { userId }),
    ...(userName === undefined ? {} : { userName }),
  };
}

function extendParamsOf({ saasExtendParams }: { readonly saasExtendParams?: string }): readonly ExtendParam[] {
  // Stryker disable next-line ConditionalExpression: for the type checker; what is absent would not be readable either
  return saasExtendParams === undefined ? [] : (decodeExtendParams(saasExtendParams) ?? []);
}
