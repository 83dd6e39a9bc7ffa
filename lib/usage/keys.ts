import { hash } from 'node:crypto';
import { joined, type Key } from '../instances/keys.ts';
import { type Period, periodKey } from './period.ts';

const SHARDS = 8;
/** The first of usage's own shards in the index `due`, so that fulfilment's sweep and this one never meet. */
const FIRST_SHARD = 8;

/** Usage's shards: 8 to 15. */
export const USAGE_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, index) => FIRST_SHARD + index);

/** The partition of an instance's records. */
export function usagePartition(product: string, instanceId: string): string {
  return joined(['USAGE', product, instanceId]);
}

/** Gives the key of a period's record: one place a period, so that it can be reported once. */
export function usageKey(product: string, instanceId: string, period: Period): Key {
  return { pk: usagePartition(product, instanceId), sk: periodKey(period) };
}

/** The product and instance of a record, read from its key; undefined if it is not the key of a record. */
export function subjectOf({ pk }: Key): { product: string; instanceId: string } | undefined {
  const [kind, product, instanceId, ...more] = pk.split('#').map(unescaped);
  if (kind !== 'USAGE' || !product || !instanceId || more.length > 0) return undefined;
  return { product, instanceId };
}

/** Which shard of `due` a record waits in; a function of its key. */
export function usageShardOf({ pk, sk }: Key): number {
  return FIRST_SHARD + (hash('sha256', `${pk} ${sk}`, 'buffer').readUInt8(0) % SHARDS);
}

/**
 * The number of a push of the record: a function of instance, period and revision, so that whoever repeats a push whose
 * answer was lost repeats its number, and the marketplace takes it once.
 */
export function meteringSn(key: Key, revision: number): string {
  return hash('sha256', JSON.stringify(['v1', key.pk, key.sk, revision])).slice(0, 32);
}

function unescaped(part: string): string {
  return part.replaceAll('%23', '#').replaceAll('%25', '%');
}
