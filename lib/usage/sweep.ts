/**
 * Pushes what is due: once for everything, or for one instance before it is released.
 *
 * Nothing is claimed and nothing is marked before a push: a record stays due until the marketplace's answer has been
 * written down, and pushing it twice, one after the other or at the same time, is one push to the marketplace. So a
 * worker may die at any moment, and several may run. Records are read a page at a time and dropped when they are
 * settled, so memory does not grow with what waits.
 */
import { readItems } from '../instances/read.ts';
import type { WriteOptions } from '../instances/write.ts';
import { formatSdkDate } from '../protocol/times.ts';
import { adoptWritten } from './adopt.ts';
import type { UsageDependencies } from './dependencies.ts';
import { duePages, recordPages } from './due.ts';
import type { UsageRecord, WrittenReport } from './item.ts';
import { USAGE_SHARDS, usagePartition } from './keys.ts';
import type { Period } from './period.ts';
import { type Budget, DIVIDING_PUSHES, pushAll } from './push.ts';
import { isWritten } from './records.ts';
import { DAY, OLDEST } from './rules.ts';
import { settle, type Tally } from './settle.ts';
import { eachOf, groupsOf } from './side-by-side.ts';

/** Milliseconds that must be left for another push and for writing down its answer. */
const ENOUGH_MS = 60_000;
/** Records held at a time at most, in batches: products wait for their batch to fill. */
const HELD_BATCHES = 4;
/** Pushes of a product that fail one after another before the rest of its records is left to the next run. */
const FAILURES = 2;
/** A record this old rings an alarm while it can still be pushed. */
const NEAR_LIMIT = OLDEST - 3 * DAY;
const HOUR = 3_600_000;
/** From this moment of an hour on, the runs for the hour before have had their chances. */
const LATE_MS = 10 * 60_000;

/** Result of a sweep. */
export interface UsageSwept extends Tally {
  /** Records that are still due because they could not be pushed or their answer could not be written down. */
  left: number;
  /** Of those that are still due: period over since the last full hour, though the hour's runs have passed. */
  late: number;
  /** Of those that are still due: less than three days until the marketplace takes them no more. */
  nearLimit: number;
  /** Reports in the table that cannot be taken yet; they count as late, near the limit and oldest like what is due. */
  unadopted: number;
  /** Milliseconds since the oldest of those that are still due was stored, or its period was over if it is not taken yet. */
  oldest: number;
  /** True if everything due was looked at; if not, the time was up. */
  complete: boolean;
}

/** Pushes whatever is due, of all products. @param remaining milliseconds that are left */
export async function sweepUsage(deps: UsageDependencies, remaining: () => number): Promise<UsageSwept> {
  const run = startRun(deps);
  const now = deps.clock();
  // Not all from the same shard on: two that run at once would push the same records one after the other.
  const first = Math.floor(deps.random() * USAGE_SHARDS.length);
  for await (const page of duePages(deps.table, now, first)) {
    if (remaining() < ENOUGH_MS) {
      run.swept.complete = false;
      break;
    }
    const items = await readItems<UsageRecord | WrittenReport>(deps.table, page);
    await run.take(await prepare(deps, items, now, run));
  }
  await run.finish();
  report(deps, run.swept);
  return run.swept;
}

/** Pushes what is due of one instance, at whatever minute. Returns how many of its records are still due. */
export async function flushUsage(
  deps: UsageDependencies,
  product: string,
  instanceId: string,
  signal?: AbortSignal,
): Promise<number> {
  const options = signal === undefined ? {} : { signal };
  const run = startRun(deps, options);
  const now = deps.clock();
  const since = formatSdkDate(now - OLDEST - DAY);
  for await (const items of recordPages<UsageRecord | WrittenReport>(
    deps.table,
    usagePartition(product, instanceId),
    since,
    options,
  )) {
    await run.take(await prepare(deps, items, Number.POSITIVE_INFINITY, run));
  }
  await run.finish();
  return run.swept.left + run.swept.postponed;
}

interface Run {
  readonly swept: UsageSwept;
  /** Counts a report that cannot be taken yet. */
  wait(period: Period): void;
  take(records: readonly UsageRecord[]): Promise<void>;
  finish(): Promise<void>;
}

