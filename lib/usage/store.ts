/**
 * Storage of usage reports as records.
 *
 * A record lies at a place that its instance and period determine, and is put there on the condition that nothing is:
 * so a period is reported once, and another report of it is answered with what is there. What the marketplace demands
 * of a record is checked before. In the same write the record enters the sparse index `due`, from which the sweep
 * pushes it; its metering number is settled by then, so that every push of it, by whomever, is the same push to the
 * marketplace. A record that was rejected for good may be reported anew: it becomes another revision with another
 * number.
 */
import * as v from 'valibot';
import type { Product } from '../config/products.ts';
import { readInstances } from '../instances/read.ts';
import { markTrouble } from '../instances/trouble.ts';
import { putIf, updateIf, type WriteOptions } from '../instances/write.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { formatAmount } from './amount.ts';
import type { UsageRecord, WrittenReport } from './item.ts';
import { meteringSn, subjectOf, usageKey, usageShardOf } from './keys.ts';
import { findOverlap, noteSpan } from './overlap.ts';
import { describePeriod, parseUsageTime } from './period.ts';
import { isWritten } from './records.ts';
import { type RefusedUsage, refuse } from './refusals.ts';
import { describeReport, isReport, readReport, type UsageReport } from './report.ts';
import { checkInstance, checkPackage, checkPeriod } from './rules.ts';

/** Dependencies of reporting usage. */
export interface UsageDoor {
  readonly table: Table;
  readonly products: ReadonlyMap<string, Product>;
  clock(): number;
}

/** `stored`: this call put it there. `known`: the very same report was there already. */
export type ReportedUsage = { readonly outcome: 'stored' | 'known'; readonly record: UsageRecord } | RefusedUsage;

/** So often a write is repeated when what stood in its way no longer stands there. */
const MAX_TRIES = 3;

/**
 * Takes one report: checks it, and stores it in one conditional write. What was answered `stored` or `known` is pushed
 * until the marketplace has it or refuses it; what was refused has left nothing behind.
 * @throws whatever the table throws; the report may have been stored then, and reporting it again tells
 */
export async function reportUsage(door: UsageDoor, input: unknown, options: WriteOptions = {}): Promise<ReportedUsage> {
  const report = readReport(input);
  if (!isReport(report)) return report;
  const refusal = await checkReport(door, report, options);
  if (refusal !== undefined) return refusal;
  const record = recordOf(report, door.clock());
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const rule = { condition: 'attribute_not_exists(#pk)', values: {} };
    const { done, item } = await putIf<UsageRecord | WrittenReport>(door.table, record, rule, options);
    if (done) return { outcome: 'stored', record };
    if (item === undefined) continue;
    const answer = await answerStanding(door.table, item, record, report, options);
    if (answer !== undefined) return answer;
  }
  throw new Error(`The record changed under each of ${MAX_TRIES} writes.`);
}

/** Everything that is demanded of a report; undefined if nothing is wrong with it. */
export async function checkReport(
  { table, products, clock }: UsageDoor,
  report: UsageReport,
  options: WriteOptions = {},
): Promise<RefusedUsage | undefined> {
  const { product: name, instanceId, packageInstanceId } = report;
  const product = products.get(name);
  if (product === undefined) {
    return refuse('unknown-product', `there is no product "${name}"; there are ${[...products.keys()].join(', ')}`);
  }
  const early = checkPeriod(report, clock());
  if (early !== undefined) return early;
  const ids = [instanceId, ...(packageInstanceId === undefined ? [] : [packageInstanceId])];
  const items = await readInstances(table, name, ids, options);
  const instance = items.get(instanceId);
  const refusal =
    checkInstance(instance, report) ??
    checkPackage(
      product,
      packageInstanceId,
      packageInstanceId === undefined ? undefined : items.get(packageInstanceId),
    );
  if (refusal !== undefined) return refusal;
  const other = await findOverlap(table, report, instance?.usageSpan ?? 0, options);
  if (other === undefined) return noteSpan(table, report, options).then(() => undefined);
  const there = `${describePeriod(other)} with ${other.value} (id ${other.reportId})`;
  return refuse('overlap', `the period shares time with one that has been reported already, ${there}`);
}

/** The record of a report, due at once. */
export function recordOf(report: UsageReport, now: number, revision = 0): NewItem<UsageRecord> {
  const { product, instanceId, begin, end, value, id, packageInstanceId } = report;
  const key = usageKey(product, instanceId, { begin, end });
  return {
    ...key,
    type: ITEM_TYPE.usageRecord,
    product,
    instanceId,
    begin,
    end,
    value: formatAmount(value),
    reportId: id,
    ...(packageInstanceId === undefined ? {} : { packageInstanceId }),
    storedAt: now,
    state: 'due',
    revision,
    meteringSn: meteringSn(key, revision),
    dueShard: usageShardOf(key),
    dueAt: now,
  };
}

