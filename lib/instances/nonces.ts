import { randomUUID } from 'node:crypto';
import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { type Key, keys } from './keys.ts';
import { putIf, type WriteOptions } from './write.ts';

/** Milliseconds a nonce is kept: several times the window within which its signed time is accepted. */
const KEPT_MS = 600_000;

interface NonceItem extends Key {
  readonly token: string;
  /** Unix seconds, for the table's own clearing away; until that happens, the condition looks at it. */
  readonly ttl: number;
}

/**
 * Claims a nonce; false means that another call has claimed it: a replay.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 * @param options.newToken tells our own write, repeated by the SDK after a lost answer, from a rival's
 */
export async function claimNonce(
  table: Table,
  product: string,
  nonce: string,
  now: number,
  options: WriteOptions & { readonly newToken?: () => string } = {},
): Promise<boolean> {
  const token = (options.newToken ?? randomUUID)();
  const { done, item } = await putIf<NonceItem>(
    table,
    { ...keys.nonce(product, nonce), type: ITEM_TYPE.nonce, token, ttl: Math.ceil((now + KEPT_MS) / 1000) },
    { condition: 'attribute_not_exists(#pk) OR #ttl < :now', values: { now: Math.floor(now / 1000) } },
    options,
  );
  return done || item?.token === token;
}
