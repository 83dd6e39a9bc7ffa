import type { UsageRecord } from './item.ts';

/** Divides a list in two; the first half is last, where it is taken from next. */
export function halves<T>(all: readonly T[]): (readonly T[])[] {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(middle), all.slice(0, middle)];
}

/** Divides a list into slices of at most so many. */
export function slices<T>(all: readonly T[], size: number): (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

/** Instances that are tried alone before anything else. */
const PROBES = 8;

/**
 * Puts single records last, where they are taken from next: one each of instances that are not `suspected`, from all over
 * the list. Whether these are taken tells trouble of instances from trouble of the account.
 */
export function probesFirst(
  records: readonly UsageRecord[],
  suspected: ReadonlySet<string>,
): (readonly UsageRecord[])[] {
  const others = new Map<string, UsageRecord>();
  for (const record of records) {
    if (!suspected.has(record.instanceId) && !others.has(record.instanceId)) others.set(record.instanceId, record);
  }
  const first = [...others.values()];
  const step = Math.max(1, Math.floor(first.length / PROBES));
  const probes = first.filter((_, index) => index % step === 0).slice(0, PROBES);
  const rest = records.filter((record) => !probes.includes(record));
  return [rest, ...probes.map((record) => [record])];
}