/**
 * The report that a record was made of, read anew. A rejected report that a program wrote by itself may lack what its
 * key does not say.
 */
export function reportOf(record: UsageRecord): UsageReport | RefusedUsage {
  const { sk, reportId, value, packageInstanceId } = record;
  const subject = subjectOf(record);
  const [begin, end] = sk.split('#');
  const { id = reportId } = record as { readonly id?: unknown };
  return readReport({ ...subject, begin, end, value, id, packageInstanceId });
}

/**
 * Keeps a report that will never be taken as a rejected record, where whoever looks for it finds it and a corrected
 * report takes its place. False if its place is not known, or not free: then the caller must say it otherwise.
 */
export async function keepRefused(
  { table, clock }: Pick<UsageDoor, 'table' | 'clock'>,
  input: unknown,
  { code, reason }: RefusedUsage,
  options: WriteOptions = {},
): Promise<boolean> {
  const place = v.safeParse(Place, input);
  if (!place.success) return false;
  const { product, instanceId, id, value } = place.output;
  const [begin, end] = [parseUsageTime(place.output.begin), parseUsageTime(place.output.end)];
  if (begin === undefined || end === undefined) return false;
  const key = usageKey(product, instanceId, { begin, end });
  const now = clock();
  const told = value === undefined ? {} : { value: String(value).slice(0, LONGEST_KEPT) };
  const rejected = { state: 'rejected', code, reason, endedAt: now, storedAt: now, revision: 0 } as const;
  const record = { ...key, type: ITEM_TYPE.usageRecord, product, instanceId, begin, end, ...told, ...rejected };
  const item = { ...record, reportId: id ?? '', meteringSn: meteringSn(key, 0) };
  await markTrouble(table, key, { kind: 'usage-refused', now }, options);
  const { done } = await putIf(table, item, { condition: 'attribute_not_exists(#pk)', values: {} }, options);
  return done;
}

/** Characters of a value that could not be read which are kept. */
const LONGEST_KEPT = 64;

const part = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));

/** Members that say where a report would lie, and what it would have said. */
const Place = v.object({
  product: part(64),
  instanceId: part(64),
  begin: part(64),
  end: part(64),
  id: v.fallback(v.optional(part(128)), undefined),
  value: v.fallback(v.optional(v.union([v.string(), v.number()])), undefined),
});

/** Answers a report whose place another record holds already; undefined: that has changed meanwhile. */
async function answerStanding(
  table: Table,
  standing: UsageRecord | WrittenReport,
  record: NewItem<UsageRecord>,
  report: UsageReport,
  options: WriteOptions,
): Promise<ReportedUsage | undefined> {
  if (isWritten(standing)) {
    const reason = 'a report of this period was written to the table and has not been checked yet';
    return { ...refuse('conflict', reason), later: true };
  }
  if (standing.state === 'rejected') return correct(table, standing, record, options);
  const { value, reportId, packageInstanceId } = standing;
  const isSame =
    value === record.value && reportId === record.reportId && packageInstanceId === record.packageInstanceId;
  if (isSame) return { outcome: 'known', record: standing };
  const there = `${value} (id ${reportId})${packageInstanceId === undefined ? '' : ` for package ${packageInstanceId}`}`;
  const reason = `this period of the instance has been reported already with ${there}, not ${describeReport(report)}; only the first counts`;
  return refuse('conflict', reason);
}

/** Puts a new report in the place of a rejected record, as its next revision. */
async function correct(
  table: Table,
  standing: UsageRecord,
  record: NewItem<UsageRecord>,
  options: WriteOptions,
): Promise<ReportedUsage | undefined> {
  const revision = standing.revision + 1;
  const { pk: _, sk: __, ...members } = { ...record, revision, meteringSn: meteringSn(record, revision) };
  const removed = [
    '#code',
    '#reason',
    '#endedAt',
    '#held',
    ...('packageInstanceId' in members ? [] : ['#packageInstanceId']),
  ];
  const assigned = Object.keys(members).map((name) => `#${name} = :${name}`);
  const { done, item } = await updateIf<UsageRecord>(
    table,
    record,
    `SET ${assigned.join(', ')} REMOVE ${removed.join(', ')}`,
    {
      condition: '#state = :rejected AND #revision = :standing',
      values: { ...members, rejected: 'rejected', standing: standing.revision },
    },
    options,
  );
  return done ? { outcome: 'stored', record: item } : undefined;
}
