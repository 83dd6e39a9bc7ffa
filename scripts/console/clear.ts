import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../lib/table/table.ts';
import type { Cleared, ItemKey } from './shapes.ts';
import { listSubjects, readPartition } from './table-items.ts';

/**
 * Gives what the rehearsal commands bought at a product an end that has passed, so that the engine deletes it and no
 * list shows it. Whatever still has a change to carry out stays until that is done.
 */
export async function clearRehearsals(table: Table, product: string, now: number): Promise<Cleared> {
  let cleared = 0;
  let busy = 0;
  for (const { key, rehearsal } of await listSubjects(table, product)) {
    if (!rehearsal) continue;
    if (await expire(table, key, now)) cleared += 1;
    else busy += 1;
  }
  return { cleared, busy };
}

async function expire(table: Table, key: ItemKey, now: number): Promise<boolean> {
  const ttl = Math.floor(now / 1_000) - 1;
  try {
    await setEnd(table, key, ttl);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
  const history = (await readPartition(table, key.pk)).filter(({ sk }) => String(sk).startsWith('AUDIT#'));
  for (const { sk } of history) await setEnd(table, { pk: key.pk, sk: String(sk) }, ttl);
  return true;
}

/** @throws ConditionalCheckFailedException if the item has a change to carry out */
async function setEnd({ client, name }: Table, { pk, sk }: ItemKey, ttl: number): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: name,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'SET #ttl = :ttl',
      ConditionExpression: 'attribute_exists(#pk) AND (attribute_not_exists(#pending) OR #pending = :none)',
      ExpressionAttributeNames: { '#ttl': 'ttl', '#pk': 'pk', '#pending': 'pending' },
      ExpressionAttributeValues: { ':ttl': { N: String(ttl) }, ':none': { L: [] } },
    }),
  );
}
