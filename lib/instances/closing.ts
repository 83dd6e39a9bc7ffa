import { randomUUID } from 'node:crypto';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { Key } from './keys.ts';
import { putIf, readItem, type WriteOptions } from './write.ts';

/*
 * The one item that closes a table, so that its items can be copied to another engine. While it says `closed`, changes are
 * answered with 000005, which the marketplace repeats; reads and test calls go on; fulfilment, usage and reconciliation
 * rest. Whoever works on the table looks at it at most every half minute: see gate.ts.
 */

/** Progress of a copy into this table. */
export interface CopyProgress {
  /** The closing of the table that is copied. */
  readonly of: string;
  /** When that table was closed, Unix milliseconds. */
  readonly closedAt: number;
  /** Key of the last item copied; absent before the first page. */
  readonly next?: Key;
  readonly items: number;
  /** Compared item by item when nobody could write any more, and found the same. */
  readonly complete: boolean;
  /** Digest over all items, hex; of a copy that is complete. */
  readonly digest?: string;
}

/** The item; one that is not there is an open table. */
export interface Closing {
  readonly closed: boolean;
  /** When the table was closed or opened, Unix milliseconds. */
  readonly since: number;
  /** Tells one closing from another. */
  readonly id: string;
  readonly copy?: CopyProgress;
  /** When everything had been copied to another table, Unix milliseconds. */
  readonly copiedAt?: number;
  /** Counts the writes. */
  readonly version: number;
}

type ClosingItem = Key & Closing;

/** Key of the item. */
export const CLOSING_KEY: Key = { pk: 'CLOSING', sk: 'CLOSING' };

/** Thrown where the item changed between a read and the write that follows. */
export class ClosingChanged extends Error {
  override readonly name = 'ClosingChanged';
}

/** Reads the item; undefined if the table was never closed. */
export function readClosing(table: Table, options: WriteOptions = {}): Promise<Closing | undefined> {
  return readItem<ClosingItem>(table, CLOSING_KEY, options);
}

/** Closes the table; one that is closed stays as it is. */
export async function closeTable(table: Table, now: number): Promise<Closing> {
  const before = await readClosing(table);
  if (before?.closed) return before;
  return replaceClosing(table, before, { closed: true, since: now, id: randomUUID() });
}

/** Opens the table; one that is open stays as it is. */
export async function openTable(table: Table, now: number): Promise<Closing | undefined> {
  const before = await readClosing(table);
  if (before === undefined || !before.closed) return before;
  const { id, copy, copiedAt } = before;
  return replaceClosing(table, before, {
    ...{ closed: false, since: now, id },
    ...(copy && { copy }),
    ...(copiedAt !== undefined && { copiedAt }),
  });
}

/** Writes the item anew, unless somebody else has. @throws ClosingChanged */
export async function replaceClosing(
  table: Table,
  before: Closing | undefined,
  next: Omit<Closing, 'version'>,
): Promise<Closing> {
  const version = (before?.version ?? 0) + 1;
  const item: NewItem<ClosingItem> = { ...CLOSING_KEY, ...next, type: ITEM_TYPE.closing, version };
  const rule =
    before === undefined
      ? { condition: 'attribute_not_exists(#pk)', values: {} }
      : { condition: '#version = :version', values: { version: before.version } };
  const { done } = await putIf<ClosingItem>(table, item, rule);
  if (!done) throw new ClosingChanged(`Somebody else closes, opens or copies ${table.name} at this moment.`);
  return item;
}
