import * as v from 'valibot';
import type { Family, KeyClass } from '../call.ts';
import { checkMembers } from '../check-members.ts';
import { id, time } from '../message-fields.ts';
import { isTestCall } from '../messages.ts';
import { parseLicenseTime } from './times.ts';

/**
 * The calls about licences: License 2.0 tells what became of a code that the marketplace made; the online License, beside
 * the calls of SaaS V2.0, asks for a licence of the seller's.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649167.html (refreshLicenseCode),
 * …168 (updateLicenseCodeStatus), …169 (releaseLicenseCode), …255 (getLicenseAsync)
 */

const code = { keyClass: 'license', family: 'license-2' } as const;

/** Every activity about licences: the family it belongs to, and the class of key that must have signed it. */
export const LICENSE_ACTIVITIES = {
  refreshLicenseCode: code,
  updateLicenseCodeStatus: code,
  releaseLicenseCode: code,
  getLicenseAsync: { keyClass: 'base', family: 'license-online' },
} as const satisfies Record<string, { keyClass: KeyClass; family: Family }>;

export type LicenseActivityName = keyof typeof LICENSE_ACTIVITIES;

/** Checks whether the value of `activity` is one about licenses. */
export function isLicenseActivity(value: unknown): value is LicenseActivityName {
  return typeof value === 'string' && Object.hasOwn(LICENSE_ACTIVITIES, value);
}

/** Most bytes of a device fingerprint: the interface says 1024 characters, but the SDK makes up to 5 KB. */
export const MAX_FINGERPRINT_BYTES = 5 * 1024;

const licenseTime = v.pipe(
  v.string('must be a text'),
  v.transform(parseLicenseTime),
  v.number('must be a UTC time of the form yyyy-MM-dd HH:mm:ss z or yyyyMMddHHmmss'),
);

const SCHEMAS = {
  refreshLicenseCode: v.pipe(
    v.object({
      license: id,
      scene: v.picklist(['RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD'], 'must be RENEWAL or UNSUBSCRIBE_RENEWAL_PERIOD'),
      orderId: id,
      orderLineId: id,
      productId: v.exactOptional(id),
      expireTime: time,
    }),
    v.transform(({ expireTime, ...rest }) => ({ ...rest, expiresAt: expireTime })),
  ),
  updateLicenseCodeStatus: v.object({
    license: id,
    status: v.picklist(['FREEZE', 'UNFREEZE'], 'must be FREEZE or UNFREEZE'),
  }),
  releaseLicenseCode: v.object({ license: id, orderId: v.exactOptional(id), orderLineId: v.exactOptional(id) }),
  getLicenseAsync: v.pipe(
    v.object({
      instanceId: id,
      eventId: id,
      effectiveTime: licenseTime,
      expireTime: v.exactOptional(licenseTime),
      deviceFingerprint: v.optional(
        v.pipe(v.string('must be a text'), v.maxBytes(MAX_FINGERPRINT_BYTES, 'must have at most 5 KB')),
        '', // part of the licence's key, so absent and empty are one
      ),
    }),
    v.transform(({ effectiveTime, expireTime, ...rest }) => ({
      ...rest,
      effectiveAt: effectiveTime,
      ...(expireTime === undefined ? {} : { expiresAt: expireTime }),
    })),
  ),
} as const satisfies Record<LicenseActivityName, v.GenericSchema<unknown, object>>;

/** A checked call of one activity. Times are Unix milliseconds. */
export type LicenseMessageOf<A extends LicenseActivityName> = Readonly<
  { activity: A; testFlag: boolean } & v.InferOutput<(typeof SCHEMAS)[A]>
>;

/** A checked call of any activity; `activity` tells which. */
export type LicenseMessage = { [A in LicenseActivityName]: LicenseMessageOf<A> }[LicenseActivityName];

/**
 * The typed message of a verified body.
 * @throws Refusal 000002 that names the first member which is missing or not as documented.
 */
export function parseLicenseMessage<A extends LicenseActivityName>(
  activity: A,
  body: Readonly<Record<string, unknown>>,
): LicenseMessageOf<A> {
  const members: v.InferOutput<(typeof SCHEMAS)[A]> = checkMembers(SCHEMAS[activity], body);
  return { activity, testFlag: isTestCall(body), ...members };
}
