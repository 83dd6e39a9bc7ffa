import * as v from 'valibot';
import { RESULT_CODES, type RefusalCode } from '../protocol/result-codes.ts';
import type { Access } from '../seller/contract.ts';

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
const RefusedSchema = v.strictObject({
  refused: v.object({
    resultCode: v.custom<RefusalCode>(isRefusalCode),
    resultMsg: v.optional(
      v.pipe(
        v.string(),
        v.transform((text) => text.slice(0, 255)),
      ),
    ),
  }),
});
const ProvisionedSchema = v.strictObject({ access: AccessSchema });

const NOT_FOR_SELLERS: readonly string[] = ['000000', '000001', '000002', '000003', '000004'];

/** What a hook said, in one form for all hooks. */
export type HookAnswer =
  | { readonly kind: 'done'; readonly access?: Access }
  | { readonly kind: 'refused'; readonly resultCode: RefusalCode; readonly resultMsg: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Thrown when a hook answers something that the contract does not have; the attempt has failed then. */
export class Nonsense extends Error {
  override readonly name = 'Nonsense';
}

/** What `provision` answered. @throws Nonsense */
export function readProvisioned(answer: unknown): HookAnswer {
  const parsed = v.safeParse(v.union([ProvisionedSchema, RefusedSchema, FailedSchema]), answer);
  if (!parsed.success) throw nonsense('provision', '{ access }, { refused } or { failed }', parsed.issues);
  const { output } = parsed;
  if ('access' in output) return { kind: 'done', access: dropUndefined(output.access) };
  if ('failed' in output) return { kind: 'failed', reason: output.failed.reason };
  const { resultCode, resultMsg } = output.refused;
  return { kind: 'refused', resultCode, resultMsg: resultMsg ?? RESULT_CODES[resultCode] };
}

/** What any other hook answered: nothing, or that it failed for good. @throws Nonsense */
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
  return typeof code === 'string' && Object.hasOwn(RESULT_CODES, code) && !NOT_FOR_SELLERS.includes(code);
}

function dropUndefined(access: v.InferOutput<typeof AccessSchema>): Access {
  return JSON.parse(JSON.stringify(access));
}
