/** Figures that take a product off sale, counted the same way by the alarms and by whoever shows them. */
import { type AttributeValue, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key } from '../instances/keys.ts';
import { readItems } from '../instances/read.ts';
import { TROUBLE_SHARD, type Trouble } from '../instances/trouble.ts';
import type { Table } from '../table/table.ts';
import type { Observed } from './observations.ts';

const HOUR_MS = 3_600_000;
/** Milliseconds by which Beijing is ahead of UTC; the marketplace counts its days there. */
export const BEIJING_MS = 8 * HOUR_MS;

/** Failed orders that a month may have; with the sixth the marketplace may take the product off sale. */
export const MOST_FAILED_ORDERS = 5;
/** Days in a row on which dial tests fail until the marketplace freezes trading. */
export const MOST_FAILED_DAYS = 5;
/** Hours that are looked at: five days, which is as long as dial tests may fail. */
export const HOURS = MOST_FAILED_DAYS * 24;
/** Marks of one month that are counted at most. */
const MOST_MARKS = 1_000;

/** Codes of refusals that are ours, and not the seller's decision. */
export const OURS = ['000001', '000002', '000003', '000005'];

/** Counters of a product in one hour. */
export interface Hour {
  /** Number of the hour since 1970. */
  readonly hour: number;
  readonly observed: Observed;
}

/** Number of the day in Beijing that an hour belongs to. */
export function dayOf(hour: number): number {
  return Math.floor((hour * HOUR_MS + BEIJING_MS) / (24 * HOUR_MS));
}

/** Beginning of the month in Beijing, Unix milliseconds. */
export function monthOf(now: number): number {
  const beijing = new Date(now + BEIJING_MS);
  return Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth()) - BEIJING_MS;
}

/** Numbers of the days on which a dial test was refused, or a timely call bore a key that is not ours. */
export function failedDays(hours: readonly Hour[]): ReadonlySet<number> {
  const failed = hours.filter(
    ({ observed }) => observed.has('wrong-key') || OURS.some((code) => observed.has(`test_${code}`)),
  );
  return new Set(failed.map(({ hour }) => dayOf(hour)));
}

/** Counts the days in a row up to `today`; a today without failures may still come to have some. */
export function daysInARow(days: ReadonlySet<number>, today: number): number {
  let inARow = 0;
  for (let day = days.has(today) ? today : today - 1; days.has(day); day -= 1) inARow += 1;
  return inARow;
}

/** Members of a marked item that tell whether its purchase is still lost. */
export interface MarkedPurchase extends Key {
  readonly state?: string;
}

/**
 * Tells whether a mark is of a purchase that came to nothing since a moment, and was not mended. One that was taken back by
 * the marketplace stays lost; the mark of one that was mended is gone by the time of its release.
 */
export function isFailedOrder(mark: Trouble, item: MarkedPurchase | undefined, since: number): boolean {
  const { purchase, dueAt = 0 } = mark;
  const isLost = item?.state === 'FAILED' || item?.state === 'RELEASED';
  return purchase !== undefined && dueAt >= since && isLost;
}

/** Purchases that failed in the month that is running, by product. */
export type FailedOrders = ReadonlyMap<string, number>;

/** Counts the failed orders of the month that is running by a query of its marks, a thousand at most. */
export async function readFailedOrders(table: Table, now: number): Promise<FailedOrders> {
  const since = monthOf(now);
  const marks = (await readItems<Trouble>(table, await marksSince(table, since))).filter(({ purchase }) => purchase);
  const of = new Map(marks.map((mark) => [idOf(mark.of), mark.of]));
  const items = new Map((await readItems<MarkedPurchase>(table, [...of.values()])).map((item) => [idOf(item), item]));
  const orders = new Map<string, number>();
  for (const mark of marks) {
    if (!isFailedOrder(mark, items.get(idOf(mark.of)), since)) continue;
    orders.set(mark.product, (orders.get(mark.product) ?? 0) + 1);
  }
  return orders;
}

async function marksSince(table: Table, since: number): Promise<readonly Key[]> {
  const keys: Key[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'due',
        KeyConditionExpression: '#dueShard = :shard AND #dueAt >= :since',
        ExpressionAttributeNames: { '#dueShard': 'dueShard', '#dueAt': 'dueAt' },
        ExpressionAttributeValues: marshall({ ':shard': TROUBLE_SHARD, ':since': since }),
        Limit: MOST_MARKS - keys.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    keys.push(...Items.map((item) => unmarshall(item) as Key).map(({ pk, sk }) => ({ pk, sk })));
    from = LastEvaluatedKey;
  } while (from !== undefined && keys.length < MOST_MARKS);
  return keys;
}

/** Joins the two parts of a key into one text. */
export function idOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}
