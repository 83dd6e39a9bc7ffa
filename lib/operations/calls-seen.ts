/** Readings of the counters of a product's calls: lib/alarms/observations.ts. */
import { dayOf, daysInARow, failedDays, HOURS, type Hour } from '../alarms/delisting.ts';
import { BUCKETS_MS, hourOf, type Observed, readObserved } from '../alarms/observations.ts';
import type { Table } from '../table/table.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Calls of one hour. */
export interface HourOfCalls {
  /** Begin of the hour, Unix milliseconds. */
  readonly from: number;
  /** Calls whose signature held. */
  readonly verified: number;
  /** Calls that proved nothing: signed with a key that is not ours, out of time, or not readable. */
  readonly unverified: number;
  /** Verified calls by result code: real ones, and tests. */
  readonly codes: { readonly real: Readonly<Record<string, number>>; readonly test: Readonly<Record<string, number>> };
  /** Verified calls by the time they took, quickest first; the last bucket has no upper end. */
  readonly latency: readonly { readonly upToMs?: number; readonly count: number }[];
}

/** The newest debugging call or dial test, and how it was answered. */
export interface DialTest {
  /** Unix milliseconds. */
  readonly at: number;
  readonly resultCode: string;
}

/** One day in Beijing, where the marketplace counts. */
export interface DayOfTests {
  /** `2026-11-30`. */
  readonly day: string;
  /** Debugging calls and dial tests that were answered. */
  readonly tests: number;
  /** One of them was refused, or a timely call bore a key that is not ours. */
  readonly isFailed: boolean;
}

/** Use of an access key within the last five days. Times are Unix milliseconds. */
export interface KeyUse {
  readonly keyClass: string;
  readonly fingerprint: string;
  /** It stands first in the list of its class, as far as the calls tell. */
  readonly isNewest: boolean;
  /** Hour in which it verified first, within five days. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Since when an older key may be removed: the newest had verified alone for a day. Absent: it may not. */
  readonly removableSince?: number;
}

/** Reads the counters of a product's last five days, the newest hour first: 120 small items. */
export async function readHours(table: Table, product: string, now: number): Promise<readonly Hour[]> {
  const last = hourOf(now);
  const hours = Array.from({ length: HOURS }, (_, back) => last - back);
  const read = await readObserved(
    table,
    hours.map((hour) => ({ product, hour })),
  );
  return hours.map((hour) => ({ hour, observed: read.get(`${product} ${hour}`) ?? new Map<string, never>() }));
}

/** The calls of the last 24 hours, oldest hour first; the hour that runs is the last. */
export function callsOf(hours: readonly Hour[]): readonly HourOfCalls[] {
  return hours
    .slice(0, 24)
    .toReversed()
    .map(({ hour, observed }) => {
      const count = (name: string) => observed.get(name)?.count ?? 0;
      return {
        from: hour * HOUR_MS,
        verified: count('verified'),
        unverified: count('wrong-key') + count('keys-gone') + count('unproven'),
        codes: { real: codesOf(observed, 'real_'), test: codesOf(observed, 'test_') },
        latency: [
          ...BUCKETS_MS.map((upToMs) => ({ upToMs, count: count(`ms_${upToMs}`) })),
          { count: count('ms_more') },
        ],
      };
    });
}

function codesOf(observed: Observed, prefix: string): Readonly<Record<string, number>> {
  const named = [...observed].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, { count }]) => [name.slice(prefix.length), count]).toSorted());
}

/** The newest test within five days. */
export function lastDialTest(hours: readonly Hour[]): DialTest | undefined {
  const tests = hours.flatMap(({ observed }) =>
    [...observed].flatMap(([name, { lastAt: at }]) =>
      name.startsWith('test_') ? [{ at, resultCode: name.slice('test_'.length) }] : [],
    ),
  );
  return tests.toSorted((a, b) => b.at - a.at).at(0);
}

/** Five days of dial tests, the oldest first, and how many in a row up to now have failed. */
export function testDays(
  hours: readonly Hour[],
  now: number,
): { readonly days: readonly DayOfTests[]; readonly inARow: number } {
  const today = dayOf(hourOf(now));
  const failed = failedDays(hours);
  const days = Array.from({ length: HOURS / 24 }, (_, index) => today - HOURS / 24 + 1 + index).map((day) => ({
    day: new Date(day * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length),
    tests: hours
      .filter(({ hour }) => dayOf(hour) === day)
      .flatMap(({ observed }) => Object.values(codesOf(observed, 'test_')))
      .reduce((all, count) => all + count, 0),
    isFailed: failed.has(day),
  }));
  return { days, inARow: daysInARow(failed, today) };
}

/** Access keys that verified calls within five days, by class and newest first. */
export function keysOf(hours: readonly Hour[]): readonly KeyUse[] {
  const uses = new Map<string, Use>();
  for (const { hour, observed } of hours) for (const use of usesIn(hour, observed)) join(uses, use);
  const all = [...uses.values()].toSorted(byAge);
  return all.map(({ newestAt: _, ...use }) => {
    const newest = all.find(({ keyClass }) => keyClass === use.keyClass) ?? use;
    const isNewest = newest.fingerprint === use.fingerprint;
    const since = isNewest ? undefined : removableSince(newest, use.lastAt);
    return { ...use, isNewest, ...(since !== undefined && { removableSince: since }) };
  });
}

/**
 * Since when a key may be removed that verified last at `lastAt`: a day after that, if the newest key has verified since.
 * Dial tests come twice a day, so a day with the newest alone says that the marketplace knows the older one no more.
 */
export function removableSince(newest: Pick<KeyUse, 'firstAt' | 'lastAt'>, lastAt: number): number | undefined {
  const since = Math.max(newest.firstAt, lastAt) + DAY_MS;
  return newest.lastAt >= since ? since : undefined;
}

interface Use extends Omit<KeyUse, 'isNewest' | 'removableSince'> {
  /** When it verified last as the first of its class. */
  readonly newestAt: number;
}

function usesIn(hour: number, observed: Observed): readonly Use[] {
  return [...observed].flatMap(([name, { lastAt }]) => {
    const [, keyClass = '', age, fingerprint = ''] = /^key_(.+)_(\d+)_(\w+)$/.exec(name) ?? [];
    const newestAt = age === '0' ? lastAt : 0;
    return age === undefined ? [] : [{ keyClass, fingerprint, firstAt: hour * HOUR_MS, lastAt, newestAt }];
  });
}

function join(uses: Map<string, Use>, use: Use): void {
  const id = `${use.keyClass} ${use.fingerprint}`;
  const known = uses.get(id) ?? use;
  uses.set(id, {
    ...use,
    firstAt: Math.min(known.firstAt, use.firstAt),
    lastAt: Math.max(known.lastAt, use.lastAt),
    newestAt: Math.max(known.newestAt, use.newestAt),
  });
}

/** The key that stood first last is the newest; behind it come those that were seen last. */
function byAge(a: Use, b: Use): number {
  return a.keyClass.localeCompare(b.keyClass) || b.newestAt - a.newestAt || b.lastAt - a.lastAt;
}
