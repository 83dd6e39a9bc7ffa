import * as v from 'valibot';
import { formatMillis } from '../protocol/times.ts';
import { formatAmount, parseAmount } from './amount.ts';
import type { UsageShown } from './usage-info.ts';

/** Ten-thousandths that the field has room for: Double(12,4). */
const LARGEST = parseAmount('99999999.9999') ?? 0n;

const amount = v.pipe(
  v.union([v.number(), v.string()]),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const read = parseAmount(String(dataset.value));
    if (read !== undefined && read <= LARGEST) return Number(formatAmount(read));
    addIssue({ message: 'a decimal of at most eight digits and four decimals' });
    return NEVER;
  }),
);

/** Lengths: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html */
const answerSchema = v.object({
  usage: v.array(
    v.object({
      instanceId: v.string(),
      relatedInstanceId: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(64))),
      value: amount,
      at: v.optional(v.date()),
      dashboardUrl: v.optional(v.pipe(v.string(), v.maxLength(512), v.url(), v.startsWith('https://'))),
    }),
  ),
});

/**
 * Reads what the hook `usage` answered, by instance. Instances that were not asked about are left out.
 * @param now moment that amounts without one are true of, Unix milliseconds
 * @throws Error that names the members that are wrong
 */
export function readUsed(
  answer: unknown,
  asked: ReadonlySet<string>,
  now: number,
): ReadonlyMap<string, readonly UsageShown[]> {
  const parsed = v.safeParse(answerSchema, answer);
  if (!parsed.success) {
    const members = [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? ''))].filter((path) => path !== '');
    throw new Error(
      `usage has to answer { usage: [{ instanceId, value, … }] }; check ${members.join(', ') || 'usage'}.`,
    );
  }
  const shown = new Map<string, UsageShown[]>();
  for (const { instanceId, relatedInstanceId, value, at, dashboardUrl } of parsed.output.usage) {
    if (!asked.has(instanceId)) continue;
    const entry = {
      ...(relatedInstanceId === undefined ? {} : { relatedInstanceId }),
      usageValue: value,
      statisticalTime: formatMillis(at?.getTime() ?? now),
      ...(dashboardUrl === undefined ? {} : { dashboardUrl }),
    };
    shown.set(instanceId, [...(shown.get(instanceId) ?? []), entry]);
  }
  return shown;
}
