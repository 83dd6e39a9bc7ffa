import { QueryCommand, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { InstanceItem, Outbox } from '../../lib/instances/item.ts';
import type { Table } from '../../lib/table/table.ts';
import { isRehearsal } from '../marketplace/calls/subject.ts';
import type { Subject } from './shapes.ts';

/** Attributes that the console reads of an instance, an order notification or a license; none of them is sealed. */
export type ShownItem = Outbox &
  Pick<InstanceItem, 'createdAt'> &
  Partial<
    Pick<InstanceItem, 'instanceId' | 'orderId' | 'orderLineId' | 'wanted' | 'state' | 'expiresAt' | 'aliasOf'>
  > & {
    readonly license?: string;
    /** Present once it has been cleared: when the engine may delete it, Unix seconds. */
    readonly ttl?: number;
  };

const KINDS = { INSTANCE: 'instance', ORDER: 'order-notice', LICENSE: 'license' } as const;

/** A development table has hundreds of items; no more of them than this are listed, the newest ones. */
const LISTED = 200;

/** Pages that are read at most to find them. */
const PAGES = 40;

/** Instances, order notices and licences of a product, newest first. */
export async function listSubjects(table: Table, product: string): Promise<Subject[]> {
  const found: Subject[] = [];
  let from: ScanCommandOutput['LastEvaluatedKey'];
  for (let page = 0; page < PAGES; page += 1) {
    const answer: ScanCommandOutput = await table.client.send(
      new ScanCommand({
        TableName: table.name,
        FilterExpression: '#product = :product AND attribute_exists(#pending)',
        ExpressionAttributeNames: { '#product': 'product', '#pending': 'pending' },
        ExpressionAttributeValues: { ':product': { S: product } },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    found.push(...(answer.Items ?? []).map((item) => unmarshall(item) as ShownItem).flatMap(subjectsOf));
    from = answer.LastEvaluatedKey;
    if (from === undefined) break;
  }
  return found.sort((a, b) => b.createdAt - a.createdAt).slice(0, LISTED);
}

/** Everything under a partition key: the item and its audit entries. */
export async function readPartition(table: Table, pk: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: { ':pk': { S: pk } },
    }),
  );
  return Items.map((item) => unmarshall(item));
}

export function subjectOf(item: ShownItem): Subject | undefined {
  return subjectsOf(item)[0];
}

function subjectsOf(item: ShownItem): Subject[] {
  const [prefix = ''] = item.pk.split('#');
  if (!Object.hasOwn(KINDS, prefix) || item.aliasOf !== undefined || item.ttl !== undefined) return [];
  const { pk, sk, state, wanted, createdAt, expiresAt, pending, failed } = item;
  return [
    {
      key: { pk, sk },
      kind: KINDS[prefix as keyof typeof KINDS],
      id: item.instanceId ?? item.license ?? `${item.orderId} / ${item.orderLineId}`,
      createdAt,
      waiting: pending.length,
      setAside: Object.keys(failed).length,
      ...(state !== undefined && { state }),
      ...(wanted !== undefined && { wanted }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(isRehearsal(item.orderId) && { rehearsal: true as const }),
    },
  ];
}
