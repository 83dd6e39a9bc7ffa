import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { InstanceItem } from '../instances/item.ts';
import type { Key } from '../instances/keys.ts';
import { orderKeys } from '../instances/order-key.ts';
import { changeIf, sendOptions, type WriteOptions } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import { everyItem, type StoredItem } from './scan.ts';

/**
 * Queries the index `order`: keys of the instances that an order has bought, in the order of its lines. The index may lag
 * behind the table by moments, and lacks instances that a version without it has written until `fillOrderIndex` has run.
 * @param orderLineId one line alone
 */
export async function queryOrderIndex(
  table: Table,
  orderId: string,
  orderLineId?: string,
  options: WriteOptions = {},
): Promise<readonly Key[]> {
  const found: Key[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'order',
        ...conditionOf(orderId, orderLineId),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
      sendOptions(options),
    );
    for (const item of Items) {
      const { pk, sk } = unmarshall(item) as Key;
      found.push({ pk, sk });
    }
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return found;
}

function conditionOf(orderId: string, orderLineId: string | undefined) {
  if (orderLineId === undefined) {
    return {
      KeyConditionExpression: '#orderKey = :order',
      ExpressionAttributeNames: { '#orderKey': 'orderKey' },
      ExpressionAttributeValues: marshall({ ':order': orderId }),
    };
  }
  const { orderKey, lineKey } = orderKeys(orderId, orderLineId);
  return {
    KeyConditionExpression: '#orderKey = :order AND #lineKey = :line',
    ExpressionAttributeNames: { '#orderKey': 'orderKey', '#lineKey': 'lineKey' },
    ExpressionAttributeValues: marshall({ ':order': orderKey, ':line': lineKey }),
  };
}

/** Result of filling the index: instances that were looked at, and those that were given their keys. */
export interface Filled {
  readonly instances: number;
  readonly filled: number;
}

/**
 * Gives instances that a version without the index has written their keys of it, one conditional write each. It may run
 * beside everything else, and twice.
 */
export async function fillOrderIndex(table: Table, progress?: (items: number) => void): Promise<Filled> {
  let instances = 0;
  let filled = 0;
  for await (const item of everyItem(table, progress)) {
    if (!isInstance(item)) continue;
    instances += 1;
    if (item.orderKey !== undefined) continue;
    const isDone = await changeIf(table, item, 'SET #orderKey = :orderKey, #lineKey = :lineKey', {
      condition: 'attribute_exists(#pk) AND attribute_not_exists(#orderKey)',
      values: orderKeys(item.orderId, item.orderLineId),
    });
    if (isDone) filled += 1;
  }
  return { instances, filled };
}

/** Tells whether an item is an instance: neither a licence code nor the alias of an imported one. */
export function isInstance(item: StoredItem | InstanceItem): item is InstanceItem {
  return item.sk === 'INSTANCE' && !('aliasOf' in item);
}
