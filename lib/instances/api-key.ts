import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { type Key, keys } from './keys.ts';
import { putIf, type WriteOptions, type Written } from './write.ts';

/** The key of one customer for all of the seller's models. */
export interface ApiKeyItem extends Key {
  readonly product: string;
  /** Sealed as `credentials`. */
  readonly apikey: string;
  readonly createdAt: number;
}

/** Keeps the key of a customer who has none yet; otherwise the one that stands stays. */
export function keepApiKey(
  table: Table,
  { product, customerId, apikey }: { readonly product: string; readonly customerId: string; readonly apikey: string },
  now: number,
  options: WriteOptions = {},
): Promise<Written<ApiKeyItem>> {
  const item = { ...keys.apiKey(product, customerId), type: ITEM_TYPE.apiKey, product, apikey, createdAt: now };
  return putIf<ApiKeyItem>(table, item, { condition: 'attribute_not_exists(#pk)', values: {} }, options);
}
