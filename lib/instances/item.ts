import type { RefusalCode } from '../protocol/result-codes.ts';
import type { FreezeReason } from '../protocol/v1/messages.ts';
import type { Renewal } from '../seller/contract.ts';
import type { UsageTotals } from './usage-totals.ts';

/** Target state that the marketplace has asked for. Written on accept; conditions look at it. */
export type Wanted = 'ACTIVE' | 'FROZEN' | 'RELEASED';

/** State that the seller's code has reached. Written by fulfilment; queryInstance reports it. */
export type State = 'PENDING' | 'ACTIVE' | 'FROZEN' | 'RELEASED' | 'FAILED';

/** Members of every change in an outbox. Times are Unix milliseconds. */
export interface Queued {
  /** Idempotency key: a function of the item and of what is asked, so a repeat has the same. */
  readonly id: string;
  readonly acceptedAt: number;
  /** The signed time of the call. */
  readonly sentAt: number;
  /** When it was queued again after it had been set aside; the window for a purchase then counts from here. */
  readonly requeuedAt?: number;
  /** Present on an order that status changes have been carried out before, though they were accepted later. */
  readonly overtaken?: Overtaken;
}

/** The state in which an order waits that status changes have overtaken. */
export interface Overtaken {
  /** Attempts made before. */
  readonly attempts: number;
  /** When the next one is due, Unix milliseconds. */
  readonly dueAt: number;
  /** Reason why the last one failed. */
  readonly lastError?: string;
}

/** An accepted change on its way to the seller's code: an entry of `pending`. */
export type PendingChange = Queued &
  (
    | ({
        readonly kind: 'provision';
        readonly orderId: string;
        readonly orderLineId: string;
        /** Number of clean-ups of the instance before; absent: none. */
        readonly round?: number;
      } & Told)
    | {
        /** Asks the seller's code to remove what a purchase that failed may have left. */
        readonly kind: 'cleanUp';
        /** Counts from 1. */
        readonly round: number;
      }
    | ({
        readonly kind: 'renew';
        readonly orderId: string;
        readonly orderLineId: string;
        readonly scene: Renewal['scene'];
        /** Absent if a newer renewal had been accepted before: then the instance's own expiry counts. */
        readonly expiresAt?: number;
        readonly productId?: string;
      } & Told)
    | {
        readonly kind: 'freeze' | 'unfreeze';
        /** Carried out once more behind an order that it had overtaken, whatever the state. */
        readonly again?: true;
      }
    | ({ readonly kind: 'upgrade'; readonly orderId: string; readonly orderLineId: string } & Told)
    | { readonly kind: 'release'; readonly orderId?: string; readonly orderLineId?: string }
    | { readonly kind: 'orderNotified'; readonly orderId: string; readonly orderLineId: string }
    | { readonly kind: 'issueLicense' | 'deliverLicense' }
  );

/** Order that the call itself brought (V1.0): the Order, sealed as `personal`. Elsewhere the marketplace is asked. */
interface Told {
  readonly told?: string;
}

export type ChangeKind = PendingChange['kind'];

/** A change that was set aside: an entry of `failed`. */
export type FailedChange = PendingChange & {
  readonly reason: string;
  readonly failedAt: number;
  /** A purchase that was followed by a clean-up: asked for again, it is another one. */
  readonly cleansUp?: true;
};

/** Number and MAC of the newest entry of an item's history. */
export interface AuditHead {
  readonly n: number;
  readonly mac: string;
}

/** Members that every item with an outbox has: instances and order notices. */
export interface Outbox {
  readonly pk: string;
  readonly sk: string;
  readonly product: string;
  /** Accepted changes, oldest first; the put creates the list. */
  readonly pending: readonly PendingChange[];
  /** Changes set aside because they cannot succeed, by change id; the put creates the map. */
  readonly failed: Readonly<Record<string, FailedChange>>;
  /** Attempts made for `pending[0]`. */
  readonly attempts: number;
  /** Both present only while something is pending: the sparse index `due`. `dueShard` is 0 to 7. */
  readonly dueShard?: number;
  readonly dueAt?: number;
  /** Random token of the worker that holds the item, and when its hold ends. */
  readonly leaseOwner?: string;
  readonly leaseUntil?: number;
  /** Error that ended the last attempt; free of secrets. */
  readonly lastError?: string;
  /** The newest entry that counts; absent before the first. See lib/instances/audit.ts. */
  readonly auditHead?: AuditHead;
}

/** The instance: business record, idempotency record and outbox in one item. */
export interface InstanceItem extends Outbox {
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  /** Both keys of the index `order`, written with the item and never again; see lib/instances/order-key.ts. */
  readonly orderKey?: string;
  readonly lineKey?: string;
  readonly wanted: Wanted;
  readonly state: State;
  /** `activity/scene#orderId#orderLineId` of each order carried into the instance; a string set. */
  readonly orders: ReadonlySet<string>;
  /** Signed time of the newest status call; 0 before the first. */
  readonly statusAt: number;
  /** Reasons for `wanted` FROZEN; a string set, absent otherwise. A renewal may lift `expired`, never `status`. */
  readonly frozenFor?: ReadonlySet<FreezeReason>;
  /** End of the paid period and the signed time of the call that set it (0: from the purchase's order). */
  readonly expiresAt?: number;
  readonly expireSetAt: number;
  readonly createdAt: number;
  readonly chargingMode?: string;
  /** Sealed as `credentials`: the seller's Access. */
  readonly access?: string;
  /**
   * An alias: the item stands where the id of an imported instance's order would be derived to, and holds the id that was
   * given out before. To all calls but newInstance it is as good as released.
   */
  readonly aliasOf?: string;
  /** License 1.0: the purchase is carried out by issuing a licence. */
  readonly buysLicense?: boolean;
  /** Sealed as `credentials`: the licence that License 1.0 gives out with the purchase. */
  readonly licence?: string;
  /** Sealed as `personal`: the purchase's Order. */
  readonly order?: string;
  /** Reason for `state` FAILED. `resultCode` is there if the seller refused; otherwise no answer came in time. */
  readonly failure?: { readonly resultCode?: RefusalCode; readonly reason: string };
  /** When the release was accepted; nothing is used after it. */
  readonly releasedAt?: number;
  /** Sold on demand: the product of the order line that this instance is for; a line may have several. */
  readonly productId?: string;
  /** Totals of the instance's usage, if there is any: see lib/usage/totals.ts. */
  readonly usage?: UsageTotals;
  /** Milliseconds of the longest period that was reported, if one was longer than 25 hours. */
  readonly usageSpan?: number;
  /** It was given out before KooGate: when it was bought, and until when it is paid, only the seller's file has said. */
  readonly imported?: true;
}

/** An order notification on its way to the seller's code. */
export interface OrderNoticeItem extends Outbox {
  readonly orderId: string;
  readonly orderLineId: string;
  readonly createdAt: number;
}
