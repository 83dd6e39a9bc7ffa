import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { shardOf } from '../instances/keys.ts';
import type { Binding, KitChange, KitItem } from '../instances/kit-item.ts';
import { toMember } from '../instances/queue.ts';
import { changeIf, sendOptions, type WriteOptions } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import { partitionOf } from './keys.ts';

/**
 * Queues again whatever was set aside of a tenant's records, and returns it; each change keeps its idempotency key. What a
 * newer call has overtaken is not brought back. Undefined if nothing is known of the tenant.
 */
export async function requeueTenant(
  table: Table,
  tenant: Pick<Binding, 'product' | 'tenantId'>,
  now: number,
  options: WriteOptions = {},
): Promise<readonly KitChange[] | undefined> {
  const queued: KitChange[] = [];
  let isKnown = false;
  for await (const item of recordsOf(table, tenant, options)) {
    isKnown = true;
    const aside = Object.values(item.failed ?? {}).find(({ version }) => version === item.version);
    if (aside !== undefined && (await requeue(table, item, aside, now, options))) queued.push(aside);
  }
  return isKnown ? queued : undefined;
}

async function requeue(
  table: Table,
  item: KitItem,
  { reason: _, failedAt: __, ...change }: KitItem['failed'][string],
  now: number,
  options: WriteOptions,
): Promise<boolean> {
  return changeIf(
    table,
    item,
    'SET #failed = :noFailures, #dueAt = :none, #dueShard = :shard ADD #queue :members, #turn :one',
    {
      condition: '#version = :version AND attribute_exists(#failed.#changeId)',
      values: {
        noFailures: {},
        none: 0,
        shard: shardOf(item),
        members: new Set([toMember({ ...change, requeuedAt: now })]),
        one: 1,
        version: item.version,
      },
      names: { changeId: change.id },
    },
    options,
  );
}

async function* recordsOf(
  table: Table,
  tenant: Pick<Binding, 'product' | 'tenantId'>,
  options: WriteOptions,
): AsyncGenerator<KitItem, void, undefined> {
  let from: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: marshall({ ':pk': partitionOf(tenant) }),
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
      sendOptions(options),
    );
    for (const item of Items) yield unmarshall(item) as KitItem;
    from = LastEvaluatedKey;
  } while (from !== undefined);
}
