/**
 * Findings in the table, of what lies there and should not: made by queries of the index `due`, never by counters.
 * Every entry is a hint; the item that it leads to decides.
 */
import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { FailedChange } from '../instances/item.ts';
import { type Key, productOf, SHARDS } from '../instances/keys.ts';
import { type OutboxItem, waitingIn } from '../instances/queue.ts';
import { readItems } from '../instances/read.ts';
import { clearTrouble, TROUBLE_SHARD, type Trouble } from '../instances/trouble.ts';
import type { Table } from '../table/table.ts';
import type { UsageRecord, WrittenReport } from '../usage/item.ts';
import { subjectOf, USAGE_SHARDS } from '../usage/keys.ts';
import { isWritten } from '../usage/records.ts';
import { type FailedOrders, idOf, isFailedOrder, monthOf, readFailedOrders } from './delisting.ts';
import type { Sightings } from './rules.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Milliseconds that a purchase may wait. */
export const PURCHASE_MS = 10 * MINUTE_MS;
/** Milliseconds that any other change may wait. */
export const CHANGE_MS = 30 * MINUTE_MS;
/** Milliseconds after which usage is late: every hour's runs have passed by then. */
export const USAGE_MS = 75 * MINUTE_MS;
/** Milliseconds after which a report that a program wrote to the table should have been adopted. */
const ADOPTION_MS = 2 * 60 * MINUTE_MS;
/** Milliseconds for which an event that leaves nothing behind keeps its alarm open. */
const EVENT_MS = DAY_MS;
/** Milliseconds after which a failed purchase counts no more, and nobody can save it any more. */
const PURCHASE_KEPT_MS = 45 * DAY_MS;
/** Milliseconds for which a mark is believed before what it marks has been written. */
const MARK_FIRST_MS = 10 * MINUTE_MS;
/** Entries of a shard that are looked at, the longest due first. */
const MOST_OF_A_SHARD = 200;

/** Looks at everything that waits to be carried out. */
export async function lookAtChanges(table: Table, now: number, found: Sightings): Promise<void> {
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
  for (const item of await readItems<OutboxItem>(table, await entries(table, shards, '>=', 0))) {
    const product = productOf(item);
    const about = `${nameOf(item)}: ${item.lastError ?? 'not tried yet'}`;
    const waiting = waitingIn(item);
    const purchase = waiting.find(({ kind }) => kind === 'provision');
    const oldest = Math.min(...waiting.map(waitsSince));
    if (purchase !== undefined) {
      const since = waitsSince(purchase);
      if (since <= now - PURCHASE_MS) found.add('purchase-failing', product, { since, about });
    } else if (oldest <= now - CHANGE_MS) found.add('change-failing', product, { since: oldest, about });
  }
}

function waitsSince({ acceptedAt, requeuedAt }: { readonly acceptedAt: number; readonly requeuedAt?: number }): number {
  return requeuedAt ?? acceptedAt;
}

/** Names an item so that an operator finds it; its key holds no personal data. */
function nameOf(item: OutboxItem): string {
  return 'instanceId' in item && item.instanceId !== '' ? item.instanceId : item.pk;
}

/** Looks at usage that is on its way. */
export async function lookAtUsage(table: Table, now: number, found: Sightings): Promise<void> {
  const late = await entries(table, USAGE_SHARDS, '<=', now - USAGE_MS);
  const pausing = await entries(table, USAGE_SHARDS, '>', now);
  const distinct = new Map([...late, ...pausing].map((key) => [`${key.pk} ${key.sk}`, key]));
  for (const item of await readItems<UsageRecord | WrittenReport>(table, [...distinct.values()])) {
    const product = subjectOf(item)?.product ?? '';
    if (isWritten(item)) {
      const since = endOf(item);
      if (since <= now - ADOPTION_MS) found.add('usage-unadopted', product, { since, about: `${item.pk} ${item.sk}` });
      continue;
    }
    const { storedAt, dueAt = 0, instanceId, sk, reason = 'not pushed', held = 0 } = item;
    const rule = held > 0 ? 'usage-refused' : 'usage-late';
    if (held > 0 || Math.max(storedAt, dueAt) <= now - USAGE_MS || storedAt <= now - DAY_MS) {
      found.add(rule, product, { since: storedAt, about: `${instanceId} ${sk}: ${reason}` });
    }
  }
}

/** End of a written report's period by its key; one that cannot be read is as old as can be. */
function endOf({ sk }: WrittenReport): number {
  const [, year, month, day, hour, minute, second] = /#(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(sk) ?? [];
  return year === undefined ? 0 : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Looks at what was marked, and takes marks out that lead to nothing any more. */
export async function lookAtTroubles(table: Table, now: number, found: Sightings): Promise<FailedOrders> {
  const orders = new Map<string, number>();
  const marks = await readItems<Trouble>(table, await entries(table, [TROUBLE_SHARD], '>=', 0));
  const keys = new Map(marks.map(({ of }) => [idOf(of), of]));
  const items = new Map((await readItems<Marked>(table, [...keys.values()])).map((item) => [idOf(item), item]));
  for (const mark of marks) {
    const { dueAt: at = 0, product, kind, purchase } = mark;
    const item = items.get(idOf(mark.of));
    const isFailed = isFailedOrder(mark, item, now - PURCHASE_KEPT_MS);
    if (isFailedOrder(mark, item, monthOf(now))) orders.set(product, (orders.get(product) ?? 0) + 1);
    const reason = purchase === 'refused' ? undefined : STILL[kind](item, at, now); // the seller's own decision
    if (reason !== undefined) found.add(kind, product, { since: at, about: `${mark.of.pk}: ${reason}` });
    else if (!isFailed && at < now - MARK_FIRST_MS) await clearTrouble(table, mark, now);
  }
  return marks.length < MOST_OF_A_SHARD ? orders : readFailedOrders(table, now);
}

/** Members of marked items that are looked at: of items with an outbox, and of records of usage. */
type Marked = Key & {
  readonly failed?: Readonly<Record<string, FailedChange>>;
  readonly state?: string;
  readonly reason?: string;
};

/** Says what is still there to be looked at; undefined if nothing is. */
const STILL: Readonly<
  Record<Trouble['kind'], (item: Marked | undefined, at: number, now: number) => string | undefined>
> = {
  'set-aside': (item) => Object.values(item?.failed ?? {}).at(0)?.reason,
  'usage-refused': (item) => (item?.state === 'rejected' ? (item.reason ?? 'rejected') : undefined),
  'early-freeze': recent,
  'unsettled-release': recent,
};

function recent(_: unknown, at: number, now: number): string | undefined {
  return at > now - EVENT_MS ? new Date(at).toISOString() : undefined;
}

/** Keys of the index, some of each shard, the longest due first. */
async function entries(
  table: Table,
  shards: readonly number[],
  operator: '<=' | '>' | '>=',
  dueAt: number,
): Promise<readonly Key[]> {
  const pages = await Promise.all(
    shards.map(
      (shard): Promise<QueryCommandOutput> =>
        table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: 'due',
            KeyConditionExpression: `#dueShard = :shard AND #dueAt ${operator} :at`,
            ExpressionAttributeNames: { '#dueShard': 'dueShard', '#dueAt': 'dueAt' },
            ExpressionAttributeValues: marshall({ ':shard': shard, ':at': dueAt }),
            Limit: MOST_OF_A_SHARD,
          }),
        ),
    ),
  );
  return pages
    .flatMap(({ Items = [] }) => Items.map((item) => unmarshall(item) as Key))
    .map(({ pk, sk }) => ({ pk, sk }));
}
