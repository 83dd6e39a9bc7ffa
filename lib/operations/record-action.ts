import { createHash } from 'node:crypto';
import { type ActionEntry, chainEntry, NO_PIECE, type Note, type Recording } from '../instances/audit.ts';
import { type Key, keys } from '../instances/keys.ts';
import type { OutboxItem } from '../instances/queue.ts';
import { putIf, readItem, updateIf } from '../instances/write.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';

/** Action of an operator: who, when and why, and the chain's key; without one the entry stands outside any chain. */
export interface Action extends Pick<ActionEntry, 'action' | 'by' | 'at' | 'subject'> {
  /** The operator's words. */
  readonly note?: Note;
  readonly key?: string;
}

/** So often the head is read anew when it moved between the read and the write. */
const MAX_TRIES = 5;
/** Characters of the hash that names an entry outside a chain. */
const NAME_LENGTH = 22;

/** Records what an operator does to an item, for the write that does it. */
export function recordAction(table: Table, { note, key, ...action }: Action): Recording {
  let chained: Recording | undefined;
  return async (image) => {
    const fields = { product: image.product, ...action };
    if (key !== undefined) {
      chained ??= chainEntry(table, { fields, ...(note && { note }), key });
      return chained(image);
    }
    const id = createHash('sha256')
      .update(JSON.stringify([action.at, action]))
      .digest('base64url');
    const at = keys.audit(image.pk, id.slice(0, NAME_LENGTH));
    const sealed = note && { note: await note.seal(at) };
    const entry: NewItem<ActionEntry> = { ...at, type: ITEM_TYPE.auditEntry, ...fields, ...sealed };
    await putIf<ActionEntry>(table, entry, { condition: 'attribute_not_exists(#pk)', values: {} });
    return NO_PIECE;
  };
}

/**
 * Records by itself what is done to something beside an item, such as a usage record of an instance: before it is done,
 * so that nothing is done unrecorded. False if there is no such item.
 */
export async function recordAlone(table: Table, key: Key, action: Action): Promise<boolean> {
  const record = recordAction(table, action);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const item = await readItem<OutboxItem>(table, key);
    if (item === undefined) return false;
    const { sets = [], conditions, values } = await record(item);
    if (sets.length === 0) return true;
    const { done } = await updateIf(table, item, `SET ${sets.join(', ')}`, {
      condition: ['attribute_exists(#pk)', ...conditions].join(' AND '),
      values,
    });
    if (done) return true;
  }
  throw new Error(`The item changed under each of ${MAX_TRIES} writes.`);
}
