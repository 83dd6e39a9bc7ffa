/**
 * Erases a customer from the live table. The whole table is read once: instances are the customer's whose pointer says so or
 * whose sealed order names them, so that those of older versions are found too. Nothing is erased while one of them is still
 * sold, since later changes need its order. First the seller's own hook erases what the seller keeps; then the action is
 * recorded on each instance; then go the sealed values and free texts, the records of tenants' users, the customer's key of
 * models, and the pointers. Broken off anywhere, it is run again. Ids of orders and instances stay: they name no person.
 */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { pseudonymOf } from '../instances/customer.ts';
import type { InstanceItem } from '../instances/item.ts';
import { type Key, keys } from '../instances/keys.ts';
import type { ApplicationItem } from '../instances/license-item.ts';
import { waitingIn } from '../instances/queue.ts';
import { readItem, updateIf } from '../instances/write.ts';
import type { Sealer } from '../sealing/sealer.ts';
import type { Table } from '../table/table.ts';
import { pointersOf } from './find.ts';
import { isInstance } from './order-index.ts';
import { type Action, recordAlone } from './record-action.ts';
import { everyItem, type StoredItem } from './scan.ts';
import { readHistory } from './verify-audit.ts';

/** Data kept of a customer. */
export interface CustomerTraces {
  readonly customerId: string;
  readonly instances: readonly InstanceItem[];
  /** Instances that are still sold, or at which something waits. */
  readonly stillSold: readonly InstanceItem[];
  /** Applications for licences, with what was asked. */
  readonly applications: readonly ApplicationItem[];
  /** Records of the instances' tenants, users and departments. */
  readonly records: readonly Key[];
  /** The customer's keys of models. */
  readonly apiKeys: readonly Key[];
  readonly pointers: readonly Key[];
}

/** Parts that looking for a customer's traces works on. */
export interface TraceDependencies {
  readonly table: Table;
  /** Ids of the products. */
  readonly products: readonly string[];
  /** One that opens orders. */
  readonly sealer: Pick<Sealer, 'open'>;
  /** Key of pseudonyms; without it only orders tell. */
  readonly key: string | undefined;
  /** Told how many items have been read, after each page. */
  progress?(items: number): void;
}

/** Looks through the whole table for what is kept of a customer. */
export async function findTraces(deps: TraceDependencies, customerId: string): Promise<CustomerTraces> {
  const { table, products, key } = deps;
  const pointers = key === undefined ? [] : await pointersOf(table, pseudonymOf(key, customerId));
  const pointed = new Set(pointers.map(({ instance }) => instance));
  const apiKeyAt = new Set(products.map((product) => keys.apiKey(product, customerId).pk));
  const instances: InstanceItem[] = [];
  const applications: ApplicationItem[] = [];
  const ofTenants: (StoredItem & { readonly instanceId: string; readonly product: string })[] = [];
  const apiKeys: Key[] = [];
  for await (const item of everyItem(table, deps.progress)) {
    if (apiKeyAt.has(item.pk)) apiKeys.push(item);
    else if (isOfTenant(item)) ofTenants.push(item);
    else if (isApplication(item)) applications.push(item);
    else if (isInstance(item) && (pointed.has(item.pk) || (await isBoughtBy(deps.sealer, item, customerId)))) {
      instances.push(item);
    }
  }
  const ids = new Set(instances.map(({ product, instanceId }) => `${product} ${instanceId}`));
  const isIts = ({ product, instanceId }: { product: string; instanceId: string }) =>
    ids.has(`${product} ${instanceId}`);
  const isEnded = ({ state }: InstanceItem) => state === 'RELEASED' || state === 'FAILED';
  return {
    customerId,
    instances,
    stillSold: instances.filter((item) => !isEnded(item) || waitingIn(item).length > 0),
    applications: applications.filter(isIts),
    records: ofTenants.filter(isIts),
    apiKeys,
    pointers,
  };
}

function isOfTenant(item: StoredItem): item is StoredItem & { readonly instanceId: string; readonly product: string } {
  return item.pk.startsWith('TENANT#') && !item.sk.startsWith('AUDIT#') && typeof item.instanceId === 'string';
}

function isApplication(item: StoredItem): item is StoredItem & ApplicationItem {
  return item.pk.startsWith('EVENT#') && 'eventId' in item && 'pending' in item;
}

/** Opens the sealed orders of an instance; one that no key opens says nothing. */
async function isBoughtBy(sealer: Pick<Sealer, 'open'>, item: InstanceItem, customerId: string): Promise<boolean> {
  const told = [...item.pending, ...Object.values(item.failed)].map((change) =>
    'told' in change ? change.told : undefined,
  );
  for (const sealed of [item.order, ...told]) {
    if (sealed === undefined) continue;
    const order = await sealer.open('personal', sealed, item).catch(() => undefined);
    if (Object(Object(order).buyer).customerId === customerId) return true;
  }
  return false;
}

/** The same after erasing: what was taken away. */
export interface Erased {
  readonly instances: number;
  /** Entries of histories that have lost a free text. */
  readonly texts: number;
  /** Items that are gone: records of tenants, keys of models, pointers. */
  readonly items: number;
}

/** Erases what was found. The seller's own system has been told by then. @param action as it is recorded */
export async function eraseTraces(table: Table, traces: CustomerTraces, action: Action): Promise<Erased> {
  let texts = 0;
  for (const item of traces.instances) {
    await recordAlone(table, item, action);
    await stripInstance(table, item);
    texts += await stripHistory(table, item);
  }
  for (const item of traces.applications) {
    await updateIf(table, item, 'SET #request = :nothing, #failed = :none REMOVE #licence, #lastError', {
      condition: 'attribute_exists(#pk) AND attribute_not_exists(#dueShard)',
      values: { nothing: '', none: {} },
    });
    texts += await stripHistory(table, item);
  }
  const gone = [...traces.records, ...traces.apiKeys, ...traces.pointers];
  for (const at of gone) {
    texts += await stripHistory(table, at);
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: marshall({ pk: at.pk, sk: at.sk }) }));
  }
  return { instances: traces.instances.length, texts, items: gone.length };
}

/** Stands for a reason that was erased. */
const ERASED = 'erased';

/** @throws Error if something waits at the instance by now */
async function stripInstance(table: Table, at: Key): Promise<void> {
  const item = await readItem<InstanceItem>(table, at);
  if (item === undefined) return;
  const failed = Object.fromEntries(
    Object.entries(item.failed).map(([id, change]) => {
      const { told: _, ...rest } = { told: undefined, ...change };
      return [id, { ...rest, reason: ERASED }];
    }),
  );
  const { done } = await updateIf(
    table,
    at,
    [
      `SET ${['#failed = :failed', ...(item.failure === undefined ? [] : ['#failure.#reason = :erased'])].join(', ')}`,
      'REMOVE #access, #licence, #order, #lastError',
    ].join(' '),
    {
      condition: '#state = :state AND attribute_not_exists(#dueShard)',
      values: { failed, state: item.state, ...(item.failure === undefined ? {} : { erased: ERASED }) },
    },
  );
  if (!done) throw new Error(`The instance ${item.instanceId} has changed: run the command again.`);
}

async function stripHistory(table: Table, at: Key): Promise<number> {
  const worded = (await readHistory(table, at)).filter((entry) => 'reason' in entry || 'note' in entry);
  for (const entry of worded) {
    await updateIf(table, entry, 'REMOVE #reason, #note', { condition: 'attribute_exists(#pk)', values: {} });
  }
  return worded.length;
}
