import type { Renewal } from '../seller/contract.ts';
import type { Table } from '../table/table.ts';
import { type Accepted, append } from './append.ts';
import type { InstanceItem, PendingChange } from './item.ts';
import type { KeyedOptions } from './keyed.ts';
import { keys } from './keys.ts';
import { answerOrder, changeId, type Outcome } from './lifecycle.ts';
import { orderMark } from './order-mark.ts';

/** refreshInstance; times are Unix milliseconds. */
export interface RenewalCall {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly scene: Renewal['scene'];
  readonly expiresAt: number;
  readonly productId?: string;
  readonly sentAt: number;
  /** True if it unfreezes an instance that was frozen for expiry alone. */
  readonly unfreezes?: boolean;
  /** The order, sealed as `personal`, if the call told it. */
  readonly told?: string;
}

/**
 * Accepts a renewal once per order, order line and scene: a withdrawn renewal may carry the renewal's own order id.
 * The date belongs to the newest signed time; a renewal that a newer one has overtaken is accepted without its date,
 * which takes a second write; so does one that would unfreeze, but meets another reason or a newer status.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649429.html
 */
export async function acceptRenewal(
  table: Table,
  call: RenewalCall,
  now: number,
  options: KeyedOptions = {},
): Promise<Outcome> {
  const { product, instanceId, expiresAt, sentAt } = call;
  const { keyOf = keys.instance } = options;
  const key = keyOf(product, instanceId);
  const change = renewalOf(call, now);
  const answer = (item: InstanceItem | undefined) => answerOrder(item, instanceId, orderMark(change));
  const dated: Dated = {
    change: { ...change, expiresAt },
    condition: ['#expireSetAt < :sentAt'],
    set: ['#expiresAt = :expiresAt', '#expireSetAt = :sentAt'],
    values: { expiresAt, sentAt },
  };
  const overtaken = (item: InstanceItem) => item.expireSetAt >= sentAt;
  const forms: Form[] = [{ accepted: dated, givesWay: overtaken }];
  if (call.unfreezes === true && expiresAt > now) {
    const staysShut = (item: InstanceItem) => item.frozenFor?.has('status') === true || item.statusAt >= sentAt;
    const lifted = lifting(dated, { ...change, id: changeId(product, instanceId, 'unfreeze', change.id) });
    forms.unshift({ accepted: lifted, givesWay: (item) => overtaken(item) || staysShut(item) });
  }
  for (const { accepted, givesWay } of forms) {
    let tryNext = false;
    const outcome = await append(
      table,
      key,
      instanceId,
      accepted,
      (item) => {
        const known = answer(item);
        // No test can tell `item !== undefined`, for the type checker: without an item there is an answer
        tryNext = known === undefined && item !== undefined && givesWay(item);
        // Stryker disable next-line ObjectLiteral,StringLiteral,BooleanLiteral: it only ends this form, the next one answers
        return tryNext ? { resultCode: '000000', instanceId, accepted: false } : known;
      },
      options,
    );
    if (!tryNext) return outcome;
  }
  return append(table, key, instanceId, { change }, answer, options);
}

/** The change that a renewal is, without its date. */
export function renewalOf(call: RenewalCall, now: number) {
  const { product, instanceId, orderId, orderLineId, scene, productId, sentAt, told } = call;
  return {
    id: changeId(product, instanceId, scene, orderId, orderLineId),
    kind: 'renew',
    orderId,
    orderLineId,
    scene,
    ...(productId === undefined ? {} : { productId }),
    ...(told === undefined ? {} : { told }),
    acceptedAt: now,
    sentAt,
  } as const;
}

/** Accepted renewal whose date counts. */
type Dated = Accepted & Required<Pick<Accepted, 'condition' | 'set'>>;

/** One way to write a renewal that has a date, and which images in its way leave it to the next. */
interface Form {
  readonly accepted: Accepted;
  givesWay(item: InstanceItem): boolean;
}

/** The same, and nothing but the marketplace's own FREEZE keeps the instance shut: an unfreeze follows. */
function lifting(dated: Dated, { id, acceptedAt, sentAt }: PendingChange): Accepted {
  return {
    ...dated,
    followedBy: { id, kind: 'unfreeze', acceptedAt, sentAt },
    condition: [...dated.condition, 'NOT contains(#frozenFor, :status)', '#statusAt < :sentAt'],
    set: [...dated.set, '#wanted = :active'],
    remove: ['#frozenFor'],
    values: { ...dated.values, status: 'status', active: 'ACTIVE' },
  };
}
