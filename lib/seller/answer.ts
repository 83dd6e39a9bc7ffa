import * as v from 'valibot';
import { type LicenseRefusalCode, RESULT_CODES, type RefusalCode } from '../protocol/result-codes.ts';
import type { SellerEvent } from './request.ts';

/**
 * The answers that a seller's server may give, event by event. Strict: an unknown member is more likely an error report sent
 * with status 200, or a misspelt name, than something to ignore.
 */
const text = v.pipe(v.string(), v.nonEmpty());
const Done = v.strictObject({});
const Failed = v.strictObject({
  failed: v.strictObject({ reason: v.pipe(text, v.description('500 characters are kept')) }),
});

/**
 * Lengths are those of the marketplace's fields. They stand here for the published schema alone: a longer text is found
 * where every seller's answer is checked, with a message that names the member.
 */
const upTo = (maxLength: number) => v.exactOptional(v.pipe(v.string(), v.metadata({ maxLength })));
const Access = v.strictObject({
  frontEndUrl: v.pipe(text, v.metadata({ maxLength: 512 })),
  adminUrl: upTo(512),
  userName: upTo(128),
  password: upTo(128),
  memo: upTo(1024),
});

const CODES = Object.keys(RESULT_CODES);
const resultMsg = v.exactOptional(v.pipe(v.string(), v.description('255 characters are kept')));
const Refused = v.strictObject({
  refused: v.strictObject({ resultCode: v.picklist(CODES.filter(isRefusalCode)), resultMsg }),
});

function isRefusalCode(code: string): code is RefusalCode {
  return !/^00000[0-4]$|^0009/.test(code);
}

const LicenseRefused = v.strictObject({
  refused: v.strictObject({ resultCode: v.picklist(CODES.filter(isLicenseRefusalCode)), resultMsg }),
});

function isLicenseRefusalCode(code: string): code is LicenseRefusalCode {
  return /^0009|^000005$|^000100$/.test(code);
}

const IssuedFile = v.strictObject({
  file: v.pipe(
    v.strictObject({
      name: v.pipe(text, v.metadata({ maxLength: 1024 }), v.description('with its ending, without slashes')),
      base64: v.pipe(text, v.base64(), v.description('the bytes of the file, at most 160 KB of them')),
    }),
    v.transform(({ name, base64 }) => ({ name, content: Buffer.from(base64, 'base64') })),
  ),
});

/** To issueLicense: the license as a text or a file, a refusal, or why it can never succeed. */
export const LicenseAnswer = v.union([v.strictObject({ license: text }), IssuedFile, LicenseRefused, Failed]);

/** To applyApikey: the customer's key, or a refusal. */
export const ApikeyAnswer = v.union([
  v.strictObject({ apikey: v.pipe(text, v.metadata({ maxLength: 1024 }), v.description('without blanks')) }),
  Refused,
]);

/** To provision: how the buyer gets in, a refusal, or why it can never succeed. */
export const ProvisionAnswer = v.union([v.strictObject({ access: Access }), Done, Refused, Failed]);

/** To renew, freeze, unfreeze, upgrade, release, orderNotified and erase: nothing, or why it can never succeed. */
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

/** To usage: what was used by now; `{}` from a server that does not handle the event means what was pushed. */
export const UsageAnswer = v.union([
  v.strictObject({
    usage: v.array(
      v.strictObject({
        instanceId: text,
        relatedInstanceId: v.exactOptional(v.pipe(text, v.metadata({ maxLength: 64 }))),
        value: v.union([v.number(), text]),
        at: v.exactOptional(
          v.pipe(
            v.string(),
            v.isoTimestamp(),
            v.transform((moment) => new Date(moment)),
          ),
        ),
        dashboardUrl: v.exactOptional(v.pipe(text, v.metadata({ maxLength: 512 }))),
      }),
    ),
  }),
  v.pipe(
    Done,
    v.transform(() => ({ usage: [] })),
  ),
]);

/** Which answers an event takes; `erase` takes those of a change: see http-erase.ts. */
export const ANSWERS = {
  provision: ProvisionAnswer,
  renew: ChangeAnswer,
  freeze: ChangeAnswer,
  unfreeze: ChangeAnswer,
  upgrade: ChangeAnswer,
  release: ChangeAnswer,
  canChange: PermissionAnswer,
  usage: UsageAnswer,
  issueLicense: LicenseAnswer,
  applyApikey: ApikeyAnswer,
  licenseRenewed: ChangeAnswer,
  licenseFrozen: ChangeAnswer,
  licenseUnfrozen: ChangeAnswer,
  licenseReleased: ChangeAnswer,
  orderNotified: ChangeAnswer,
  tenantChanged: ChangeAnswer,
  applicationChanged: ChangeAnswer,
  userChanged: ChangeAnswer,
  departmentChanged: ChangeAnswer,
  departmentsReplaced: ChangeAnswer,
} as const satisfies Record<Exclude<SellerEvent, 'erase'>, v.GenericSchema>;
