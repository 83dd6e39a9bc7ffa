import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { type Key, productOf } from './keys.ts';
import { changeIf, putIf, type WriteOptions } from './write.ts';

/*
 * Work that ends leaves the index `due`, even if it ended badly. So what somebody has to look at is marked by an item
 * of its own in a shard of its own: the alarms find it by a query, and look at the item itself whether the trouble is still
 * there. A mark is written before what it marks, so that no end goes unmarked.
 */

/**
 * `set-aside`: a change that cannot succeed. `usage-refused`: a record that is not billed. `early-freeze`: a freeze before
 * the end of the paid period. `unsettled-release`: an instance that was released before all its usage had been pushed.
 */
export type TroubleKind = 'set-aside' | 'usage-refused' | 'early-freeze' | 'unsettled-release';

/** A purchase that came to nothing: `refused` by the seller's code, or `failed`. */
export type LostPurchase = 'refused' | 'failed';

/** A mark. Times are Unix milliseconds. */
export interface Trouble extends Key {
  readonly kind: TroubleKind;
  readonly product: string;
  /** Key of the item that it is about. */
  readonly of: Key;
  /** Present on a purchase that was not provisioned: it counts as a failed order. */
  readonly purchase?: LostPurchase;
  /** Both absent once nobody has to look any more; `dueAt` is when it happened. */
  readonly dueShard?: number;
  readonly dueAt?: number;
}

/** Shard of the index `due` that marks lie in; changes have 0 to 7, usage has 8 to 15. */
export const TROUBLE_SHARD = 16;

/** Seconds for which a mark that is dealt with is kept. */
const KEPT_SECONDS = 7 * 86_400;

/** Marks an item; a mark of the same kind is renewed. A lost purchase has a mark of its own, so that it stays counted. */
export async function markTrouble(
  table: Table,
  of: Key,
  { kind, now, purchase }: { readonly kind: TroubleKind; readonly now: number; readonly purchase?: LostPurchase },
  options: WriteOptions = {},
): Promise<void> {
  const { pk, sk } = of;
  const mark: NewItem<Trouble> = {
    pk: `TROUBLE#${pk}`,
    sk: `${purchase ? 'purchase' : kind}#${sk}`,
    type: ITEM_TYPE.trouble,
    kind,
    product: productOf(of),
    of: { pk, sk },
    ...(purchase && { purchase }),
    dueShard: TROUBLE_SHARD,
    dueAt: now,
  };
  const rule = { condition: 'attribute_not_exists(#dueAt) OR #dueAt <= :now', values: { now } };
  await putIf<Trouble>(table, mark, rule, options);
}

/** Takes a mark out of the index; one that was renewed meanwhile stays. */
export async function clearTrouble(
  table: Table,
  mark: Trouble,
  now: number,
  options: WriteOptions = {},
): Promise<void> {
  const { dueAt } = mark;
  await changeIf(
    table,
    mark,
    'SET #ttl = :ttl REMOVE #dueShard, #dueAt',
    { condition: '#dueAt = :dueAt', values: { dueAt, ttl: Math.floor(now / 1_000) + KEPT_SECONDS } },
    options,
  );
}
