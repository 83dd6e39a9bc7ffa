import { type AttributeValue, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { queryDue } from '../instances/due.ts';
import type { Key } from '../instances/keys.ts';
import { sendOptions, type WriteOptions } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import { USAGE_SHARDS } from './keys.ts';

/** Keys asked for at once. */
const PAGE = 500;

/**
 * Keys of the records that are due at `now`, page by page and shard by shard from the `first` on (0 to 7), the longest due
 * first. The index may lag behind the table: a key is a hint, the record itself says whether it is due.
 */
export async function* duePages(
  table: Table,
  now: number,
  first = 0,
  options: WriteOptions = {},
): AsyncGenerator<readonly Key[], void, undefined> {
  for (const shard of [...USAGE_SHARDS.slice(first), ...USAGE_SHARDS.slice(0, first)]) {
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = { shard, limit: PAGE, ...(from === undefined ? {} : { from }) };
      const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await queryDue(table, now, page, options);
      if (Items.length > 0) yield Items.map((item) => keyOf(unmarshall(item)));
      from = LastEvaluatedKey;
    } while (from !== undefined);
  }
}

/** The records of an instance from a sort key on (all, if it is empty), oldest period first, page by page. */
export async function* recordPages<Item extends Key>(
  table: Table,
  partition: string,
  since: string,
  options: WriteOptions = {},
  pageSize = PAGE,
): AsyncGenerator<readonly Item[], void, undefined> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: '#pk = :pk AND #sk >= :since',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
        ExpressionAttributeValues: marshall({ ':pk': partition, ':since': since || '0' }),
        ConsistentRead: true,
        Limit: pageSize,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
      sendOptions(options),
    );
    if (Items.length > 0) yield Items.map((item) => unmarshall(item) as Item);
    from = LastEvaluatedKey;
  } while (from !== undefined);
}

function keyOf({ pk, sk }: Record<string, unknown>): Key {
  return { pk: String(pk), sk: String(sk) };
}
