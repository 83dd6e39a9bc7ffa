import * as v from 'valibot';
import type { Family, KeyClass } from '../call.ts';
import { checkMembers } from '../check-members.ts';
import { id, time } from '../message-fields.ts';
import { isTestCall } from '../messages.ts';
import { text } from './fields.ts';

/**
 * License 1.0: GET with `authToken`, as V1.0. The parameters of refreshLicense and expireLicense are documented nowhere
 * and taken to be those of refreshInstance and expireInstance.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000001353181669.html,
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000001353261785.html
 */
const license1 = { keyClass: 'license', family: 'license-1' } as const;

/** Every activity of License 1.0: the family it belongs to, and the class of key that must have signed it. */
export const LICENSE1_ACTIVITIES = {
  getLicense: license1,
  refreshLicense: license1,
  expireLicense: license1,
  releaseLicense: license1,
} as const satisfies Record<string, { keyClass: KeyClass; family: Family }>;

export type License1ActivityName = keyof typeof LICENSE1_ACTIVITIES;

/** Checks whether the value of `activity` is one of License 1.0's. */
export function isLicense1Activity(value: unknown): value is License1ActivityName {
  return typeof value === 'string' && Object.hasOwn(LICENSE1_ACTIVITIES, value);
}

const SCHEMAS = {
  getLicense: v.object({
    orderId: id,
    customerId: id,
    customerName: text,
    businessId: text,
    productId: v.exactOptional(id),
    expireTime: v.exactOptional(time),
  }),
  refreshLicense: v.object({
    instanceId: id,
    orderId: id,
    productId: v.exactOptional(id),
    expireTime: time,
  }),
  expireLicense: v.object({ instanceId: id }),
  releaseLicense: v.object({ instanceId: id, orderId: id }),
} as const satisfies Record<License1ActivityName, v.GenericSchema<unknown, object>>;

/** A checked call of one activity; `expireTime` in Unix milliseconds. */
export type License1MessageOf<A extends License1ActivityName> = Readonly<
  { activity: A; testFlag: boolean } & v.InferOutput<(typeof SCHEMAS)[A]>
>;

/** A checked call of any activity; `activity` tells which. */
export type License1Message = { [A in License1ActivityName]: License1MessageOf<A> }[License1ActivityName];

/**
 * The typed message of a call's decoded parameters.
 * @throws Refusal 000002 that names the first parameter which is missing or not as documented.
 */
export function parseLicense1Message<A extends License1ActivityName>(
  activity: A,
  parameters: Readonly<Record<string, string>>,
): License1MessageOf<A> {
  return { activity, testFlag: isTestCall(parameters), ...checkMembers(SCHEMAS[activity], parameters) };
}
