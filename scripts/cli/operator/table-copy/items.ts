import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { ITEM_TYPE } from '../../../../lib/table/item-type.ts';
import type { Table } from '../../../../lib/table/table.ts';

/** An item as the table holds it. */
export type Attributes = Record<string, AttributeValue>;

/** Key of an item as the table holds it. */
export interface RawKey {
  readonly pk: string;
  readonly sk: string;
}

/** Items asked for at once. */
const PAGE = 100;
/** Writes under way at once. */
const PARALLEL = 8;
/** Repeats of a request that failed, and milliseconds of the pause before the first. */
const [RETRIES, FIRST_PAUSE_MS] = [4, 100];
/** Attempts at a batch that is answered in parts. */
const MAX_TRIES = 20;

/** Kinds of items that belong to their table and not to the installation. */
const OWN: readonly string[] = [ITEM_TYPE.closing, ITEM_TYPE.jobLease];

/**
 * Makes a table that repeats a request which failed, after pauses that grow: whatever a copy sends may be sent twice. A
 * failed condition is an answer, and stays one.
 */
export function patient({ client, name }: Table): Table {
  const send = async (...args: readonly unknown[]): Promise<unknown> => {
    for (let pauses = 0; ; pauses += 1) {
      try {
        return await (Reflect.apply(client.send, client, args) as Promise<unknown>);
      } catch (error) {
        const isAnswer = ['ConditionalCheckFailedException', 'ValidationException'].includes(Object(error).name);
        if (isAnswer || pauses >= RETRIES) throw error;
        await pause(FIRST_PAUSE_MS * 2 ** pauses);
      }
    }
  };
  return { client: { send: send as Table['client']['send'] }, name };
}

/** Reads the items of a table page by page, from behind a key on. */
export async function* pagesOf(table: Table, from?: RawKey): AsyncGenerator<readonly Attributes[], void, undefined> {
  let next = from && keyAttributes(from);
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new ScanCommand({
        TableName: table.name,
        ConsistentRead: true,
        Limit: PAGE,
        ...(next && { ExclusiveStartKey: next }),
      }),
    );
    yield Items;
    next = LastEvaluatedKey;
  } while (next !== undefined);
}

/** Says whether an item moves: not what belongs to its table alone, and not what has expired. @param now milliseconds */
export function isMoved(item: Attributes, now: number): boolean {
  const isExpired = item.ttl?.N !== undefined && Number(item.ttl.N) * 1_000 <= now;
  return !isExpired && !OWN.includes(item.type?.S ?? '');
}

/** Reads items by their keys. */
export async function itemsAt(table: Table, keys: readonly RawKey[]): Promise<ReadonlyMap<string, Attributes>> {
  const found = new Map<string, Attributes>();
  for (let start = 0; start < keys.length; start += PAGE) {
    let request: BatchGetItemCommandOutput['UnprocessedKeys'] = {
      [table.name]: { Keys: keys.slice(start, start + PAGE).map(keyAttributes), ConsistentRead: true },
    };
    for (let tries = 0; request?.[table.name] !== undefined; tries += 1) {
      if (tries > MAX_TRIES)
        throw new Error(`The table ${table.name} left a read unprocessed, however often it was asked.`);
      const answer: BatchGetItemCommandOutput = await table.client.send(
        new BatchGetItemCommand({ RequestItems: request }),
      );
      for (const item of answer.Responses?.[table.name] ?? []) found.set(nameOf(item), item);
      request = answer.UnprocessedKeys;
    }
  }
  return found;
}

/** Puts items, whatever stands there. */
export function putAll(table: Table, items: readonly Attributes[]): Promise<void> {
  return inParallel(items, (Item) => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
}

/** Deletes items. */
export function deleteAll(table: Table, keys: readonly RawKey[]): Promise<void> {
  return inParallel(keys, (key) =>
    table.client.send(new DeleteItemCommand({ TableName: table.name, Key: keyAttributes(key) })),
  );
}

async function inParallel<One>(all: readonly One[], work: (one: One) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < all.length; start += PARALLEL) {
    await Promise.all(all.slice(start, start + PARALLEL).map(work));
  }
}

/** Key of an item. */
export function keyOf({ pk, sk }: Attributes): RawKey {
  return { pk: pk?.S ?? '', sk: sk?.S ?? '' };
}

/** Text that no other key has. */
export function nameOf(item: Attributes): string {
  const { pk, sk } = keyOf(item);
  return JSON.stringify([pk, sk]);
}

function keyAttributes({ pk, sk }: RawKey): Attributes {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** Hash of an item: the same on every engine, in whatever order it gives members and writes numbers. SHA-256. */
export function hashOf(item: Attributes): Buffer {
  return hash('sha256', JSON.stringify(canonical({ M: item })), 'buffer');
}

/** Members by their names, sets in order, numbers in one spelling. */
function canonical(value: AttributeValue): unknown {
  if (value.M !== undefined) {
    const members = Object.entries(value.M).sort(([a], [b]) => (a < b ? -1 : 1));
    return ['M', members.map(([name, member]) => [name, canonical(member)])];
  }
  if (value.L !== undefined) return ['L', value.L.map(canonical)];
  if (value.N !== undefined) return ['N', decimal(value.N)];
  if (value.SS !== undefined) return ['SS', [...value.SS].sort()];
  if (value.NS !== undefined) return ['NS', value.NS.map(decimal).sort()];
  if (value.BS !== undefined) return ['BS', value.BS.map((bytes) => Buffer.from(bytes).toString('base64')).sort()];
  if (value.B !== undefined) return ['B', Buffer.from(value.B).toString('base64')];
  return ['other', value.S ?? value.BOOL ?? null, value.S === undefined ? 'no text' : 'text'];
}

/** Digits and exponent of a number, without regard to how it is spelt: 1.50, 15e-1 and +1.5 are the same. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign === '-' ? '-' : ''}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}
