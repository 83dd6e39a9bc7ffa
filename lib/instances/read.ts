import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetItemCommand, type BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Table } from '../table.ts';
import type { InstanceItem } from './item.ts';
import { keys } from './keys.ts';
import { sendOptions, type WriteOptions } from './write.ts';

/** What one request may ask for. */
const BATCH = 100;
/** So often what the table left unprocessed is asked for again, after 25, 50, 100 … milliseconds. */
const RETRIES = 6;

/** The instances of a product by id, as they are now; ids that nobody bought are missing. */
export async function readInstances(
  table: Table,
  product: string,
  ids: readonly string[],
  options: WriteOptions = {},
): Promise<Map<string, InstanceItem>> {
  const wanted = new Map([...new Set(ids)].map((id) => [keys.instance(product, id).pk, id]));
  const found = new Map<string, InstanceItem>();
  const pks = [...wanted.keys()];
  for (let start = 0; start < pks.length; start += BATCH) {
    for (const item of await readBatch(table, pks.slice(start, start + BATCH), options)) {
      const id = wanted.get(item.pk);
      if (id !== undefined) found.set(id, item);
    }
  }
  return found;
}

async function readBatch(
  table: Table,
  pks: readonly string[],
  options: WriteOptions,
): Promise<readonly InstanceItem[]> {
  const items: InstanceItem[] = [];
  let request: BatchGetItemCommandOutput['UnprocessedKeys'] = {
    [table.name]: { Keys: pks.map((pk) => marshall({ pk, sk: 'INSTANCE' })), ConsistentRead: true },
  };
  for (let tries = 0; request?.[table.name] !== undefined; tries += 1) {
    if (tries > RETRIES) throw new Error('The table left a read unprocessed, however often it was asked.');
    if (tries > 0) await pause(25 * 2 ** (tries - 1), undefined, options);
    const answer: BatchGetItemCommandOutput = await table.client.send(
      new BatchGetItemCommand({ RequestItems: request }),
      sendOptions(options),
    );
    for (const item of answer.Responses?.[table.name] ?? []) items.push(unmarshall(item) as InstanceItem);
    request = answer.UnprocessedKeys;
  }
  return items;
}
