import type { RefusalCode } from '../protocol/result-codes.ts';
import type { IssuedLicense, LicenseApplication, LicenseHooks, LicenseRefused } from './license-contract.ts';
import type { LoginHooks } from './login-contract.ts';
import type { ApikeyApplication, AppliedApikey } from './maas-contract.ts';
import type { TenantHooks } from './tenant-contract.ts';
import type { UsageAnswer, UsageQuestion } from './usage-contract.ts';

/**
 * Code of a seller: one object with a function per thing that can happen to a sold product.
 *
 * Every change reaches the seller at least once, in order per instance, with an idempotency key that is the same for
 * every attempt of that change. Freeze, unfreeze and release may overtake a renewal or an upgrade that fails, nothing
 * else may; when that ends, the newest freeze or unfreeze is called once more, under a key of its own. A function that
 * throws, or takes longer than the product's time-out, is called again later with the same key. Only types are imported
 * here, so this file costs nothing at run time.
 */
export interface Seller {
  /**
   * Marks a seller that is there to try things out: no stage runs it but one whose purpose is `demonstration`. Take the
   * line out once the code makes real instances.
   */
  readonly demonstration?: true;
  /** Someone bought: make the instance and say how its owner gets in. */
  provision(change: Purchase, context: HookContext): Promise<Provisioned | Refused | Failed>;
  /**
   * Renewed, converted from a trial, or a renewal withdrawn: from now on the instance ends at `expiresAt`. Neither opens
   * nor shuts the door: an instance that is frozen stays frozen.
   */
  renew(change: Renewal, context: HookContext): Promise<Done | Failed>;
  /** Expired or in violation: shut the door, keep the data. */
  freeze(change: Change, context: HookContext): Promise<Done | Failed>;
  /** Paid again or cleared: open the door. */
  unfreeze(change: Change, context: HookContext): Promise<Done | Failed>;
  /** Another specification was bought for the instance; `upgradeOrder` says which. Neither opens nor shuts the door. */
  upgrade(change: Upgrade, context: HookContext): Promise<Done | Failed>;
  /**
   * The instance has ended: remove it. Also called for an instance whose provisioning never finished, and to clean up
   * after a purchase that failed for good: then `wanted` is not RELEASED, and another purchase of the same instance may follow,
   * under a key of its own.
   */
  release(change: Change, context: HookContext): Promise<Done | Failed>;
  /**
   * May the instance change to this product at renewal? Asked while the buyer waits: answer within two seconds and
   * change nothing. Absent means yes.
   */
  canChange?(
    change: ChangeQuestion,
    context: HookContext,
  ): Promise<{ readonly allowed: boolean; readonly reason?: string }>;
  /**
   * Gives the usage of on-demand instances and packages by now, in real time. Asked while somebody looks: answer within
   * a second and change nothing. Absent, late or failing means that what was pushed is shown.
   */
  usage?(question: UsageQuestion, context: HookContext): Promise<UsageAnswer>;
  /**
   * Online License: a device applies for a licence of an instance that was provisioned. License 1.0: somebody bought, and
   * the licence is all there is, so this is called in the place of `provision`. Answer within three seconds if you can:
   * then a refusal still reaches the marketplace. A product that issues licences must have it.
   */
  issueLicense?(
    application: LicenseApplication,
    context: HookContext,
  ): Promise<IssuedLicense | LicenseRefused | Failed>;
  /** License 2.0: what became of the codes that the marketplace made. Absent means nothing is to be done. */
  readonly licenses?: LicenseHooks;
  /**
   * Models sold through the marketplace's model platform: a customer subscribes to one of yours for the first time. Give
   * its key, one for all models, within three seconds; one that is late, fails or refuses makes the subscription fail. A
   * product of this kind must have it.
   */
  applyApikey?(application: ApikeyApplication, context: HookContext): Promise<AppliedApikey | Refused>;
  /**
   * A customer is to be erased, by `koogate erase`: erase what is kept of them, notes included. It may be called again.
   * A server behind the HTTP seller gets the event `erase`.
   */
  erase?(erasure: Erasure, context: HookContext): Promise<Done>;
  /** An order of the seller's was paid (order notification). Absent means nothing is to be done. */
  orderNotified?(change: OrderNotice, context: HookContext): Promise<Done | Failed>;
  /** Functions for the marketplace's tenants, their users and departments (products of joint operation). */
  readonly tenants?: TenantHooks;
  /** Functions for users that KooGate's login function has signed in (products of joint operation). */
  readonly login?: LoginHooks;
}

/** Context of every call of a hook. */
export interface HookContext {
  /** Stable over all attempts of one change, different for any two changes; at most 64 characters `[A-Za-z0-9_-]`. */
  readonly idempotencyKey: string;
  /** Aborted when the attempt's time is up; pass it on to `fetch` and the like. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The moment the attempt began. */
  readonly now: Date;
  /**
   * A secret of the seller's own: `seller.own.<name>` in a secrets file, from where it comes into Parameter Store.
   * Rejects if there is none of that name.
   */
  secret(name: string): Promise<string>;
  /** Items of the seller's own, kept in KooGate's table below the product; see {@link Notes}. */
  readonly notes: Notes;
}

