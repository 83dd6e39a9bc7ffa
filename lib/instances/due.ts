import { type AttributeValue, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Table } from '../table/table.ts';
import { type Key, SHARDS } from './keys.ts';
import { sendOptions, type WriteOptions } from './write.ts';

/** An item of the index `due`; `dueAt` is 0 for what has been accepted and not been tried yet. */
export interface DueEntry extends Key {
  readonly dueAt: number;
}

/** Entries asked for at once, per shard. */
const PAGE = 25;

/** A page of one shard of the index: what is due at `now`, the longest due first. */
export function queryDue(
  table: Table,
  now: number,
  { shard, limit, from }: { shard: number; limit: number; from?: Record<string, AttributeValue> },
  options: WriteOptions,
): Promise<QueryCommandOutput> {
  return table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'due',
      KeyConditionExpression: '#dueShard = :shard AND #dueAt <= :now',
      ExpressionAttributeNames: { '#dueShard': 'dueShard', '#dueAt': 'dueAt' },
      ExpressionAttributeValues: marshall({ ':shard': shard, ':now': now }),
      Limit: limit,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    }),
    sendOptions(options),
  );
}

/**
 * Yields what is due at `now`, a page of each shard in turn, so that no crowded shard keeps the others waiting; `first`
 * is the shard to begin with. The index may lag behind the table: an entry is a hint, the condition of acquiring its
 * lease decides.
 */
export async function* dueEntries(
  table: Table,
  now: number,
  first = 0,
  options: WriteOptions = {},
): AsyncGenerator<DueEntry, void, undefined> {
  const shards = Array.from({ length: SHARDS }, (_, index) => (first + index) % SHARDS);
  let open: { shard: number; from?: Record<string, AttributeValue> }[] = shards.map((shard) => ({ shard }));
  while (open.length > 0) {
    const next: typeof open = [];
    for (const { shard, from } of open) {
      // No test can tell the condition, for the type checker: undefined members are dropped
      const page = { shard, limit: PAGE, ...(from === undefined ? {} : { from }) };
      const { Items = [], LastEvaluatedKey } = await queryDue(table, now, page, options);
      for (const item of Items) yield unmarshall(item) as DueEntry;
      if (LastEvaluatedKey !== undefined) next.push({ shard, from: LastEvaluatedKey });
    }
    open = next;
  }
}
