import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { joined, type Key } from '../instances/keys.ts';
import type { Binding } from '../instances/kit-item.ts';
import { changeIf, sendOptions, type WriteOptions } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import { instancePrefix, partitionOf } from './keys.ts';

/** Seconds that the users of a removed tenant are kept: whoever unbound it by mistake can bind it again. */
const KEPT_FOR_SECONDS = 30 * 86_400;
/** Users that are written at a time. */
const PARALLEL = 25;

/**
 * Lets the users of a tenant expire that was removed from an instance. A user that is synchronised again stays: the call
 * takes the time away. Repeating it changes nothing.
 * @param removedAt signed time of the removal; users of newer calls are left alone
 */
export async function expireUsers(
  table: Table,
  binding: Binding,
  removedAt: number,
  now: number,
  options: WriteOptions = {},
): Promise<void> {
  const prefix = `${instancePrefix(binding.instanceId)}${joined(['USER'])}#`;
  let from: Record<string, never> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
        ExpressionAttributeValues: marshall({ ':pk': partitionOf(binding), ':prefix': prefix }),
        Limit: 500,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
      sendOptions(options),
    );
    const users = Items.map((item) => unmarshall(item) as Key & { readonly ttl?: number }).filter((user) => !user.ttl);
    for (let start = 0; start < users.length; start += PARALLEL) {
      await Promise.all(
        users.slice(start, start + PARALLEL).map((user) => expire(table, user, removedAt, now, options)),
      );
    }
    from = LastEvaluatedKey as Record<string, never> | undefined;
  } while (from !== undefined);
}

/** A user that comes back is told anew: no later call is taken for one that changes nothing. */
async function expire(table: Table, key: Key, removedAt: number, now: number, options: WriteOptions): Promise<void> {
  await changeIf(
    table,
    key,
    'SET #ttl = :ttl REMOVE #fingerprint, #carriedOut',
    {
      condition: 'attribute_exists(#pk) AND attribute_not_exists(#ttl) AND #sentAt <= :removedAt',
      values: { ttl: Math.ceil(now / 1_000) + KEPT_FOR_SECONDS, removedAt },
    },
    options,
  );
}
