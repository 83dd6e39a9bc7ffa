import { formatSdkDate, parseMarketplaceTime } from '../protocol/times.ts';

/** The interval that was metered, in Unix milliseconds at whole seconds: the marketplace's times have no fractions. */
export interface Period {
  readonly begin: number;
  readonly end: number;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?Z$/;
const COMPACT = /^(\d{8})T(\d{6})Z$/;

/** Reads `2025-09-01T08:00:00Z` or `20250901T080000Z`, always UTC and to the second; undefined for anything else. */
export function parseUsageTime(text: string): number | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) return parseMarketplaceTime([...iso.slice(1, 6), iso[6] ?? '00'].join(''));
  const [, date = '', time = ''] = COMPACT.exec(text) ?? [];
  return parseMarketplaceTime(date + time);
}

/** The sort key of the record of a period: in the order of time, and the same for the same period. */
export function periodKey({ begin, end }: Period): string {
  return `${formatSdkDate(begin)}#${formatSdkDate(end)}`;
}

/** The period that a sort key names; undefined if it is none as {@link periodKey} writes it. */
export function parsePeriodKey(sk: string): Period | undefined {
  const [first = '', second = '', ...more] = sk.split('#');
  const [begin, end] = [parseUsageTime(first), parseUsageTime(second)];
  if (begin === undefined || end === undefined || more.length > 0) return undefined;
  const period = { begin, end };
  return periodKey(period) === sk ? period : undefined;
}

/** The period as a seller would write it, for messages: `2025-09-01T08:00:00Z to 2025-09-01T09:00:00Z`. */
export function describePeriod({ begin, end }: Period): string {
  const [from, to] = [begin, end].map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z'));
  return `${from} to ${to}`;
}
