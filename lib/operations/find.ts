import { type CustomerPointer, pseudonymOf } from '../instances/customer.ts';
import type { InstanceItem } from '../instances/item.ts';
import { type Key, keys } from '../instances/keys.ts';
import { readInstances, readItems } from '../instances/read.ts';
import { readPartition } from '../table/partition.ts';
import type { Table } from '../table/table.ts';
import { isInstance, queryOrderIndex } from './order-index.ts';
import { everyItem } from './scan.ts';

/** Table and products to look through. */
export interface Place {
  readonly table: Table;
  /** Ids of the products. */
  readonly products: readonly string[];
}

/** Result of a search for instances: `by` says how they were found; `nothing`: they were not. */
export interface Found {
  readonly by: 'instance' | 'order' | 'line' | 'customer' | 'scan' | 'nothing';
  readonly items: readonly InstanceItem[];
  /** The table has no index `order`: it was made by an older version. */
  readonly hasNoIndex?: true;
}

/** Characters that an id has at most. */
const LONGEST_ID = 256;
/** An order line as the marketplace numbers them: its order, and digits. */
const LINE = /^(.+)-\d+$/;

/**
 * Finds instances by an id that a person has: an instance's, an order's, or an order line's.
 * @param line of the order, where the id is an order's
 */
export async function findInstances(place: Place, id: string, line?: string): Promise<Found> {
  if (id === '' || id.length > LONGEST_ID) return { by: 'nothing', items: [] };
  const own = line === undefined ? await byInstanceId(place, id) : [];
  if (own.length > 0) return { by: 'instance', items: own };
  const ordered = await byOrder(place, id, line);
  if (ordered === undefined) return { by: 'nothing', items: [], hasNoIndex: true };
  if (ordered.length > 0) return { by: 'order', items: ordered };
  const [, order] = LINE.exec(id) ?? [];
  const lined = order === undefined ? [] : ((await byOrder(place, order, id)) ?? []);
  return lined.length > 0 ? { by: 'line', items: lined } : { by: 'nothing', items: [] };
}

async function byInstanceId({ table, products }: Place, id: string): Promise<InstanceItem[]> {
  const found: InstanceItem[] = [];
  for (const product of products) {
    const item = (await readInstances(table, product, [id])).get(id);
    const alias = item?.aliasOf;
    const real = alias === undefined ? item : (await readInstances(table, product, [alias])).get(alias);
    if (real !== undefined) found.push(real);
  }
  return found;
}

async function byOrder(place: Place, order: string, line?: string): Promise<InstanceItem[] | undefined> {
  try {
    return await itemsAt(place, await queryOrderIndex(place.table, order, line));
  } catch (error) {
    if (Object(error).name === 'ValidationException') return undefined;
    throw error;
  }
}

async function itemsAt({ table, products }: Place, at: readonly Key[]): Promise<InstanceItem[]> {
  const items = await readItems<InstanceItem>(table, at);
  const place = new Map(at.map(({ pk }, index) => [pk, index]));
  return items
    .filter(({ product }) => products.includes(product))
    .toSorted((a, b) => (place.get(a.pk) ?? 0) - (place.get(b.pk) ?? 0));
}

/** Finds the instances of a buyer whose orders have been read. @param key of pseudonyms */
export async function findByCustomer(place: Place, key: string, customerId: string): Promise<Found> {
  const pointers = await pointersOf(place.table, pseudonymOf(key, customerId));
  const items = await itemsAt(
    place,
    pointers.map(({ instance }) => ({ pk: instance, sk: 'INSTANCE' })),
  );
  return { by: items.length > 0 ? 'customer' : 'nothing', items };
}

/** Reads what leads from a pseudonym to instances. */
export async function pointersOf(table: Table, pseudonym: string): Promise<readonly CustomerPointer[]> {
  const found: CustomerPointer[] = [];
  const { pk } = keys.customer(pseudonym, '');
  for await (const pointer of readPartition<CustomerPointer>(table, pk)) found.push(pointer);
  return found;
}

/** Looks through the whole table for an order or order line, those of renewals and upgrades included. */
export async function scanForOrder(place: Place, id: string, progress?: (items: number) => void): Promise<Found> {
  const items: InstanceItem[] = [];
  for await (const item of everyItem(place.table, progress)) {
    if (!isInstance(item) || !place.products.includes(item.product)) continue;
    if (isOfOrder(item, id)) items.push(item);
  }
  return { by: items.length > 0 ? 'scan' : 'nothing', items };
}

/** Tells whether an order or order line belongs to an instance: as its purchase, or as a renewal or upgrade. */
export function isOfOrder({ orderId, orderLineId, orders }: InstanceItem, id: string): boolean {
  const part = `#${id.replaceAll('%', '%25').replaceAll('#', '%23')}`;
  return orderId === id || orderLineId === id || isAmong(orders, part);
}

function isAmong(orders: ReadonlySet<string>, part: string): boolean {
  return [...orders].some((mark) => `${mark}#`.includes(`${part}#`));
}
