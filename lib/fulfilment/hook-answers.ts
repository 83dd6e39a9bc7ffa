import * as v from 'valibot';
import { type Encrypting, mostCredentialBytes } from '../config/credential-scheme.ts';
import { MAX_FILE_NAME } from '../open-api/upload-limits.ts';
import { isResultCode, type LicenseRefusalCode, RESULT_CODES, type RefusalCode } from '../protocol/result-codes.ts';
import type { Access } from '../seller/contract.ts';
import { type KeptFile, LicenseTooLarge, MAX_LICENSE_BYTES } from './license-file.ts';

/** Characters of a reason that are kept. */
const REASON = 500;

const upTo = (length: number) => v.optional(v.pipe(v.string(), v.maxLength(length)));
const reason = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, REASON)),
);

/** Lengths: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html */
const AccessSchema = v.object({
  frontEndUrl: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
  adminUrl: upTo(512),
  userName: upTo(128),
  password: upTo(128),
  memo: upTo(1024),
});

const FailedSchema = v.strictObject({ failed: v.object({ reason }) });
const resultMsg = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text.slice(0, 255)),
  ),
);
const RefusedSchema = v.strictObject({
  refused: v.object({ resultCode: v.custom<RefusalCode>(isRefusalCode), resultMsg }),
});
const LicenseRefusedSchema = v.strictObject({
  refused: v.object({ resultCode: v.custom<LicenseRefusalCode>(isLicenseRefusalCode), resultMsg }),
});
const IssuedSchema = v.strictObject({ license: v.pipe(v.string(), v.nonEmpty()) });
const fileName = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(MAX_FILE_NAME),
  v.check((name) => !/[/\\\r\n]/.test(name)),
);
const IssuedFileSchema = v.strictObject({
  file: v.strictObject({ name: fileName, base64: v.pipe(v.string(), v.nonEmpty()) }),
});

/** Answer of a hook, in one form for all hooks. */
export type HookAnswer =
  | { readonly kind: 'done'; readonly access?: Access; readonly license?: string | KeptFile }
  | { readonly kind: 'refused'; readonly resultCode: RefusalCode | LicenseRefusalCode; readonly resultMsg: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Thrown when a hook answers something that the contract does not have; the attempt has failed then. */
export class Nonsense extends Error {
  override readonly name = 'Nonsense';
}

/** Reads the answer of `provision`. @throws Nonsense */
export function readProvisioned(answer: unknown, product: ProvisionedProduct): HookAnswer {
  const most = mostCredentialBytes(product);
  const access = Number.isFinite(most) ? shortAccess(most) : AccessSchema;
  const isLicense = product.families.every((family) => family.startsWith('license-') || family === 'order-notify');
  const done = isLicense ? v.strictObject({ access: v.optional(access) }) : v.strictObject({ access });
  const parsed = v.safeParse(v.union([done, RefusedSchema, FailedSchema]), answer);
  if (!parsed.success) {
    const limit = Number.isFinite(most) ? ` (user name and password have at most ${most} bytes once encrypted)` : '';
    throw nonsense('provision', `{ access }${limit}, { refused } or { failed }`, parsed.issues);
  }
  const { output } = parsed;
  if ('refused' in output) return refusal(output.refused);
  if ('failed' in output) return { kind: 'failed', reason: output.failed.reason };
  return output.access === undefined ? { kind: 'done' } : { kind: 'done', access: dropUndefined(output.access) };
}

/** Settings of a product that decide how its `provision` may answer. */
type ProvisionedProduct = Encrypting;

/** A longer text could not be encrypted, or would not fit its field; said now and not when the marketplace asks. */
function shortAccess(most: number) {
  const text = v.optional(
    v.pipe(
      v.string(),
      v.maxLength(128),
      v.check((given) => Buffer.byteLength(given) <= most),
    ),
  );
  return v.object({ ...AccessSchema.entries, userName: text, password: text });
}

/** Answer of `issueLicense`, its file read; a seller without it gives nothing. @throws Nonsense */
export function readIssued(answer: unknown): HookAnswer {
  const parsed = v.safeParse(v.union([IssuedSchema, IssuedFileSchema, LicenseRefusedSchema, FailedSchema]), answer);
  if (!parsed.success) {
    throw nonsense(
      'issueLicense',
      '{ license }, { file: { name, content } }, { refused } or { failed }',
      parsed.issues,
    );
  }
  const { output } = parsed;
  if ('refused' in output) return refusal(output.refused);
  if ('failed' in output) return { kind: 'failed', reason: output.failed.reason };
  if ('file' in output) return { kind: 'done', license: output.file };
  if (Buffer.byteLength(output.license) > MAX_LICENSE_BYTES) throw new LicenseTooLarge();
  return { kind: 'done', license: output.license };
}

/** Characters that a header takes; a key travels in one. */
const ApikeySchema = v.strictObject({ apikey: v.pipe(v.string(), v.regex(/^[!-~]{1,1024}$/)) });

/** Answer of `applyApikey`: a customer's key or a refusal; a seller without it gives nothing. @throws Nonsense */
export function readApikey(answer: unknown): { readonly apikey: string } | Extract<HookAnswer, { kind: 'refused' }> {
  const parsed = v.safeParse(v.union([ApikeySchema, RefusedSchema]), answer);
  if (!parsed.success) throw nonsense('applyApikey', '{ apikey } without blanks, or { refused }', parsed.issues);
  return 'refused' in parsed.output ? refusal(parsed.output.refused) : parsed.output;
}

function refusal(refused: {
  resultCode: RefusalCode | LicenseRefusalCode;
  resultMsg?: string | undefined;
}): Extract<HookAnswer, { kind: 'refused' }> {
  const { resultCode, resultMsg } = refused;
  return { kind: 'refused', resultCode, resultMsg: resultMsg ?? RESULT_CODES[resultCode] };
}

/** Reads the answer of any other hook: nothing, or that it failed for good. @throws Nonsense */
export function readDone(hook: string, answer: unknown): HookAnswer {
  if (answer === undefined || answer === null) return { kind: 'done' };
  const parsed = v.safeParse(FailedSchema, answer);
  if (!parsed.success) throw nonsense(hook, 'nothing or { failed }', parsed.issues);
  return { kind: 'failed', reason: parsed.output.failed.reason };
}

/** Names the members that are wrong, never their values: they may be credentials. */
function nonsense(hook: string, expected: string, issues: readonly v.BaseIssue<unknown>[]): Nonsense {
  const paths = issues.flatMap(function inner(issue): string[] {
    return [v.getDotPath(issue) ?? '', ...(issue.issues ?? []).flatMap(inner)];
  });
  const members = [...new Set(paths)].filter((path) => path !== '').join(', ');
  return new Nonsense(`${hook} has to answer ${expected}${members === '' ? '' : `; check ${members}`}.`);
}

function isRefusalCode(code: unknown): boolean {
  return isResultCode(code) && !/^00000[0-4]$|^0009/.test(code);
}

function isLicenseRefusalCode(code: unknown): boolean {
  return isResultCode(code) && /^0009|^000005$|^000100$/.test(code);
}

function dropUndefined(access: v.InferOutput<typeof AccessSchema>): Access {
  return JSON.parse(JSON.stringify(access));
}
