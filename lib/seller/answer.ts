import * as v from 'valibot';
import { isResultCode, type LicenseRefusalCode, type RefusalCode } from '../protocol/result-codes.ts';

/**
 * What a seller's server may answer, event by event. Strict: an unknown member is more likely an error report sent
 * with status 200, or a misspelt name, than something to ignore.
 */
const text = v.pipe(v.string(), v.nonEmpty());
const Done = v.strictObject({});
const Failed = v.strictObject({ failed: v.strictObject({ reason: text }) });
const Access = v.strictObject({
  frontEndUrl: text,
  adminUrl: v.exactOptional(v.string()),
  userName: v.exactOptional(v.string()),
  password: v.exactOptional(v.string()),
  memo: v.exactOptional(v.string()),
});
const Refused = v.strictObject({
  refused: v.strictObject({
    resultCode: v.custom<RefusalCode>(isRefusalCode, 'no result code for refusals'),
    resultMsg: v.exactOptional(v.string()),
  }),
});

function isRefusalCode(value: unknown): boolean {
  return isResultCode(value) && !/^00000[0-4]$|^0009/.test(value);
}

const LicenseRefused = v.strictObject({
  refused: v.strictObject({
    resultCode: v.custom<LicenseRefusalCode>(isLicenseRefusalCode, 'no result code for applications'),
    resultMsg: v.exactOptional(v.string()),
  }),
});

function isLicenseRefusalCode(value: unknown): boolean {
  return isResultCode(value) && /^0009|^000005$|^000100$/.test(value);
}

/** To issueLicense: the licence, a refusal, or why it can never succeed. */
export const LicenseAnswer = v.union([v.strictObject({ license: text }), LicenseRefused, Failed]);

/** To provision: how the buyer gets in, a refusal, or why it can never succeed. */
export const ProvisionAnswer = v.union([v.strictObject({ access: Access }), Done, Refused, Failed]);

/** To renew, freeze, unfreeze, upgrade, release and orderNotified: nothing, or why it can never succeed. */
export const ChangeAnswer = v.union([
  v.pipe(
    Done,
    v.transform((): void => undefined),
  ),
  Failed,
]);

/** To canChange: yes or no; `{}` from a server that does not handle the event means yes. */
export const PermissionAnswer = v.union([
  v.strictObject({ allowed: v.boolean(), reason: v.exactOptional(v.string()) }),
  v.pipe(
    Done,
    v.transform(() => ({ allowed: true })),
  ),
]);
