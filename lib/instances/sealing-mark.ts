import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { Key } from './keys.ts';
import { readItem, updateIf, type WriteOptions } from './write.ts';

/** Says that every sealed value is bound to its item, and of each kind which key seals all of them. */
export interface SealingMark {
  /** Unix milliseconds. */
  readonly at: number;
  /** Id of the key, by kind. */
  readonly kids: Readonly<Record<string, string>>;
}

/** Key of the installation's mark. */
export const SEALING_MARK: Key = { pk: 'SEALING', sk: 'MARK' };

/** The installation's mark; undefined before everything was sealed anew for the first time. */
export async function readSealingMark(table: Table, options: WriteOptions = {}): Promise<SealingMark | undefined> {
  return (await readItem<{ readonly mark: SealingMark }>(table, SEALING_MARK, options))?.mark;
}

/** Sets the mark, unless a newer one is there. */
export async function setSealingMark(table: Table, mark: SealingMark): Promise<void> {
  await updateIf(table, SEALING_MARK, 'SET #mark = :mark, #type = :type', {
    condition: 'attribute_not_exists(#pk) OR #mark.#at <= :at',
    values: { mark, type: ITEM_TYPE.sealing, at: mark.at },
  });
}
