/**
 * Pointer to an application of a tenant, for a login, which names no instance. Beside each application's record lies a
 * small item in a partition of the tenant's application alone, so that one query finds all bindings, ended ones too,
 * however many users and instances the tenant has had. It is a hint: what it leads to decides.
 */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { joined, type Key } from '../instances/keys.ts';
import { type Binding, isGone, type KitEvent } from '../instances/kit-item.ts';
import { changeIf, sendOptions, type WriteOptions } from '../instances/write.ts';
import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { instancePrefix } from './keys.ts';

/** Entry of a pointer, about one binding. */
export interface LoginPointer extends Binding {
  readonly event: KitEvent;
  /** That of the application's record. */
  readonly version: string;
}

/** Writes what a call says of an application, unless a newer call has been there. `ttl`: Unix seconds, of a tombstone. */
export async function pointTo(
  table: Table,
  { product, tenantId, instanceId }: Binding,
  appId: string,
  { event, version, ttl }: Pick<LoginPointer, 'event' | 'version'> & { readonly ttl?: number },
  options: WriteOptions = {},
): Promise<void> {
  const key = { pk: partitionOf({ product, tenantId }, appId), sk: instancePrefix(instanceId) };
  const state = { type: ITEM_TYPE.loginPointer, product, tenantId, instanceId, event, version };
  const values = { ...state, ...(ttl === undefined ? {} : { ttl }) };
  const sets = Object.keys(values).map((name) => `#${name} = :${name}`);
  const condition = 'attribute_not_exists(#version) OR #version < :version';
  const update = `SET ${sets.join(', ')}${ttl === undefined ? ' REMOVE #ttl' : ''}`;
  await changeIf(table, key, update, { condition, values }, options);
}

/** The bindings of a tenant's application, the newest first, and whether any is known at all. */
export async function readPointers(
  table: Table,
  tenant: Pick<Binding, 'product' | 'tenantId'>,
  appId: string,
  options: WriteOptions = {},
): Promise<{ readonly live: readonly LoginPointer[]; readonly isKnown: boolean }> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: marshall({ ':pk': partitionOf(tenant, appId) }),
      ConsistentRead: true,
    }),
    sendOptions(options),
  );
  const pointers = Items.map((item) => unmarshall(item) as LoginPointer & Key);
  const live = pointers.filter(({ event }) => !isGone(event)).sort((a, b) => (a.version < b.version ? 1 : -1));
  return { live, isKnown: pointers.length > 0 };
}

function partitionOf({ product, tenantId }: Pick<Binding, 'product' | 'tenantId'>, appId: string): string {
  return joined(['TENANT', product, tenantId, 'LOGIN', appId]);
}
