/** Transitions of records; each step is one conditional write, fenced by the record's state and revision. */
import type { Key } from '../instances/keys.ts';
import { updateIf, type WriteOptions } from '../instances/write.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { UsageRecord, WrittenReport } from './item.ts';
import { meteringSn } from './keys.ts';

/** Characters of a reason that are kept. */
const REASON = 500;
const AS_READ = '#state = :due AND #revision = :revision';

/** True if a program wrote the item to the table by itself, and nobody has checked it yet. */
export function isWritten(item: UsageRecord | WrittenReport): item is WrittenReport {
  return !('state' in item);
}

/** The marketplace has it. Last step of a record's way: it has been counted by then. */
export async function markAccepted(
  table: Table,
  record: UsageRecord,
  now: number,
  options: WriteOptions = {},
): Promise<boolean> {
  const { done } = await updateIf(
    table,
    record,
    'SET #state = :accepted, #endedAt = :now REMOVE #dueShard, #dueAt, #code, #reason, #held',
    { condition: AS_READ, values: { accepted: 'accepted', now, ...asRead(record) } },
    options,
  );
  return done;
}

/**
 * It made its push fail, and may be pushed again later, under the number it has: the marketplace has not looked at the
 * record itself, and if it has taken it all the same, the number says so.
 */
export async function hold(
  table: Table,
  record: UsageRecord,
  { code, reason, dueAt }: { readonly code: string; readonly reason: string; readonly dueAt: number },
  options: WriteOptions = {},
): Promise<boolean> {
  const held = (record.held ?? 0) + 1;
  const values = { held, dueAt, code, reason: reason.slice(0, REASON), ...asRead(record) };
  const { done } = await updateIf(
    table,
    record,
    'SET #held = :held, #dueAt = :dueAt, #code = :code, #reason = :reason',
    record.held === undefined
      ? { condition: `${AS_READ} AND attribute_not_exists(#held)`, values }
      : { condition: `${AS_READ} AND #held = :before`, values: { ...values, before: record.held } },
    options,
  );
  return done;
}

/** It will not be taken as it is. */
export async function markRejected(
  table: Table,
  record: UsageRecord,
  { code, reason }: { readonly code: string; readonly reason: string },
  now: number,
  options: WriteOptions = {},
): Promise<boolean> {
  const { done } = await updateIf(
    table,
    record,
    'SET #state = :rejected, #endedAt = :now, #code = :code, #reason = :reason REMOVE #dueShard, #dueAt, #held',
    {
      condition: AS_READ,
      values: { rejected: 'rejected', now, code, reason: reason.slice(0, REASON), ...asRead(record) },
    },
    options,
  );
  return done;
}

/**
 * It was turned down for now and is due again later, under another number: the old one may count as used since the
 * marketplace has looked at it, and it would say "duplicate" of what it never took.
 */
export async function renew(
  table: Table,
  record: UsageRecord,
  { code, reason, dueAt }: { readonly code: string; readonly reason: string; readonly dueAt: number },
  options: WriteOptions = {},
): Promise<boolean> {
  const next = record.revision + 1;
  const { done } = await updateIf(
    table,
    record,
    'SET #revision = :next, #meteringSn = :number, #dueAt = :dueAt, #code = :code, #reason = :reason REMOVE #held',
    {
      condition: AS_READ,
      values: {
        next,
        number: meteringSn(record, next),
        dueAt,
        code,
        reason: reason.slice(0, REASON),
        ...asRead(record),
      },
    },
    options,
  );
  return done;
}

/** Makes a record of a written report that has passed the checks. The shard it chose is kept. */
export async function adopt(
  table: Table,
  key: Key,
  record: NewItem<UsageRecord>,
  options: WriteOptions = {},
): Promise<UsageRecord | undefined> {
  const { pk: _, sk: __, dueShard: ___, dueAt: ____, ...members } = record;
  return writeOver(table, key, members, '', options);
}

/** Rejects a written report; it leaves the index, and stays as it was written for somebody to look at. */
export async function rejectWritten(
  table: Table,
  key: Key,
  members: Pick<UsageRecord, 'code' | 'reason' | 'endedAt'> & Partial<UsageRecord>,
  options: WriteOptions = {},
): Promise<void> {
  const rejected = {
    type: ITEM_TYPE.usageRecord,
    revision: 0,
    ...members,
    reason: members.reason?.slice(0, REASON),
    state: 'rejected',
  };
  await writeOver(table, key, rejected, ' REMOVE #dueShard, #dueAt', options);
}

async function writeOver(
  table: Table,
  key: Key,
  members: Readonly<Record<string, unknown>>,
  remove: string,
  options: WriteOptions,
): Promise<UsageRecord | undefined> {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  const { done, item } = await updateIf<UsageRecord>(
    table,
    key,
    `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}${remove}`,
    { condition: 'attribute_exists(#pk) AND attribute_not_exists(#state)', values: Object.fromEntries(given) },
    options,
  );
  return done ? item : undefined;
}

function asRead({ revision }: UsageRecord): { due: string; revision: number } {
  return { due: 'due', revision };
}
