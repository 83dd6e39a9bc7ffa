import * as v from 'valibot';
import { type Amount, formatAmount, parseUsageValue } from './amount.ts';
import { type Period, parseUsageTime } from './period.ts';
import { type RefusedUsage, refuse } from './refusals.ts';

/** A report that has the right form. */
export interface UsageReport extends Period {
  readonly product: string;
  readonly instanceId: string;
  readonly value: Amount;
  /** The seller's own id. */
  readonly id: string;
  readonly packageInstanceId?: string;
}

const text = (name: string, most: number) =>
  v.pipe(
    v.string(`${name} is missing or no text`),
    v.trim(),
    v.minLength(1, `${name} is empty`),
    v.maxLength(most, `${name} is longer than ${most} characters`),
  );

/** Instance ids are `String(64)` to the marketplace. */
const Schema = v.object(
  {
    product: text('product', 64),
    instanceId: text('instanceId', 64),
    begin: text('begin', 64),
    end: text('end', 64),
    value: v.unknown(),
    id: text('id', 128),
    packageInstanceId: v.optional(text('packageInstanceId', 64)),
  },
  'a report is an object with product, instanceId, begin, end, value and id',
);

/** Reads what a seller's application reports: JSON, with times in UTC and the value as decimal text or number. */
export function readReport(input: unknown): UsageReport | RefusedUsage {
  const { success, output, issues } = v.safeParse(Schema, input, { abortEarly: true });
  if (!success) return refuse('malformed', issues[0].message);
  const { begin: from, end: to, value: given, packageInstanceId, ...rest } = output;
  const begin = parseUsageTime(from);
  const end = parseUsageTime(to);
  if (begin === undefined || end === undefined) {
    const [name, time] = begin === undefined ? ['begin', from] : ['end', to];
    return refuse('bad-time', `${name} is "${time}", but times are UTC to the second, such as 2025-09-01T08:00:00Z`);
  }
  const value = parseUsageValue(given);
  if (value === undefined) return refuse('bad-value', badValue(given));
  return { ...rest, begin, end, value, ...(packageInstanceId === undefined ? {} : { packageInstanceId }) };
}

export function badValue(given: unknown): string {
  return `value is ${JSON.stringify(given)}, but usage is above 0, below 100000000, with at most 4 decimals, such as "12.5"`;
}

/** Tells a readable report from a refusal. */
export function isReport(read: UsageReport | RefusedUsage): read is UsageReport {
  return !('outcome' in read);
}

/** The report as a seller would write it, for messages. */
export function describeReport({ value, id }: Pick<UsageReport, 'value' | 'id'>): string {
  return `${formatAmount(value)} (id ${id})`;
}
