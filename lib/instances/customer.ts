import { createHmac } from 'node:crypto';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { type Key, keys } from './keys.ts';
import type { OutboxItem } from './queue.ts';
import { putIf, type WriteOptions } from './write.ts';

/** Leads from a buyer's pseudonym to one of their instances. */
export interface CustomerPointer extends Key {
  readonly product: string;
  /** Partition key of the instance. */
  readonly instance: string;
}

/** Makes a buyer's id a pseudonym, which only whoever has the key can make again. */
export function pseudonymOf(key: string, customerId: string): string {
  return createHmac('sha256', key).update(`customer\n${customerId}`).digest('base64url');
}

/**
 * Keeps that an instance is a buyer's, in an item of its own beside the index `order`: the buyer is known only once the
 * order has been read, and no attribute of an instance's index may change.
 */
export async function rememberCustomer(
  table: Table,
  key: string,
  { pk, product }: OutboxItem,
  customerId: string,
  options: WriteOptions = {},
): Promise<void> {
  if (customerId === '') return;
  const pointer: NewItem<CustomerPointer> = {
    ...keys.customer(pseudonymOf(key, customerId), pk),
    type: ITEM_TYPE.customerPointer,
    product,
    instance: pk,
  };
  await putIf<CustomerPointer>(table, pointer, { condition: 'attribute_not_exists(#pk)', values: {} }, options);
}
