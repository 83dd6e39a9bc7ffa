/**
 * A round through the whole table, in pieces: each look reads some, and what has been found is kept between them. It
 * verifies all histories, adds up their root, and counts what was bought in the day before.
 */
import type { Key } from '../../instances/keys.ts';
import type { Table } from '../../table/table.ts';
import { createRootSum } from '../audit-root.ts';
import { isInstance } from '../order-index.ts';
import type { StoredItem } from '../scan.ts';
import { partitions, verifyPartition } from '../verify-audit.ts';

/** Items that a look reads, and the milliseconds after which it reads no more. */
const ITEMS_A_LOOK = 10_000;
const LOOK_MS = 8_000;
const DAY_MS = 86_400_000;

/** Findings of a round. */
export interface RoundFindings {
  /** Moment that the root belongs to, Unix milliseconds; what came later does not count. */
  readonly until: number;
  /** Items with a history. */
  readonly histories: number;
  /** Entries that were altered, are missing or were cut off. */
  readonly findings: number;
  /** Instances bought within the day before `until`, by product. */
  readonly bought: Readonly<Record<string, number>>;
}

/** A round under way. */
export interface Round extends RoundFindings {
  /** Key that it goes on behind. */
  readonly from?: Key;
  /** Sum of the root so far. */
  readonly sum: string;
}

/** A round that is done. */
export interface FinishedRound extends RoundFindings {
  readonly root: string;
}

/** Begins a round. */
export function beginRound(until: number): Round {
  return { until, histories: 0, findings: 0, bought: {}, sum: createRootSum().text() };
}

/** Reads a piece. @param key that the histories are chained with @param clock Unix milliseconds */
export async function walkOn(
  table: Table,
  key: string,
  round: Round,
  clock: () => number,
): Promise<{ readonly round: Round } | { readonly finished: FinishedRound }> {
  const begun = clock();
  const sum = createRootSum(round.sum);
  const bought = new Map(Object.entries(round.bought));
  const { until } = round;
  let { histories, findings } = round;
  let read = 0;
  for await (const partition of partitions(table, { from: round.from })) {
    const verified = await verifyPartition(table, key, partition, until);
    histories += verified.items;
    findings += verified.findings.length;
    for (const line of verified.lines) sum.add(line);
    for (const { product } of partition.filter((item) => isBought(item, until))) {
      bought.set(String(product), (bought.get(String(product)) ?? 0) + 1);
    }
    read += partition.length;
    const { pk, sk } = partition.at(-1) ?? { pk: '', sk: '' };
    if (read < ITEMS_A_LOOK && clock() - begun < LOOK_MS) continue;
    const found = { until, histories, findings, bought: Object.fromEntries(bought) };
    return { round: { ...found, from: { pk, sk }, sum: sum.text() } };
  }
  return { finished: { until, histories, findings, bought: Object.fromEntries(bought), root: sum.root() } };
}

function isBought(item: StoredItem, until: number): boolean {
  if (!isInstance(item)) return false;
  return item.createdAt <= until && item.createdAt > until - DAY_MS;
}
