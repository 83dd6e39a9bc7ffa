import * as v from 'valibot';
import type { Family, KeyClass } from '../call.ts';
import { checkMembers } from '../check-members.ts';
import { id, idList, time } from '../message-fields.ts';
import { isTestCall, type MessageOf } from '../messages.ts';
import { count, flag, money, text } from './fields.ts';

/**
 * The activities of V1.0. Each becomes the message of its V2.0 twin, so that one handler serves both; what V1.0 tells in
 * the call itself, where V2.0 has the seller ask for the order, comes beside it as `told`. V1.0 knows no order lines: an
 * order's line is the empty text.
 * Sources: https://support.huaweicloud.com/intl/zh-cn/accessg-marketplace/zh-cn_topic_0070649013.html (newInstance),
 * https://support.huaweicloud.com/intl/en-us/accessg-marketplace/en-us_topic_0070649014.html (refreshInstance), …055.html
 * (expireInstance), …056.html (releaseInstance), …069.html (instanceStatus),
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000001297828992.html (upgrade),
 * https://www.huaweicloud.com/guide/productsdesc-bms_060db51ae71c39d28dad95398f778bedsupport0 (queryInstance)
 */

const v1 = { keyClass: 'base', family: 'saas-v1' } as const;

/** Every activity of V1.0: the family it belongs to, and the class of key that must have signed it. */
export const V1_ACTIVITIES = {
  newInstance: v1,
  queryInstance: v1,
  refreshInstance: v1,
  expireInstance: v1,
  instanceStatus: v1,
  releaseInstance: v1,
  upgrade: v1,
} as const satisfies Record<string, { keyClass: KeyClass; family: Family }>;

export type V1ActivityName = keyof typeof V1_ACTIVITIES;

/** Checks whether the value of `activity` is one of V1.0's. */
export function isV1Activity(value: unknown): value is V1ActivityName {
  return typeof value === 'string' && Object.hasOwn(V1_ACTIVITIES, value);
}

/** The order line of orders that have none. */
export const NO_LINE = '';

const linear = { amount: count, diskSize: count, bandWidth: count };
const period = { periodType: text, periodNumber: count, orderAmount: money };
const buyer = { customerId: id, customerName: text, userId: text, userName: text, mobilePhone: text, email: text };

const SCHEMAS = {
  newInstance: v.object({
    ...buyer,
    ...linear,
    ...period,
    orderId: id,
    productId: id,
    businessId: text,
    skuCode: text,
    trialFlag: flag,
    expireTime: v.exactOptional(time),
    chargingMode: text,
    provisionType: text,
    saasExtendParams: text,
  }),
  refreshInstance: v.object({
    ...period,
    orderId: id,
    instanceId: id,
    productId: v.exactOptional(id),
    expireTime: time,
    trialToFormal: flag,
  }),
  expireInstance: v.object({ instanceId: id }),
  instanceStatus: v.object({
    instanceId: id,
    instanceStatus: v.picklist(['FREEZE', 'NORMAL'], 'must be FREEZE or NORMAL'),
  }),
  releaseInstance: v.object({ instanceId: id, orderId: id }),
  upgrade: v.object({
    ...linear,
    instanceId: id,
    orderId: id,
    skuCode: id,
    productId: id,
    orderAmount: money,
    saasExtendParams: text,
  }),
  queryInstance: v.object({ instanceId: idList }),
} as const satisfies Record<V1ActivityName, v.GenericSchema<unknown, object>>;

type Parsed<A extends V1ActivityName> = Readonly<v.InferOutput<(typeof SCHEMAS)[A]>>;

/** Content of a V1.0 purchase, times in Unix milliseconds; `mobilePhone` and `email` are cipher texts. */
export type ToldPurchase = Parsed<'newInstance'>;

/** Content of a V1.0 renewal. */
export type ToldRenewal = Parsed<'refreshInstance'>;

/** Content of a V1.0 upgrade. */
export type ToldUpgrade = Parsed<'upgrade'>;

/** Reason of a freeze: a renewal may lift `expired`, only an instanceStatus NORMAL lifts `status`. */
export type FreezeReason = 'expired' | 'status';

/** A checked V1.0 call; `activity` is that of its V2.0 twin. */
export type V1Message =
  | (MessageOf<'newInstance'> & { readonly told: ToldPurchase })
  | (MessageOf<'refreshInstance'> & { readonly told: ToldRenewal })
  | (MessageOf<'updateInstanceStatus'> & { readonly reason: FreezeReason })
  | (MessageOf<'upgradeInstance'> & { readonly told: ToldUpgrade })
  | MessageOf<'releaseInstance'>
  | MessageOf<'queryInstance'>;

/**
 * The typed message of a call's decoded parameters.
 * @throws Refusal 000002 that names the first parameter which is missing or not as documented.
 */
export function parseV1Message(activity: V1ActivityName, parameters: Readonly<Record<string, string>>): V1Message {
  return READERS[activity](parameters, isTestCall(parameters));
}

type Reader = (parameters: Readonly<Record<string, string>>, testFlag: boolean) => V1Message;

const READERS: Readonly<Record<V1ActivityName, Reader>> = {
  newInstance: (parameters, testFlag) => {
    const told = checkMembers(SCHEMAS.newInstance, parameters);
    const { orderId, productId, businessId } = told;
    return {
      activity: 'newInstance',
      testFlag,
      orderId,
      orderLineId: NO_LINE,
      productId,
      ...(businessId === undefined ? {} : { businessId }),
      told,
    };
  },
  refreshInstance: (parameters, testFlag) => {
    const told = checkMembers(SCHEMAS.refreshInstance, parameters);
    const { instanceId, orderId, productId, expireTime, trialToFormal } = told;
    return {
      activity: 'refreshInstance',
      testFlag,
      instanceId,
      orderId,
      orderLineId: NO_LINE,
      scene: trialToFormal ? 'TRIAL_TO_FORMAL' : 'RENEWAL',
      expiresAt: expireTime,
      ...(productId === undefined ? {} : { productId }),
      told,
    };
  },
  expireInstance: (parameters, testFlag) => {
    const { instanceId } = checkMembers(SCHEMAS.expireInstance, parameters);
    return { activity: 'updateInstanceStatus', testFlag, instanceId, status: 'FREEZE', reason: 'expired' };
  },
  instanceStatus: (parameters, testFlag) => {
    const { instanceId, instanceStatus } = checkMembers(SCHEMAS.instanceStatus, parameters);
    const status = instanceStatus === 'FREEZE' ? 'FREEZE' : 'UNFREEZE';
    return { activity: 'updateInstanceStatus', testFlag, instanceId, status, reason: 'status' };
  },
  releaseInstance: (parameters, testFlag) => {
    const { instanceId, orderId } = checkMembers(SCHEMAS.releaseInstance, parameters);
    return { activity: 'releaseInstance', testFlag, instanceId, orderId };
  },
  upgrade: (parameters, testFlag) => {
    const told = checkMembers(SCHEMAS.upgrade, parameters);
    const { instanceId, orderId } = told;
    return { activity: 'upgradeInstance', testFlag, instanceId, orderId, orderLineId: NO_LINE, told };
  },
  queryInstance: (parameters, testFlag) => {
    const { instanceId } = checkMembers(SCHEMAS.queryInstance, parameters);
    return { activity: 'queryInstance', testFlag, instanceIds: instanceId };
  },
};
