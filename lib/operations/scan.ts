import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key } from '../instances/keys.ts';
import type { Table } from '../table/table.ts';

/** An item as it lies in the table. */
export type StoredItem = Key & Readonly<Record<string, unknown>>;

/** Items of one request, and where the next one goes on; `next` is absent at the end. */
export interface ItemPage {
  readonly items: readonly StoredItem[];
  readonly next?: Key;
}

/** Items read in one request. */
const PAGE = 100;

/** Reads a page of the whole table, as it is now. @param from where the page before ended */
export async function readItemPage(table: Table, from: Key | undefined): Promise<ItemPage> {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new ScanCommand({
      TableName: table.name,
      ConsistentRead: true,
      Limit: PAGE,
      ...(from === undefined ? {} : { ExclusiveStartKey: { pk: { S: from.pk }, sk: { S: from.sk } } }),
    }),
  );
  const items = Items.map((item: Record<string, AttributeValue>) => unmarshall(item) as StoredItem);
  if (LastEvaluatedKey === undefined) return { items };
  const { pk, sk } = unmarshall(LastEvaluatedKey) as Key;
  return { items, next: { pk, sk } };
}

/**
 * Reads every item of the table, one after the other.
 * @param progress told how many have been read, after each page @param behind key that it begins behind
 */
export async function* everyItem(
  table: Table,
  progress: (items: number) => void = () => {},
  behind?: Key,
): AsyncGenerator<StoredItem, void, undefined> {
  let read = 0;
  let from = behind;
  do {
    const { items, next } = await readItemPage(table, from);
    yield* items;
    read += items.length;
    progress(read);
    from = next;
  } while (from !== undefined);
}