function startRun(deps: UsageDependencies, options: WriteOptions = {}): Run {
  const swept: UsageSwept = {
    ...{ accepted: 0, rejected: 0, postponed: 0, held: 0, left: 0, late: 0, nearLimit: 0, oldest: 0, unadopted: 0 },
    complete: true,
  };
  const held = new Map<string, UsageRecord[]>();
  const failures = new Map<string, number>();
  const budget: Budget = { pushes: DIVIDING_PUSHES };
  const begun = deps.clock();

  const stillDue = (records: readonly Pick<UsageRecord, 'begin' | 'end' | 'storedAt'>[]) => {
    for (const { begin, end, storedAt } of records) {
      if (begun % HOUR >= LATE_MS && end <= begun - (begun % HOUR)) swept.late += 1;
      if (begin < begun - NEAR_LIMIT) swept.nearLimit += 1;
      swept.oldest = Math.max(swept.oldest, begun - storedAt);
    }
  };
  const leave = (records: readonly UsageRecord[]) => {
    swept.left += records.length;
    stillDue(records);
  };
  const push = async (product: string, records: readonly UsageRecord[]) => {
    const failed = failures.get(product) ?? 0;
    if (failed >= FAILURES || !deps.products.has(product)) return leave(records);
    try {
      for await (const outcome of pushAll(deps, product, records, { ...options, budget })) {
        if ('left' in outcome) {
          leave(outcome.left);
          if (outcome.isAccount) failures.set(product, FAILURES);
          throw outcome.error;
        }
        await settle(deps, outcome, swept, options);
        stillDue(outcome.turnedDown.filter((one) => one.for !== 'good').map(({ record }) => record));
      }
      failures.delete(product);
    } catch (error) {
      failures.set(product, Math.max(failed + 1, failures.get(product) ?? 0));
      deps.log.error('Usage could not be pushed; it stays due.', error, { product, records: records.length });
      deps.log.metric('FailedUsagePush', 1);
    }
  };
  const pushFullest = async () => {
    const [fullest] = [...held].sort(([, a], [, b]) => b.length - a.length);
    if (fullest === undefined) return;
    const [product, records] = fullest;
    const batch = records.splice(0, deps.batchSize);
    if (records.length === 0) held.delete(product);
    await push(product, batch);
  };
  const total = () => [...held.values()].reduce((sum, { length }) => sum + length, 0);

  return {
    swept,
    wait: ({ begin, end }) => {
      swept.unadopted += 1;
      stillDue([{ begin, end, storedAt: end }]);
    },
    take: async (records) => {
      for (const record of records) {
        const waiting = held.get(record.product) ?? [];
        waiting.push(record);
        held.set(record.product, waiting);
      }
      const isFull = () => [...held.values()].some(({ length }) => length >= deps.batchSize);
      while (isFull() || total() > HELD_BATCHES * deps.batchSize) await pushFullest();
    },
    finish: async () => {
      while (held.size > 0) await pushFullest();
    },
  };
}

/** The records among what lies in the table that are to be pushed; reports written there become records, or do not. */
async function prepare(
  deps: UsageDependencies,
  items: readonly (UsageRecord | WrittenReport)[],
  dueUntil: number,
  { swept: tally, wait }: Run,
): Promise<readonly UsageRecord[]> {
  const records: UsageRecord[] = [];
  // Those of one instance one after the other: each is compared with what is there.
  const written = groupsOf(items.filter(isWritten), ({ pk }) => pk);
  await eachOf(written, async (ofInstance) => {
    for (const item of ofInstance) {
      if (item.dueShard === undefined) continue;
      const adopted = await adoptWritten(deps, item);
      if (adopted === undefined) continue;
      if ('later' in adopted) wait(adopted.later);
      else records.push(adopted);
    }
  });
  for (const item of items) if (!isWritten(item)) records.push(item);
  const due = records.filter(({ state, dueAt }) => state === 'due' && (dueAt ?? 0) <= dueUntil);
  const oldest = deps.clock() - OLDEST;
  const expired = due.filter(({ begin }) => begin < oldest);
  const reason = 'its period began more than 21 days ago, and the marketplace is not known to have taken it';
  const turnedDown = expired.map((record) => ({ record, code: 'too-old', reason, for: 'good' as const }));
  if (turnedDown.length > 0) await settle(deps, { taken: [], turnedDown }, tally);
  return due.filter(({ begin }) => begin >= oldest);
}

function report({ log }: UsageDependencies, swept: UsageSwept): void {
  log.info('Usage was swept.', { ...swept });
  log.metric('OldestDueUsage', Math.round(swept.oldest / 1_000), 'Seconds');
  if (swept.late > 0) log.metric('LateUsage', swept.late);
  if (swept.unadopted > 0) log.metric('UnadoptedUsage', swept.unadopted);
  if (swept.nearLimit > 0) log.metric('UsageNearLimit', swept.nearLimit);
}
