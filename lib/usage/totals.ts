/**
 * Usage totals of instances, each record counted exactly once.
 *
 * A record counts towards its on-demand instance and towards the package it charges, and both are other items than the
 * record's own, so no single write can both count it and say that it has been counted. Instead an instance's totals carry
 * a version and the names of the records counted last. One conditional write adds the values, adds the names and raises
 * the version; after it, and only after it, the records are marked accepted. So at any moment a record that has been
 * counted is either marked, or named. Whoever counts
 *
 *   1. reads the totals, with their version and names,
 *   2. then reads the records: those about to be counted, and those named,
 *   3. writes, on the condition that the version is still the one read: adds what is neither marked nor named, keeps
 *      the names of what is not marked yet, and forgets the others.
 *
 * A worker that was stalled between 1 and 3 meets another version and begins anew. One that died between 3 and the marking
 * leaves records that are still due: they are pushed again, the marketplace calls them duplicates, which is a yes, and
 * their names say that they have been counted. Nothing depends on how long anybody was away.
 */
import type { InstanceItem } from '../instances/item.ts';
import { joined, type Key, keys } from '../instances/keys.ts';
import { readItems } from '../instances/read.ts';
import type { UsageTotals } from '../instances/usage-totals.ts';
import { updateIf, type WriteOptions } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import { formatAmount, parseAmount } from './amount.ts';
import type { UsageRecord } from './item.ts';
import { usageKey } from './keys.ts';
import { parsePeriodKey } from './period.ts';

/** Records that one write may count: their names are kept in the instance's item until the next. */
export const MOST_COUNTED = 100;
/** Each further try means that another worker counted in between. */
const MAX_TRIES = 50;

interface Target {
  readonly product: string;
  readonly instanceId: string;
  readonly isPackage: boolean;
  readonly records: readonly UsageRecord[];
}

/**
 * Counts records that the marketplace has taken, at most {@link MOST_COUNTED}, of one product; those that have been
 * counted are left as they are. Gives those that may now be marked accepted, and are not yet.
 */
export async function count(
  table: Table,
  records: readonly UsageRecord[],
  atATime: (targets: readonly Target[], work: (target: Target) => Promise<void>) => Promise<void>,
  options: WriteOptions = {},
): Promise<readonly UsageRecord[]> {
  const targets = targetsOf(records);
  const images = await readTotals(table, targets, options);
  const marked = await readMarked(table, targets, images, options);
  await atATime(targets, async (target) => {
    const image = images.get(keyOf(target).pk);
    if (await writeTotals(table, target, image, marked, options)) return;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const fresh = await readTotals(table, [target], options);
      const freshlyMarked = await readMarked(table, [target], fresh, options);
      if (await writeTotals(table, target, fresh.get(keyOf(target).pk), freshlyMarked, options)) return;
    }
    throw new Error(`The totals of an instance changed under each of ${MAX_TRIES} writes.`);
  });
  return records.filter((record) => !marked.has(nameOf(record)));
}

/** Of the records, those that their on-demand instance's totals name: the marketplace has taken these before. */
export async function countedBefore(
  table: Table,
  records: readonly UsageRecord[],
  options: WriteOptions = {},
): Promise<ReadonlySet<UsageRecord>> {
  const targets = targetsOf(records).filter(({ isPackage }) => !isPackage);
  const images = await readTotals(table, targets, options);
  const named = targets.flatMap((target) => {
    const counted = new Set(images.get(keyOf(target).pk)?.usage?.counted);
    return target.records.filter((record) => counted.has(nameOf(record)));
  });
  return new Set(named);
}

function targetsOf(records: readonly UsageRecord[]): readonly Target[] {
  const targets = new Map<
    string,
    { product: string; instanceId: string; isPackage: boolean; records: UsageRecord[] }
  >();
  const add = (record: UsageRecord, instanceId: string, isPackage: boolean) => {
    const { pk } = keys.instance(record.product, instanceId);
    const target = targets.get(pk) ?? { product: record.product, instanceId, isPackage, records: [] };
    target.records.push(record);
    targets.set(pk, target);
  };
  for (const record of records) {
    add(record, record.instanceId, false);
    if (record.packageInstanceId !== undefined) add(record, record.packageInstanceId, true);
  }
  return [...targets.values()];
}

