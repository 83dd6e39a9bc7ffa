/**
 * Counts of the marketplace's calls. A process counts in memory, by product and hour, and writes what it has counted with
 * one unconditional ADD: beside the answer of a call, or by a server's timer. A product has a few writes in hand and gets
 * another each minute, so that a stranger causes one a minute and process and never a new item: the keys are fixed.
 *
 * What is out of the ordinary is written at once, beside its own answer, since on Lambda there may be no later call: the
 * process is frozen behind the answer, and dial tests come twice a day. A write that is slow is dropped, and a process that
 * is killed loses what it has not written; no rule depends on a single count.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Key } from '../instances/keys.ts';
import { readItems } from '../instances/read.ts';
import { sendOptions, type WriteOptions } from '../instances/write.ts';
import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';

/** One call, or one sweep's finding, as far as it is counted. */
export interface Observation {
  /** Id of the product. */
  readonly product: string;
  /** Present once the signature held. */
  readonly proven?: {
    readonly isTest: boolean;
    readonly resultCode: string;
    /** Key that verified: its class, its place among those of the class (0 is the newest) and its fingerprint, joined by `_`. */
    readonly key: string;
    /** Milliseconds from the arrival to the answer. */
    readonly milliseconds: number;
  };
  /** Reason why nothing is proven: its signature is another's, the keys cannot be had, or whatever else. */
  readonly unproven?: 'wrong-key' | 'keys-gone' | 'other';
  /** No call: the sweep found a change of the product that should have been woken. */
  readonly notWoken?: true;
}

/** Counter of an hour: how often, and when last in Unix milliseconds. */
export interface Counter {
  readonly count: number;
  readonly lastAt: number;
}

/** Counters of a product in an hour, by name. */
export type Observed = ReadonlyMap<string, Counter>;

