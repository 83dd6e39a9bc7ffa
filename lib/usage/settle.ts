import { markTrouble } from '../instances/trouble.ts';
import type { WriteOptions } from '../instances/write.ts';
import type { UsageDependencies } from './dependencies.ts';
import type { UsageRecord } from './item.ts';
import type { Settled, TurnedDown } from './push.ts';
import { hold, markAccepted, markRejected, renew } from './records.ts';
import { eachOf } from './side-by-side.ts';
import { count, countedBefore, MOST_COUNTED } from './totals.ts';

/** Milliseconds after which a record that was turned down for now is pushed again: in the next hour's first run. */
const LATER_MS = 40 * 60_000;
/** Milliseconds that a record which made its push fail waits by itself: twice as long each time, six hours at most. */
const HELD_FIRST_MS = 10 * 60_000;
const HELD_LONGEST_MS = 6 * 3_600_000;

/** Numbers of records by outcome. */
export interface Tally {
  accepted: number;
  rejected: number;
  postponed: number;
  /** Of those that were postponed: each made its push fail. */
  held: number;
}

/** Writes down what an answer settled: the totals first, the records last. See totals.ts for why that order. */
export async function settle(
  deps: Pick<UsageDependencies, 'table' | 'clock' | 'log'>,
  { taken, turnedDown }: Settled,
  tally: Tally,
  options: WriteOptions = {},
): Promise<void> {
  const before = turnedDown.length === 0 ? undefined : await countedBefore(deps.table, recordsOf(turnedDown), options);
  const accepted = before === undefined ? taken : [...taken, ...before];
  for (let start = 0; start < accepted.length; start += MOST_COUNTED) {
    const unmarked = await count(deps.table, accepted.slice(start, start + MOST_COUNTED), eachOf, options);
    const now = deps.clock();
    await eachOf(unmarked, async (record) => {
      if (await markAccepted(deps.table, record, now, options)) tally.accepted += 1;
    });
  }
  await eachOf(
    turnedDown.filter(({ record }) => before?.has(record) !== true),
    (one) => turnDown(deps, one, tally, options),
  );
}

async function turnDown(
  { table, clock, log }: Pick<UsageDependencies, 'table' | 'clock' | 'log'>,
  { record, code, reason, for: term }: TurnedDown,
  tally: Tally,
  options: WriteOptions,
): Promise<void> {
  const { product, instanceId, meteringSn, reportId } = record;
  const fields = { product, instanceId, period: record.sk, meteringSn, reportId, code, reason };
  const now = clock();
  if (term === 'held') {
    const dueAt = now + Math.min(HELD_LONGEST_MS, HELD_FIRST_MS * 2 ** (record.held ?? 0));
    if (!(await hold(table, record, { code, reason, dueAt }, options))) return;
    tally.postponed += 1;
    tally.held += 1;
    log.warn('A usage record makes each push fail that it is in; it waits by itself.', fields);
    log.metric('HeldUsage', 1);
    return;
  }
  if (term === 'now') {
    if (!(await renew(table, record, { code, reason, dueAt: now + LATER_MS }, options))) return;
    tally.postponed += 1;
    log.warn('A usage record was turned down for now.', fields);
    return;
  }
  await markTrouble(table, record, { kind: 'usage-refused', now }, options);
  if (!(await markRejected(table, record, { code, reason }, now, options))) return;
  tally.rejected += 1;
  log.warn('A usage record was rejected; it is not billed.', fields);
  log.metric('RejectedUsage', 1);
}

function recordsOf(turnedDown: readonly TurnedDown[]): readonly UsageRecord[] {
  return turnedDown.map(({ record }) => record);
}