type Image = Key & Pick<InstanceItem, 'usage'>;

async function readTotals(
  table: Table,
  targets: readonly Target[],
  options: WriteOptions,
): Promise<ReadonlyMap<string, Image>> {
  const items = await readItems<Image>(table, targets.map(keyOf), options);
  return new Map(items.map((item) => [item.pk, item]));
}

/** Names of the records, about to be counted or named by totals, that are marked accepted. */
async function readMarked(
  table: Table,
  targets: readonly Target[],
  images: ReadonlyMap<string, Image>,
  options: WriteOptions,
): Promise<ReadonlySet<string>> {
  const wanted = new Map<string, Key>();
  for (const target of targets) {
    for (const record of target.records) wanted.set(nameOf(record), { pk: record.pk, sk: record.sk });
    for (const name of images.get(keyOf(target).pk)?.usage?.counted ?? [])
      wanted.set(name, named(target.product, name));
  }
  const items = await readItems<UsageRecord>(table, [...wanted.values()], options);
  return new Set(items.filter(({ state }) => state === 'accepted').map(nameOf));
}

/** False if the totals are not those that were read any more. */
async function writeTotals(
  table: Table,
  target: Target,
  image: Image | undefined,
  marked: ReadonlySet<string>,
  options: WriteOptions,
): Promise<boolean> {
  if (image === undefined) return true; // an instance that is gone has no totals to keep
  const usage = added(target, image.usage, marked);
  if (usage === undefined) return true;
  const { done } = await updateIf(
    table,
    keyOf(target),
    'SET #usage = :usage',
    image.usage === undefined
      ? { condition: 'attribute_exists(#pk) AND attribute_not_exists(#usage)', values: { usage } }
      : { condition: '#usage.#version = :read', values: { usage, read: image.usage.version } },
    options,
  );
  return done;
}

/** The totals with everything that has not been counted; undefined if there is nothing. */
function added(target: Target, before: UsageTotals | undefined, marked: ReadonlySet<string>): UsageTotals | undefined {
  const names = new Set(before?.counted);
  const fresh = target.records.filter((record) => !marked.has(nameOf(record)) && !names.has(nameOf(record)));
  if (fresh.length === 0) return undefined;
  const counted = [...[...names].filter((name) => !marked.has(name)), ...fresh.map(nameOf)];
  return {
    version: (before?.version ?? 0) + 1,
    total: plus(before?.total, fresh),
    ...(target.isPackage ? { byInstance: plusEach(before?.byInstance, fresh) } : {}),
    at: Math.max(before?.at ?? 0, ...fresh.map(({ end }) => end)),
    counted,
  };
}

function plus(total: string | undefined, records: readonly UsageRecord[]): string {
  return formatAmount(records.reduce((sum, { value }) => sum + (parseAmount(value) ?? 0n), parseAmount(total) ?? 0n));
}

function plusEach(before: Readonly<Record<string, string>> = {}, records: readonly UsageRecord[]) {
  const sums = new Map(Object.entries(before));
  for (const record of records) sums.set(record.instanceId, plus(sums.get(record.instanceId), [record]));
  return Object.fromEntries(sums);
}

/** A record's name in totals: a package is charged for several instances, so the period alone does not do. */
function nameOf({ instanceId, sk }: Pick<UsageRecord, 'instanceId' | 'sk'>): string {
  return `${joined([instanceId])}#${sk}`;
}

function named(product: string, name: string): Key {
  const [escaped = '', ...period] = name.split('#');
  const parsed = parsePeriodKey(period.join('#'));
  if (parsed === undefined) throw new Error(`An instance's totals name a record that cannot be one: ${name}.`);
  return usageKey(product, escaped.replaceAll('%23', '#').replaceAll('%25', '%'), parsed);
}

function keyOf({ product, instanceId }: Pick<Target, 'product' | 'instanceId'>): Key {
  return keys.instance(product, instanceId);
}
