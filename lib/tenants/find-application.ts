import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { joined, type Key } from '../instances/keys.ts';
import {
  type ApplicationRecord,
  type Binding,
  isGone,
  type KitItem,
  type TenantRecord,
} from '../instances/kit-item.ts';
import { readItem, sendOptions, type WriteOptions } from '../instances/write.ts';
import type { Table } from '../table/table.ts';
import { kitKeys, partitionOf } from './keys.ts';
import { readPointers } from './login-pointer.ts';

/** Domain where a tenant's users sign in, and the client as which an application asks for them. */
export interface FoundApplication {
  readonly binding: Binding;
  readonly domainName: string;
  readonly clientId: string;
  /** Sealed as `kit`, for the item at `at`. */
  readonly clientSecret: string;
  readonly at: Key;
}

/** Bindings that are looked at, the newest first: an application may be live and its tenant unbound. */
const MOST_LIVE = 5;
/** Instances that are looked through where older versions have written everything, and where they may have. */
const MOST_UNKNOWN = 50;
const MOST_KNOWN = 5;

/**
 * An application of a tenant, whichever instance it is bound to: a login names the tenant alone. If there are several, the
 * newest. Undefined if the tenant is unknown or unbound, or the application is.
 */
export async function findApplication(
  table: Table,
  tenant: Pick<Binding, 'product' | 'tenantId'>,
  appId: string,
  options: WriteOptions = {},
): Promise<FoundApplication | undefined> {
  const { live, isKnown } = await readPointers(table, tenant, appId, options);
  for (const { product, tenantId, instanceId } of live.slice(0, MOST_LIVE)) {
    const binding = { product, tenantId, instanceId };
    const [owner, application] = await Promise.all(
      [kitKeys.tenant(binding), kitKeys.application(binding, appId)].map((key) =>
        readItem<KitItem>(table, key, options),
      ),
    );
    const found = toFound(owner, application);
    if (found !== undefined) return found;
  }
  return findUnpointed(table, tenant, appId, isKnown ? MOST_KNOWN : MOST_UNKNOWN, options);
}

/**
 * An application whose record older versions have written, which have left no pointer. A tenant has records of hundreds of
 * users, so they are passed over: one look per instance finds where the next one's records begin.
 */
async function findUnpointed(
  table: Table,
  tenant: Pick<Binding, 'product' | 'tenantId'>,
  appId: string,
  most: number,
  options: WriteOptions,
): Promise<FoundApplication | undefined> {
  let newest: { readonly version: string; readonly found: FoundApplication } | undefined;
  let after = ' ';
  for (let looks = 0; looks < most; looks += 1) {
    const next = await nextKey(table, partitionOf(tenant), after, options);
    if (next === undefined) break;
    const instance = next.sk.slice(0, next.sk.indexOf('#'));
    const [binding, application] = await Promise.all(
      [joined(['TENANT']), joined(['APP', appId])].map((rest) =>
        readItem<KitItem>(table, { pk: next.pk, sk: `${instance}#${rest}` }, options),
      ),
    );
    const found = toFound(binding, application);
    if (
      application !== undefined &&
      found !== undefined &&
      !(newest !== undefined && newest.version > application.version)
    ) {
      newest = { version: application.version, found };
    }
    after = `${instance}$`; // '$' follows '#': behind everything of this instance
  }
  return newest?.found;
}

function toFound(tenant: KitItem | undefined, application: KitItem | undefined): FoundApplication | undefined {
  if (tenant === undefined || application === undefined) return undefined;
  if (isGone(tenant.event) || isGone(application.event)) return undefined;
  const { domainName } = tenant.record as TenantRecord;
  const { clientId, clientSecret } = application.record as ApplicationRecord;
  if (domainName === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  const { product, tenantId, instanceId } = tenant;
  const at = { pk: application.pk, sk: application.sk };
  return { binding: { product, tenantId, instanceId }, domainName, clientId, clientSecret, at };
}

async function nextKey(table: Table, pk: string, after: string, options: WriteOptions): Promise<Key | undefined> {
  const { Items: [first] = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: '#pk = :pk AND #sk > :after',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: marshall({ ':pk': pk, ':after': after }),
      ConsistentRead: true,
      Limit: 1,
    }),
    sendOptions(options),
  );
  return first && (unmarshall(first) as Key);
}
