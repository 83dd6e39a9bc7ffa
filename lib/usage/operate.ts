/** Actions of an operator on single records: each is one conditional write, fenced like what the sweep does. */
import type { Key } from '../instances/keys.ts';
import { readItem, updateIf, type WriteOptions } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import type { UsageRecord, WrittenReport } from './item.ts';
import { meteringSn, usageKey, usageShardOf } from './keys.ts';
import { parseUsageTime } from './period.ts';
import { isWritten, markRejected, rejectWritten } from './records.ts';
import { isReport } from './report.ts';
import { checkReport, reportOf, type UsageDoor } from './store.ts';

/** Outcome of an action on a record. `changed`: another write came between; look at it and try again. */
export type Operated =
  | { readonly outcome: 'done'; readonly record: UsageRecord }
  | { readonly outcome: 'unknown' | 'changed' }
  | { readonly outcome: 'is'; readonly state: UsageRecord['state'] | 'unchecked' }
  | { readonly outcome: 'refused'; readonly code: string; readonly reason: string };

/** Reads `instance#begin#end` as the name of a record, with times as reports have them; undefined if it is none. */
export function parseRecordName(product: string, name: string): Key | undefined {
  const parts = name.split('#');
  const [begin, end] = parts.slice(-2).map(parseUsageTime);
  const instanceId = parts.slice(0, -2).join('#');
  if (instanceId === '' || begin === undefined || end === undefined) return undefined;
  return usageKey(product, instanceId, { begin, end });
}

/** Names a record as {@link parseRecordName} reads it. */
export function recordName(instanceId: string, { sk }: Pick<Key, 'sk'>): string {
  return `${instanceId}#${sk}`;
}

/** Sets a record aside that is due, or a report that nobody has checked yet: it is not billed until it is requeued. */
export async function rejectByHand(
  { table, clock }: Pick<UsageDoor, 'table' | 'clock'>,
  key: Key,
  reason: string,
  options: WriteOptions = {},
): Promise<Operated> {
  const item = await readItem<UsageRecord | WrittenReport>(table, key, options);
  if (item === undefined) return { outcome: 'unknown' };
  const why = { code: 'by-hand', reason };
  if (isWritten(item)) {
    await rejectWritten(table, item, { ...why, endedAt: clock() }, options);
  } else {
    if (item.state !== 'due') return { outcome: 'is', state: item.state };
    if (!(await markRejected(table, item, why, clock(), options))) return { outcome: 'changed' };
  }
  return standing(table, key, options);
}

/**
 * Makes a record due at once: a rejected one as its next revision, after the checks that every report passes; one that
 * waits for its next push under the number it has.
 */
export async function requeueByHand(door: UsageDoor, key: Key, options: WriteOptions = {}): Promise<Operated> {
  const { table, clock } = door;
  const item = await readItem<UsageRecord | WrittenReport>(table, key, options);
  if (item === undefined) return { outcome: 'unknown' };
  if (isWritten(item)) return { outcome: 'is', state: 'unchecked' };
  if (item.state === 'accepted') return { outcome: 'is', state: item.state };
  const report = reportOf(item);
  if (!isReport(report)) return { outcome: 'refused', code: report.code, reason: report.reason };
  const refusal = await checkReport(door, report, options);
  if (refusal !== undefined) return { outcome: 'refused', code: refusal.code, reason: refusal.reason };
  const revision = item.state === 'due' ? item.revision : item.revision + 1;
  const { done } = await updateIf(
    table,
    item,
    'SET #state = :due, #revision = :next, #meteringSn = :number, #storedAt = :storedAt, #dueShard = :shard, #dueAt = :now REMOVE #held, #endedAt, #code, #reason',
    {
      condition: '#state = :state AND #revision = :revision',
      values: {
        due: 'due',
        next: revision,
        number: meteringSn(item, revision),
        storedAt: item.storedAt ?? clock(),
        shard: usageShardOf(item),
        now: clock(),
        state: item.state,
        revision: item.revision,
      },
    },
    options,
  );
  return done ? standing(table, key, options) : { outcome: 'changed' };
}

async function standing(table: Table, key: Key, options: WriteOptions): Promise<Operated> {
  const record = await readItem<UsageRecord>(table, key, options);
  return record === undefined ? { outcome: 'unknown' } : { outcome: 'done', record };
}
