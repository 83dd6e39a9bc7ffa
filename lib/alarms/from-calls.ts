/** Findings in the counters of the marketplace's calls: lib/alarms/observations.ts. */
import type { Table } from '../table/table.ts';
import { dayOf, daysInARow, type FailedOrders, failedDays, HOURS, type Hour, OURS } from './delisting.ts';
import { hourOf, NOT_WOKEN, type Observed, readObserved, SLOW } from './observations.ts';
import type { RuleId, Sightings } from './rules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Hours in which counts may still come; older ones are read once. */
const OPEN_HOURS = 2;
/** Milliseconds after which outages of keys, and slow answers, count as over. */
const SHORT_MS = 15 * MINUTE_MS;
/** Milliseconds after which a refused call counts as over: the marketplace repeats a purchase each hour at least. */
const REPEAT_MS = 150 * MINUTE_MS;
/** Milliseconds within which a dial test follows another, with two hours to spare. */
export const SILENT_MS = 14 * HOUR_MS;
/** Calls with a wrong key within six hours. */
const WRONG_KEYS = 3;
const WRONG_KEY_HOURS = 6;
/** Slow answers within two hours. */
const SLOW_ANSWERS = 3;
/** Internal errors within two and a half hours: one may be a repeat's. */
const FAULTS = 3;
/** Sweeps within half an hour that found what something else should have woken. */
const LATE_SWEEPS = 2;
/** Failed orders in a month; the marketplace delists from the sixth on. */
const FAILED_ORDERS = 3;
/** Days in a row on which dial tests failed; the marketplace freezes trading on the fifth. */
const FAILED_DAYS = 2;

/** Hours of products that have been read, by product and hour; kept by a process as long as it lives. */
export type History = Map<string, Observed>;

/** A product as the rules of its calls know it. */
export interface Watched {
  readonly id: string;
  /** Dial tests come while it is. */
  readonly onSale: boolean;
}

/** Reads what has been counted since the last time. */
export async function readHistory(
  table: Table,
  products: readonly Watched[],
  now: number,
  history: History,
): Promise<void> {
  const last = hourOf(now);
  const hours = Array.from({ length: HOURS }, (_, back) => last - back);
  const wanted = products.flatMap(({ id: product }) => hours.map((hour) => ({ product, hour })));
  const missing = wanted.filter(({ product, hour }) => hour > last - OPEN_HOURS || !history.has(`${product} ${hour}`));
  const read = await readObserved(table, missing);
  for (const { product, hour } of missing) {
    const id = `${product} ${hour}`;
    history.set(id, read.get(id) ?? new Map());
  }
  for (const id of history.keys()) if (Number(id.split(' ')[1]) <= last - HOURS) history.delete(id);
}

/** Looks at the counters of a product. @param isOpen says whether the alarm of a rule rings for the product already */
export function lookAtCalls(
  { id: product, onSale }: Watched,
  history: History,
  now: number,
  found: Sightings,
  isOpen: (rule: RuleId) => boolean,
): void {
  const hours = hoursOf(product, history, now);
  const seen = (name: string, withinMs: number) => sum(hours, name, now - withinMs);
  const add = (rule: RuleId, group: string, { count, firstAt }: Sum) =>
    found.add(rule, group, { since: firstAt, count });

  const gone = seen('keys-gone', SHORT_MS);
  if (gone.count > 0) add('keys-unavailable', product, gone);
  const wrong = seen('wrong-key', WRONG_KEY_HOURS * HOUR_MS);
  if (wrong.count >= WRONG_KEYS) add('wrong-key', product, wrong);
  const slow = seen(SLOW, 2 * HOUR_MS);
  if (slow.count >= SLOW_ANSWERS && slow.lastAt > now - SHORT_MS) add('slow-answers', product, slow);
  for (const code of OURS) {
    const real = seen(`real_${code}`, REPEAT_MS);
    if (real.count >= (code === '000005' ? FAULTS : 1)) add('call-refused', `${product} ${code}`, real);
    const test = seen(`test_${code}`, SILENT_MS);
    if (test.count > 0) add('dial-test-refused', `${product} ${code}`, test);
  }
  const verified = seen('verified', HOURS * HOUR_MS);
  const isSilent = verified.count > 0 ? verified.lastAt <= now - SILENT_MS : isOpen('silent');
  if (onSale && isSilent) found.add('silent', product, { since: Math.max(verified.lastAt, now - HOURS * HOUR_MS) });
  const late = seen(NOT_WOKEN, 2 * SHORT_MS);
  if (late.count >= LATE_SWEEPS) add('not-woken', product, late);
}

/** Looks at the figures that take a product off sale. */
export function lookAtDelisting(
  { id: product }: Watched,
  history: History,
  orders: FailedOrders,
  now: number,
  found: Sightings,
): void {
  const failed = orders.get(product) ?? 0;
  if (failed >= FAILED_ORDERS) found.add('delisting', `${product} orders`, { since: now, count: failed });
  const inARow = daysInARow(failedDays(hoursOf(product, history, now)), dayOf(hourOf(now)));
  if (inARow >= FAILED_DAYS) found.add('delisting', `${product} dial tests`, { since: now, count: inARow });
}

function hoursOf(product: string, history: History, now: number): readonly Hour[] {
  const last = hourOf(now);
  return Array.from({ length: HOURS }, (_, back) => last - back).map((hour) => ({
    hour,
    observed: history.get(`${product} ${hour}`) ?? new Map(),
  }));
}

interface Sum {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Adds up the hours that a counter was counted in since a moment. */
function sum(hours: readonly Hour[], name: string, since: number): Sum {
  const counters = hours.flatMap(({ observed }) => observed.get(name) ?? []).filter(({ lastAt }) => lastAt > since);
  return {
    count: counters.reduce((all, { count }) => all + count, 0),
    firstAt: Math.min(...counters.map(({ lastAt }) => lastAt)),
    lastAt: Math.max(0, ...counters.map(({ lastAt }) => lastAt)),
  };
}
