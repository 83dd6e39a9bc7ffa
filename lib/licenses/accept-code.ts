import { acceptRelease, type ReleaseCall, releaseOf } from '../instances/accept-release.ts';
import { acceptRenewal, type RenewalCall, renewalOf } from '../instances/accept-renewal.ts';
import { acceptStatus, type StatusCall, statusOf } from '../instances/accept-status.ts';
import type { PendingChange } from '../instances/item.ts';
import { keys, shardOf } from '../instances/keys.ts';
import type { LicenseItem } from '../instances/license-item.ts';
import { type Outcome, STATUSES } from '../instances/lifecycle.ts';
import { isOrdered, orderMark } from '../instances/order-mark.ts';
import { putIf, type WriteOptions } from '../instances/write.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';

/**
 * Effects of License 2.0's calls on the table. The marketplace makes the codes, so nobody announces a new one: the
 * first call about a code records it. From then on a code lives by the rules of an instance: an order counts once, the
 * newest signed status wins, a release is for good. `instanceId` of a call is the code.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649167.html, …168.html, …169.html
 */

/** refreshLicenseCode. */
export function acceptCodeRenewal(
  table: Table,
  call: RenewalCall,
  now: number,
  options: WriteOptions = {},
): Promise<Outcome> {
  const { expiresAt, sentAt } = call;
  const change = { ...renewalOf(call, now), expiresAt };
  const first = { expiresAt, expireSetAt: sentAt };
  return recorded(table, call, change, first, options, () =>
    acceptRenewal(table, call, now, { ...options, keyOf: keys.license }),
  );
}

/** updateLicenseCodeStatus. */
export function acceptCodeStatus(
  table: Table,
  call: StatusCall,
  now: number,
  options: WriteOptions = {},
): Promise<Outcome> {
  const { status, sentAt } = call;
  const { wanted } = STATUSES[status];
  // Who is to be let in again was shut out before we heard of the code.
  const state = status === 'UNFREEZE' ? 'FROZEN' : 'ACTIVE';
  const frozen = status === 'FREEZE' ? { frozenFor: new Set(['status'] as const) } : {};
  return recorded(table, call, statusOf(call, now), { wanted, state, statusAt: sentAt, ...frozen }, options, () =>
    acceptStatus(table, call, now, { ...options, keyOf: keys.license }),
  );
}

/** releaseLicenseCode. */
export function acceptCodeRelease(
  table: Table,
  call: ReleaseCall,
  now: number,
  options: WriteOptions = {},
): Promise<Outcome> {
  const first = { wanted: 'RELEASED', releasedAt: now } as const;
  return recorded(table, call, releaseOf(call, now), first, options, () =>
    acceptRelease(table, call, now, { ...options, keyOf: keys.license }),
  );
}

/** Accepts a call about a code that is known, else records the code with it, in one conditional write either way. */
async function recorded(
  table: Table,
  { product, instanceId: license }: { readonly product: string; readonly instanceId: string },
  change: PendingChange,
  first: Partial<LicenseItem>,
  options: WriteOptions,
  accept: () => Promise<Outcome>,
): Promise<Outcome> {
  const known = await accept();
  if (known.absent === undefined) return known;
  const key = keys.license(product, license);
  const item: NewItem<LicenseItem> = {
    ...key,
    type: ITEM_TYPE.license,
    product,
    license,
    wanted: 'ACTIVE',
    state: 'ACTIVE',
    // A set is never empty, so a code begins with the mark of its own making, which no order bears.
    orders: new Set(isOrdered(change) ? ['first', orderMark(change)] : ['first']),
    statusAt: 0,
    expireSetAt: 0,
    createdAt: change.acceptedAt,
    pending: [change],
    failed: {},
    attempts: 0,
    dueShard: shardOf(key),
    dueAt: 0,
    ...first,
  };
  const rule = { condition: 'attribute_not_exists(#pk)', values: {} };
  const { done } = await putIf<LicenseItem>(table, item, rule, options);
  return done ? { resultCode: '000000', instanceId: license, accepted: true } : accept();
}