/** A small key-value store for sellers without a database of their own. Values are JSON, at most 100 KB; store no secrets. */
export interface Notes {
  get(key: string): Promise<unknown>;
  /** Writes, replacing what was there. */
  put(key: string, value: unknown): Promise<void>;
  /** Writes unless the key exists; false if it did. */
  create(key: string, value: unknown): Promise<boolean>;
  delete(key: string): Promise<void>;
}

export interface Instance {
  readonly product: string;
  /** The id the marketplace knows the instance by. */
  readonly instanceId: string;
  /** The order and order line that bought it; V1.0 and License 1.0 know no lines, there it is empty. */
  readonly orderId: string;
  readonly orderLineId: string;
  /** End of the paid period, as far as known: approximate until the first renewal. Absent for one-time and on-demand. */
  readonly expiresAt?: Date;
  /** State that the seller's code has been notified of so far. */
  readonly state: 'PENDING' | 'ACTIVE' | 'FROZEN' | 'RELEASED' | 'FAILED';
}

/** One order as the marketplace's order query describes it. Unknown members are kept out; absent ones were not sent. */
export interface Order {
  readonly orderId: string;
  readonly orderType: 'NEW' | 'TRIAL' | 'TRIAL_TO_FORMAL' | 'UNSUBSCRIBE' | 'RENEW' | 'CHANGE' | (string & {});
  /** When the buyer ordered. */
  readonly createdAt?: Date;
  /** The line the call was about. */
  readonly line: OrderLine;
  readonly buyer?: Buyer;
  /** Values that the buyer typed into the product's purchase form. */
  readonly extendParams: readonly { readonly name: string; readonly value: string }[];
}

export interface OrderLine {
  readonly orderLineId: string;
  readonly chargingMode: 'PERIOD' | 'ONE_TIME' | 'ON_DEMAND' | 'ON_DEMAND_PKG' | (string & {});
  /** Approximate: act on freeze and release, not on this. */
  readonly expiresAt?: Date;
  readonly periodType?: 'year' | 'month' | 'day' | (string & {});
  readonly periodNumber?: number;
  /** The list amount of the order, a decimal text. */
  readonly amount?: string;
  /** The amount really due, a decimal text; negative when money goes back. */
  readonly amountAfterDiscount?: string;
  readonly products: readonly OrderedProduct[];
}

export interface OrderedProduct {
  /** One specification for one kind of period. */
  readonly productId: string;
  /** The specification. */
  readonly skuCode: string;
  /** Bought amount of a linear attribute: seats, gigabytes … */
  readonly linearValue?: number;
  readonly productName?: string;
}

/** Personal data: phone, e-mail and user are there only if the product asks for them and the buyer agreed. */
export interface Buyer {
  readonly customerId: string;
  readonly customerName: string;
  readonly mobilePhone?: string;
  readonly email?: string;
  readonly userId?: string;
  readonly userName?: string;
}

export interface Change {
  readonly instance: Instance;
  /** State that the marketplace has asked for last; `instance.state` follows it, change by change. */
  readonly wanted: 'ACTIVE' | 'FROZEN' | 'RELEASED';
  /** The order that bought the instance; absent if it was never read. */
  readonly order?: Order;
}

export interface Purchase extends Change {
  readonly order: Order;
}

export interface Renewal extends Change {
  readonly scene: 'TRIAL_TO_FORMAL' | 'RENEWAL' | 'UNSUBSCRIBE_RENEWAL_PERIOD' | 'RENEWAL_CHANGE';
  /** Set the end to this moment; never add to what was there. */
  readonly expiresAt: Date;
  /** Present when the kind of period changes (month to year). */
  readonly productId?: string;
  /** The renewal's own order; absent when the marketplace will not show it (some withdrawn renewals). */
  readonly renewalOrder?: Order;
}

export interface Upgrade extends Change {
  /** The upgrade's own order: its line names the new specification. */
  readonly upgradeOrder: Order;
}

export interface ChangeQuestion {
  readonly instance: Instance;
  /** The wanted product, as far as the marketplace says; members vary. */
  readonly target: {
    readonly productId?: string;
    readonly skuCode?: string;
    readonly linearValue?: number;
    readonly productName?: string;
  };
}

export interface OrderNotice {
  readonly product: string;
  readonly order: Order;
}

/** Access data: how the buyer gets in. Lengths are those of the marketplace's field tables. */
export interface Access {
  /** The customer's site or a login-free address, at most 512 characters. */
  readonly frontEndUrl: string;
  /** Administration site, at most 512 characters. */
  readonly adminUrl?: string;
  /** Administrator account and first password, in the clear here; at most 128 characters each. */
  readonly userName?: string;
  readonly password?: string;
  /** Free text for the buyer, at most 1024 characters. */
  readonly memo?: string;
}

export interface Provisioned {
  /** Needed unless the product does nothing but issue licences. */
  readonly access?: Access;
}

/** The purchase is turned down: an outcome, not a failure. The marketplace is given the code. */
export interface Refused {
  readonly refused: { readonly resultCode: RefusalCode; readonly resultMsg?: string };
}

/** This change cannot succeed however often it is tried; it is set aside and an alarm rings. */
export interface Failed {
  readonly failed: { readonly reason: string };
}

/** A customer who is to be erased. */
export interface Erasure {
  readonly product: string;
  /** The customer's account with the marketplace. */
  readonly customerId: string;
  /** Instances of the product that were theirs; none of them is sold any more. */
  readonly instanceIds: readonly string[];
}

/** Nothing to report: the function simply ends. */
export type Done = void;
