import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { InstanceItem } from '../instances/item.ts';
import type { Key } from '../instances/keys.ts';
import type { Table } from '../table/table.ts';

/** Items looked at in one request. */
const PAGE = 100;

/** Instances of a stretch of the table, and where the next begins; undefined at its end. */
export interface InstancePage {
  readonly instances: readonly InstanceItem[];
  readonly next: Key | undefined;
}

/**
 * All instances, a stretch of the table at a time: what lies between is looked at as well, so this is for the night. No
 * index lists instances, since nothing of a call's way needs one.
 */
export async function instancePage(table: Table, from: Key | undefined): Promise<InstancePage> {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new ScanCommand({
      TableName: table.name,
      Limit: PAGE,
      ...(from === undefined ? {} : { ExclusiveStartKey: { pk: { S: from.pk }, sk: { S: from.sk } } }),
    }),
  );
  const instances = Items.filter(isInstance).map((item) => unmarshall(item) as InstanceItem);
  return { instances, next: LastEvaluatedKey === undefined ? undefined : (unmarshall(LastEvaluatedKey) as Key) };
}

function isInstance({ pk, sk }: Record<string, AttributeValue>): boolean {
  return sk?.S === 'INSTANCE' && pk?.S?.startsWith('INSTANCE#') === true;
}
