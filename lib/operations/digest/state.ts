import type { Key } from '../../instances/keys.ts';
import { putIf, readItem } from '../../instances/write.ts';
import { ITEM_TYPE } from '../../table/item-type.ts';
import type { Table } from '../../table/table.ts';
import type { FinishedRound, Round } from './round.ts';

/** Progress of the daily digest: one item. */
export interface DigestState {
  /** Number of writes; a write counts only on the one before. */
  readonly writes: number;
  readonly round?: Round;
  /** The newest round that is done. */
  readonly finished?: FinishedRound;
  /** Day's moment that a digest was sent for last, Unix milliseconds. */
  readonly sentFor?: number;
}

const KEY: Key = { pk: 'DIGEST', sk: 'DIGEST' };

/** Reads how far the digest is. */
export async function readDigest(table: Table): Promise<DigestState> {
  return (await readItem<Key & DigestState>(table, KEY)) ?? { writes: 0 };
}

/** Keeps how far it is. @throws Error if another process has gone on meanwhile */
export async function keepDigest(table: Table, state: DigestState): Promise<DigestState> {
  const { writes, round, finished, sentFor } = state;
  const next = {
    writes: writes + 1,
    ...(round && { round }),
    ...(finished && { finished }),
    ...(sentFor !== undefined && { sentFor }),
  };
  const { done } = await putIf(
    table,
    { ...KEY, type: ITEM_TYPE.digest, ...next },
    {
      condition: 'attribute_not_exists(#writes) OR #writes = :writes',
      values: { writes },
    },
  );
  if (!done) throw new Error('Another process has gone on with the digest meanwhile.');
  return next;
}
