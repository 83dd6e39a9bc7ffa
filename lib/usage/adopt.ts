/**
 * A program that holds rights on the table may write a report as an item by itself:
 *
 *   pk       USAGE#<product>#<instanceId>                      ids with % and # written %25 and %23
 *   sk       20250901T080000Z#20250901T090000Z                 begin and end, UTC
 *   value    "12.5"  or a number
 *   id       the seller's own id of the report
 *   packageInstanceId   optional
 *   dueShard a whole number from 8 to 15, dueAt 0
 *
 * under the condition attribute_not_exists(pk), so that it never writes over a record. The sweep finds the item, checks
 * it as any report is checked, and makes a record of it or rejects it; nothing is pushed that has not passed.
 */
import { markTrouble } from '../instances/trouble.ts';
import type { WriteOptions } from '../instances/write.ts';
import type { UsageDependencies } from './dependencies.ts';
import type { UsageRecord, WrittenReport } from './item.ts';
import { subjectOf } from './keys.ts';
import { type Period, parsePeriodKey } from './period.ts';
import { adopt, rejectWritten } from './records.ts';
import { type RefusedUsage, refuse } from './refusals.ts';
import { isReport, readReport, type UsageReport } from './report.ts';
import { checkReport, recordOf } from './store.ts';

/** A report that may be taken later: its period. */
export interface Unadopted {
  readonly later: Period;
}

/**
 * Checks a written report; gives the record if it has become one, its period if it may later, and writes the reason down
 * if it will not.
 */
export async function adoptWritten(
  deps: Pick<UsageDependencies, 'table' | 'products' | 'clock' | 'log'>,
  item: WrittenReport,
  options: WriteOptions = {},
): Promise<UsageRecord | Unadopted | undefined> {
  const read = readWritten(item);
  if (!isReport(read)) return turnDown(deps, item, read, {}, options);
  const refusal = await checkReport(deps, read, options);
  if (refusal !== undefined) return turnDown(deps, item, refusal, membersOf(read), options);
  return adopt(deps.table, item, recordOf(read, deps.clock()), options);
}

/** Writes the reason down, unless the report may be taken later. */
async function turnDown(
  { table, clock, log }: Pick<UsageDependencies, 'table' | 'clock' | 'log'>,
  item: WrittenReport,
  { code, reason, later }: RefusedUsage,
  subject: Partial<UsageRecord>,
  options: WriteOptions,
): Promise<Unadopted | undefined> {
  const fields = { pk: item.pk, period: item.sk, code, reason };
  if (later) {
    log.warn('A usage report in the table cannot be taken yet.', fields);
    const later = parsePeriodKey(item.sk);
    return later && { later };
  }
  await markTrouble(table, item, { kind: 'usage-refused', now: clock() }, options);
  await rejectWritten(table, item, { ...subject, code, reason, endedAt: clock() }, options);
  log.warn('A usage report in the table was refused.', fields);
  log.metric('RefusedUsage', 1);
  return;
}

function readWritten(item: WrittenReport): UsageReport | RefusedUsage {
  const subject = subjectOf(item);
  if (subject === undefined) return refuse('malformed', 'pk is not of the form USAGE#product#instanceId');
  if (parsePeriodKey(item.sk) === undefined) {
    return refuse('bad-time', 'sk is not of the form 20250901T080000Z#20250901T090000Z (begin and end, UTC)');
  }
  const [begin, end] = item.sk.split('#');
  const { value, id, packageInstanceId } = item;
  return readReport({ ...subject, begin, end, value, id, packageInstanceId });
}

/** Picks the members that a rejected report needs so that it can be listed and corrected as a record. */
function membersOf({ product, instanceId, begin, end, id }: UsageReport): Partial<UsageRecord> {
  return { product, instanceId, begin, end, reportId: id };
}
