import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetItemCommand, type BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Table } from '../table/table.ts';
import type { InstanceItem } from './item.ts';
import { type Key, keys } from './keys.ts';
import { sendOptions, type WriteOptions } from './write.ts';

/** Limit on the items that one request may ask for. */
const BATCH = 100;
/** So often what the table left unprocessed is asked for again, after 25, 50, 100 … milliseconds. */
const MAX_RETRIES = 6;

/** The instances of a product by id, as they are now; ids that nobody bought are missing. */
export async function readInstances(
  table: Table,
  product: string,
  ids: readonly string[],
  options: WriteOptions = {},
): Promise<Map<string, InstanceItem>> {
  const wanted = new Map([...new Set(ids)].map((id) => [keys.instance(product, id).pk, id]));
  const found = new Map<string, InstanceItem>();
  for (const item of await readItems<InstanceItem>(table, [...wanted.keys()].map(instanceKey), options)) {
    const id = wanted.get(item.pk);
    // No test can tell the condition, for the type checker: only what was wanted comes
    if (id !== undefined) found.set(id, item);
  }
  return found;
}

/** Items of any kind as they are now, in no order; those that are not there are missing. Each key is to be named once. */
export async function readItems<Item extends Key>(
  table: Table,
  wanted: readonly Key[],
  options: WriteOptions = {},
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (let start = 0; start < wanted.length; start += BATCH) {
    found.push(...(await readBatch<Item>(table, wanted.slice(start, start + BATCH), options)));
  }
  return found;
}

function instanceKey(pk: string): Key {
  return { pk, sk: 'INSTANCE' };
}

async function readBatch<Item>(table: Table, wanted: readonly Key[], options: WriteOptions): Promise<readonly Item[]> {
  const items: Item[] = [];
  let request: BatchGetItemCommandOutput['UnprocessedKeys'] = {
    [table.name]: { Keys: wanted.map(({ pk, sk }) => marshall({ pk, sk })), ConsistentRead: true },
  };
  for (let tries = 0; request?.[table.name] !== undefined; tries += 1) {
    if (tries > MAX_RETRIES) throw new Error('The table left a read unprocessed, however often it was asked.');
    // No test can tell how long the pauses are
    if (tries > 0) await pause(25 * 2 ** (tries - 1), undefined, options);
    const answer: BatchGetItemCommandOutput = await table.client.send(
      new BatchGetItemCommand({ RequestItems: request }),
      sendOptions(options),
    );
    for (const item of answer.Responses?.[table.name] ?? []) items.push(unmarshall(item) as Item);
    request = answer.UnprocessedKeys;
  }
  return items;
}
