import type { Key } from '../instances/keys.ts';
import { readItem, updateIf } from '../instances/write.ts';
import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';

/** Progress of a round over all instances. Times are Unix milliseconds. */
export interface Round {
  readonly startedAt: number;
  /** Key at which to go on; absent at the beginning and at the end. */
  readonly next?: Key;
  readonly checked: number;
  readonly found: number;
  readonly repaired: number;
  readonly finishedAt?: number;
}

const KEY: Key = { pk: 'RECONCILE', sk: 'ROUND' };

export async function readRound(table: Table): Promise<Round | undefined> {
  return (await readItem<{ readonly round: Round }>(table, KEY))?.round;
}

/** Keeps how far a round has come, unless a later one has begun: then this one is to end. */
export async function keepRound(table: Table, round: Round): Promise<boolean> {
  const { done } = await updateIf(table, KEY, 'SET #round = :round, #type = :type', {
    condition: 'attribute_not_exists(#pk) OR #round.#startedAt <= :startedAt',
    values: { round, type: ITEM_TYPE.reconcileCursor, startedAt: round.startedAt },
  });
  return done;
}
