import { type AttributeValue, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Table } from './table.ts';

/** Part of a partition that is read, and how. */
export interface PartitionPart {
  /** Beginning of the sort keys; all of them unless told. */
  readonly prefix?: string;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Reads the items of a partition as they stand, in the order of their sort keys, page by page as the engine gives them. */
export async function* readPartition<Item>(
  table: Table,
  pk: string,
  { prefix, signal }: PartitionPart = {},
): AsyncGenerator<Item, void, undefined> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: prefix === undefined ? '#pk = :pk' : '#pk = :pk AND begins_with(#sk, :prefix)',
        ExpressionAttributeNames: prefix === undefined ? { '#pk': 'pk' } : { '#pk': 'pk', '#sk': 'sk' },
        ExpressionAttributeValues: marshall({ ':pk': pk, ...(prefix === undefined ? {} : { ':prefix': prefix }) }),
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
      signal === undefined ? undefined : { abortSignal: signal },
    );
    for (const item of Items) yield unmarshall(item) as Item;
    from = LastEvaluatedKey;
  } while (from !== undefined);
}
