import * as v from 'valibot';
import type { Family, KeyClass } from './call.ts';
import { checkMembers } from './check-members.ts';
import { id, idList, productInfo, time } from './message-fields.ts';
import { Refusal } from './refusal.ts';

/**
 * The calls of the marketplace: who may make them, and what they hold. Unknown members are ignored; null and the empty
 * text count as absent.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html (newInstance) and …428
 * (queryInstance), …429 (refreshInstance), …430 (updateInstanceStatus), …431 (releaseInstance), …432 (upgradeInstance);
 * …/zh-cn_topic_0000002411753620.html (changeInstanceCheck), …/zh-cn_topic_0000002091799153.html (orderNotify);
 * https://support.huaweicloud.com/usermanual-marketplace/zh-cn_topic_0000002624968699.html (applyApikey).
 */

const base = { keyClass: 'base', family: 'saas-v2' } as const;

/** Every activity that is understood: the family it belongs to, and the class of key that must have signed it. */
export const ACTIVITIES = {
  newInstance: base,
  queryInstance: base,
  refreshInstance: base,
  updateInstanceStatus: base,
  releaseInstance: base,
  upgradeInstance: base,
  changeInstanceCheck: base,
  orderNotify: { keyClass: 'general', family: 'order-notify' },
  applyApikey: { keyClass: 'base', family: 'maas' },
} as const satisfies Record<string, { keyClass: KeyClass; family: Family }>;

export type ActivityName = keyof typeof ACTIVITIES;

/** Checks whether the value of `activity` is one of the list. */
export function isActivity(value: unknown): value is ActivityName {
  return typeof value === 'string' && Object.hasOwn(ACTIVITIES, value);
}

const order = { orderId: id, orderLineId: id };
const instance = { instanceId: id };

const SCHEMAS = {
  newInstance: v.object({
    ...order,
    businessId: v.exactOptional(v.string('must be a text')), // another one in every delivery: good for the log alone
    productId: v.exactOptional(id),
  }),
  queryInstance: v.pipe(
    v.object({ instanceId: idList }),
    v.transform(({ instanceId }) => ({ instanceIds: instanceId })),
  ),
  refreshInstance: v.pipe(
    v.object({
      ...instance,
      ...order,
      scene: v.picklist(
        ['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE'],
        'must be TRIAL_TO_FORMAL, RENEWAL, UNSUBSCRIBE_RENEWAL_PERIOD or RENEWAL_CHANGE',
      ),
      productId: v.exactOptional(id),
      expireTime: time,
    }),
    v.transform(({ expireTime, ...rest }) => ({ ...rest, expiresAt: expireTime })),
  ),
  updateInstanceStatus: v.object({
    ...instance,
    status: v.picklist(['FREEZE', 'UNFREEZE'], 'must be FREEZE or UNFREEZE'),
  }),
  releaseInstance: v.object({ ...instance, orderId: v.exactOptional(id), orderLineId: v.exactOptional(id) }),
  upgradeInstance: v.object({ ...instance, ...order }),
  changeInstanceCheck: v.pipe(
    v.object({ ...instance, productInfo }),
    v.transform(({ instanceId, productInfo: target }) => ({ instanceId, target })),
  ),
  orderNotify: v.object(order),
  applyApikey: v.object({
    chargingMode: v.literal('ON_DEMAND', 'must be ON_DEMAND'),
    customerId: id,
    customerName: v.exactOptional(v.string('must be a text')),
  }),
} as const satisfies Record<ActivityName, v.GenericSchema<unknown, object>>;

/** A checked call of one activity. Times are Unix milliseconds. */
export type MessageOf<A extends ActivityName> = Readonly<
  { activity: A; testFlag: boolean } & v.InferOutput<(typeof SCHEMAS)[A]>
>;

/** A checked call of any activity; `activity` tells which. */
export type Message = { [A in ActivityName]: MessageOf<A> }[ActivityName];

/**
 * The typed message of a body.
 * @throws Refusal 000002 that names the first member which is missing or not as documented.
 */
export function parseMessage<A extends ActivityName>(
  activity: A,
  body: Readonly<Record<string, unknown>>,
): MessageOf<A> {
  const members: v.InferOutput<(typeof SCHEMAS)[A]> = checkMembers(SCHEMAS[activity], body);
  return { activity, testFlag: isTestCall(body), ...members };
}

/**
 * Tells a debugging call or dial test, to be answered without touching real data, from a real call.
 * @throws Refusal 000002 if `testFlag` says neither yes nor no: a guess could provision or lose a real purchase.
 */
export function isTestCall(body: Readonly<Record<string, unknown>>): boolean {
  switch (body.testFlag) {
    case '1':
    case 1:
      return true;
    case '0':
    case 0:
    case '':
    case null:
    case undefined:
      return false;
    default:
      throw new Refusal('000002', 'testFlag must be "0" or "1"');
  }
}