/** Counts calls in a process. */
export interface Observations {
  count(observation: Observation): void;
  /** Begins to write what is due. */
  begin(): void;
  /** Waits for the writes that were begun, a moment at most; those that are slow are dropped. */
  settle(): Promise<void>;
  /** Writes everything, for the timer of a process that lives on. */
  flush(): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Milliseconds that an answer waits for a write beside it. */
const PATIENCE_MS = 100;
/** Writes of a product that a process has in hand; each minute brings another. */
const WRITES_IN_HAND = 4;
/** Seconds for which the counters of an hour are kept. */
const KEPT_SECONDS = 9 * 86_400;
/** Upper ends of the latency buckets in milliseconds; the marketplace waits five seconds. */
export const BUCKETS_MS = [500, 1_000, 3_000];
/** Name of the counter of slower answers. */
export const SLOW = 'ms_more';
/** Name of the counter of sweeps that found a change which something else should have woken. */
export const NOT_WOKEN = 'not-woken';
/** Answers of the ordinary day. */
const ORDINARY = /^(verified|unproven|key_|ms_(?!more)|(real|test)_(000000|000004)$)/;

interface Pending {
  readonly hour: number;
  readonly counters: Map<string, { count: number; lastAt: number }>;
  readonly since: number;
  isUrgent: boolean;
}

/** Makes the counter of a process. @param clock Unix milliseconds */
export function createObservations(table: Table, clock: () => number): Observations {
  const pending = new Map<string, Pending>();
  const inHand = new Map<string, { writes: number; at: number }>();
  const verifiedIn = new Map<string, number>();
  const running = new Map<Promise<unknown>, AbortController>();

  const write = (product: string, { hour, counters }: Pending) => {
    pending.delete(product);
    const ending = new AbortController();
    const written = writeCounters(table, product, hour, counters, { signal: ending.signal })
      .catch(() => undefined) // dropped
      .finally(() => running.delete(written));
    running.set(written, ending);
  };
  const mayWrite = (product: string, now: number): boolean => {
    const { writes, at } = inHand.get(product) ?? { writes: WRITES_IN_HAND, at: now };
    const earned = Math.floor((now - at) / MINUTE_MS);
    const left = Math.min(WRITES_IN_HAND, writes + earned);
    if (left < 1) return false;
    inHand.set(product, { writes: left - 1, at: left === WRITES_IN_HAND ? now : at + earned * MINUTE_MS });
    return true;
  };
  const begin = () => {
    const now = clock();
    for (const [product, waiting] of pending) {
      const isDue = waiting.isUrgent || now - waiting.since >= MINUTE_MS || hourOf(now) !== waiting.hour;
      if (isDue && mayWrite(product, now)) write(product, waiting);
    }
  };
  return {
    count: (observation) => {
      const now = clock();
      const { product } = observation;
      const hour = hourOf(now);
      const before = pending.get(product);
      if (before !== undefined && before.hour !== hour) write(product, before);
      const mine = pending.get(product) ?? { hour, counters: new Map(), since: now, isUrgent: false };
      pending.set(product, mine);
      for (const name of countersOf(observation)) {
        mine.counters.set(name, { count: (mine.counters.get(name)?.count ?? 0) + 1, lastAt: now });
        const isFirst = name === 'verified' && verifiedIn.get(product) !== hour;
        if (isFirst) verifiedIn.set(product, hour);
        if (isFirst || !ORDINARY.test(name)) mine.isUrgent = true;
      }
    },
    begin,
    settle: async () => {
      if (running.size === 0) return;
      const writes = [...running];
      const timer = setTimeout(() => {
        for (const [, ending] of writes) ending.abort();
      }, PATIENCE_MS);
      await Promise.all(writes.map(([written]) => written));
      clearTimeout(timer);
    },
    flush: async () => {
      for (const [product, waiting] of pending) write(product, waiting);
      await Promise.all(running.keys());
    },
  };
}

function countersOf({ proven, unproven = 'other', notWoken }: Observation): readonly string[] {
  if (notWoken) return [NOT_WOKEN];
  if (proven === undefined) return [unproven === 'other' ? 'unproven' : unproven];
  const { isTest, resultCode, key, milliseconds } = proven;
  return [
    'verified',
    `${isTest ? 'test' : 'real'}_${resultCode}`,
    `key_${key}`,
    `ms_${BUCKETS_MS.find((end) => milliseconds <= end) ?? 'more'}`,
  ];
}

/** Number of an hour since 1970. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

function keyOf(product: string, hour: number): Key {
  return { pk: `OBSERVED#${product}`, sk: `HOUR#${hour}` };
}

async function writeCounters(
  table: Table,
  product: string,
  hour: number,
  counters: Observed,
  options: WriteOptions,
): Promise<void> {
  const names: Record<string, string> = { '#type': 'type', '#ttl': 'ttl' };
  const values: Record<string, unknown> = {
    ':type': ITEM_TYPE.observation,
    ':ttl': hour * (HOUR_MS / 1_000) + KEPT_SECONDS,
  };
  let sets = '#type = :type, #ttl = :ttl';
  const adds: string[] = [];
  for (const [name, { count, lastAt }] of counters) {
    const index = adds.length;
    names[`#n${index}`] = `n_${name}`;
    names[`#t${index}`] = `t_${name}`;
    values[`:n${index}`] = count;
    values[`:t${index}`] = lastAt;
    sets += `, #t${index} = :t${index}`;
    adds.push(`#n${index} :n${index}`);
  }
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: marshall(keyOf(product, hour)),
    UpdateExpression: `SET ${sets} ADD ${adds.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshall(values),
  });
  await table.client.send(command, sendOptions(options));
}

/** Reads the counters of hours of products; what is not there was not counted. */
export async function readObserved(
  table: Table,
  wanted: readonly { readonly product: string; readonly hour: number }[],
): Promise<ReadonlyMap<string, Observed>> {
  const keys = new Map(wanted.map(({ product, hour }) => [keyOf(product, hour).pk + hour, { product, hour }]));
  const items = await readItems<Key & Readonly<Record<string, unknown>>>(
    table,
    [...keys.values()].map(({ product, hour }) => keyOf(product, hour)),
  );
  return new Map(items.map((item) => [`${item.pk.slice('OBSERVED#'.length)} ${item.sk.slice(5)}`, counters(item)]));
}

function counters(item: Readonly<Record<string, unknown>>): Observed {
  const names = Object.keys(item).filter((name) => name.startsWith('n_'));
  return new Map(
    names.map((name) => [name.slice(2), { count: Number(item[name]), lastAt: Number(item[`t_${name.slice(2)}`]) }]),
  );
}
