import { keys } from '../instances/keys.ts';
import { updateIf, type WriteOptions } from '../instances/write.ts';
import { formatSdkDate } from '../protocol/times.ts';
import type { Table } from '../table/table.ts';
import { recordPages } from './due.ts';
import type { UsageRecord, WrittenReport } from './item.ts';
import { usagePartition } from './keys.ts';
import { type Period, parsePeriodKey, periodKey } from './period.ts';
import { isWritten } from './records.ts';

/** Milliseconds up to which a period is nothing special: a day, and the hour that a change of the clocks may add. */
const ORDINARY_MS = 25 * 3_600_000;
/** Records read at a time: most reports are the newest of their instance. */
const PAGE = 50;

interface Reported extends Period {
  readonly product: string;
  readonly instanceId: string;
}

/**
 * Finds a record of the instance, due or accepted, whose period shares time with the report's and is not the same.
 * Reports in the table that nobody has checked yet do not count: they are compared when they are checked.
 * @param longest milliseconds of the longest period that the instance has had: see {@link noteSpan}
 */
export async function findOverlap(
  table: Table,
  report: Reported,
  longest: number,
  options: WriteOptions = {},
): Promise<UsageRecord | undefined> {
  const since = formatSdkDate(report.begin - Math.max(ORDINARY_MS, longest));
  const own = periodKey(report);
  const partition = usagePartition(report.product, report.instanceId);
  for await (const page of recordPages<UsageRecord | WrittenReport>(table, partition, since, options, PAGE)) {
    for (const item of page) {
      const period = parsePeriodKey(item.sk);
      if (period === undefined) continue;
      if (period.begin >= report.end) return;
      if (isWritten(item) || item.state === 'rejected' || item.sk === own) continue;
      if (period.end > report.begin) return item;
    }
  }
  return;
}

/**
 * Keeps how long the instance's longest period is, before a record of such a period is stored: an overlap is looked for
 * as far back as that. An ordinary period needs no write.
 */
export async function noteSpan(
  table: Table,
  { product, instanceId, begin, end }: Reported,
  options: WriteOptions = {},
): Promise<void> {
  const span = end - begin;
  if (span <= ORDINARY_MS) return;
  const condition = 'attribute_exists(#pk) AND (attribute_not_exists(#usageSpan) OR #usageSpan < :span)';
  await updateIf(
    table,
    keys.instance(product, instanceId),
    'SET #usageSpan = :span',
    { condition, values: { span } },
    options,
  );
}
