import { createHash } from 'node:crypto';
import { deriveInstanceId } from '../../../lib/protocol/instance-id.ts';
import type { Change, HookContext, Instance, Order, Seller } from '../../../lib/seller/contract.ts';
import { createOrderBook, detailsOf, endOfPeriod, type OrderDetails } from '../order-book.ts';

/**
 * The life that the checks lead an instance through: each step is one change, with a key and content of its own. The order
 * is one in which KooGate could carry the changes out.
 */
export const LIFE = [
  'provision',
  'issueLicense',
  'upgrade',
  'upgradeAgain',
  'renew',
  'renewAgain',
  'freeze',
  'unfreeze',
  'freezeAgain',
  'release',
] as const;

export type Step = (typeof LIFE)[number];

/** Steps outside the life, for disturbances. */
export type Extra =
  | 'renewToTheSameEnd'
  | 'freezeTooLate'
  | 'cleanUp'
  | 'provisionAnew'
  | 'releaseOnceMore'
  | 'canChange';

type Hook = 'provision' | 'issueLicense' | 'upgrade' | 'renew' | 'freeze' | 'unfreeze' | 'release' | 'canChange';

/** The hook that each step calls. */
export const HOOK_OF: Readonly<Record<Step | Extra, Hook>> = {
  provision: 'provision',
  issueLicense: 'issueLicense',
  upgrade: 'upgrade',
  upgradeAgain: 'upgrade',
  renew: 'renew',
  renewAgain: 'renew',
  freeze: 'freeze',
  unfreeze: 'unfreeze',
  freezeAgain: 'freeze',
  release: 'release',
  renewToTheSameEnd: 'renew',
  freezeTooLate: 'freeze',
  cleanUp: 'release',
  provisionAnew: 'provision',
  releaseOnceMore: 'release',
  canChange: 'canChange',
};

/** The state in which a step finds the instance. */
const STATE_BEFORE: Readonly<Record<Step | Extra, Instance['state']>> = {
  provision: 'PENDING',
  issueLicense: 'ACTIVE',
  upgrade: 'ACTIVE',
  upgradeAgain: 'ACTIVE',
  renew: 'ACTIVE',
  renewAgain: 'ACTIVE',
  renewToTheSameEnd: 'ACTIVE',
  freeze: 'ACTIVE',
  unfreeze: 'FROZEN',
  freezeAgain: 'ACTIVE',
  freezeTooLate: 'ACTIVE',
  cleanUp: 'FAILED',
  provisionAnew: 'PENDING',
  release: 'FROZEN',
  releaseOnceMore: 'RELEASED',
  canChange: 'ACTIVE',
};

/** State that the marketplace has asked for last by the time of a step. */
const WANTED: Readonly<Record<Step | Extra, Change['wanted']>> = {
  provision: 'ACTIVE',
  issueLicense: 'ACTIVE',
  upgrade: 'ACTIVE',
  upgradeAgain: 'ACTIVE',
  renew: 'ACTIVE',
  renewAgain: 'ACTIVE',
  renewToTheSameEnd: 'ACTIVE',
  freeze: 'FROZEN',
  unfreeze: 'ACTIVE',
  freezeAgain: 'FROZEN',
  freezeTooLate: 'FROZEN',
  cleanUp: 'ACTIVE',
  provisionAnew: 'ACTIVE',
  release: 'RELEASED',
  releaseOnceMore: 'RELEASED',
  canChange: 'ACTIVE',
};

/** The orders of a life, as far as the seller wants a say in them. */
export interface LifeOrders {
  readonly purchase?: OrderDetails;
  /** The seats or specification of two upgrades, one after the other. */
  readonly upgrades?: readonly [OrderDetails, OrderDetails];
}

/** One instance of the checks with all that can happen to it: the same content each time, under ids of its own. */
export class Life {
  readonly instanceId: string;
  /** Texts that tell this life from another, with what stands for each in a comparison. */
  readonly ids: readonly (readonly [string, string])[];
  private readonly product: string;
  private readonly orders: Readonly<
    Record<'purchase' | 'upgrade' | 'upgradeAgain' | 'renew' | 'renewAgain' | 'sameEnd', Order>
  >;

  /** @param now when everything was ordered, Unix milliseconds; the same for lives that are compared */
  constructor(product: string, serial: string, now: number, { purchase = {}, upgrades }: LifeOrders = {}) {
    this.product = product;
    const book = createOrderBook(() => now);
    const place = (name: string, details: OrderDetails) =>
      book.place({ ...details, orderId: `CHECK-${serial}-${name}` });
    const bought = place('NEW', { seats: 10, ...purchase });
    const again = detailsOf(bought);
    const end = bought.line.expiresAt ?? endOfPeriod(now);
    const [first, second] = upgrades ?? [{ seats: (again.seats ?? 10) * 2 }, { seats: (again.seats ?? 10) * 3 }];
    const change = { ...again, orderType: 'CHANGE', expiresAt: end } as const;
    const renewal = { ...again, ...first, ...second, orderType: 'RENEW' } as const;
    const ends = [1, 2].map((number) => endOfPeriod(end.getTime(), 'year', number));
    this.orders = {
      purchase: bought,
      upgrade: place('CHANGE1', { ...change, ...first }),
      upgradeAgain: place('CHANGE2', { ...change, ...first, ...second }),
      renew: place('RENEW1', { ...renewal, ...(ends[0] && { expiresAt: ends[0] }) }),
      renewAgain: place('RENEW2', { ...renewal, ...(ends[1] && { expiresAt: ends[1] }) }),
      sameEnd: place('RENEW3', { ...renewal, ...(ends[1] && { expiresAt: ends[1] }) }),
    };
    this.instanceId = deriveInstanceId(product, bought.orderId, bought.line.orderLineId);
    this.ids = [
      [this.instanceId, '<instanceId>'],
      [`CHECK-${serial}`, '<order>'],
    ];
  }

  /** The idempotency key of a step: the same however often it is called. */
  key(step: Step | Extra): string {
    return createHash('sha256')
      .update(JSON.stringify([this.instanceId, step]))
      .digest('base64url');
  }

  /** Calls the hook of a step with its content, made anew so that a hook cannot change that of the next call. */
  async call(seller: Seller, step: Step | Extra, context: HookContext): Promise<unknown> {
    const { purchase, upgrade, upgradeAgain, renew, renewAgain, sameEnd } = structuredClone(this.orders);
    const { orderId, line } = purchase;
    const instance: Instance = {
      product: this.product,
      instanceId: this.instanceId,
      orderId,
      orderLineId: line.orderLineId,
      ...(line.expiresAt === undefined ? {} : { expiresAt: line.expiresAt }),
      state: STATE_BEFORE[step],
    };
    const change = { instance, wanted: WANTED[step], order: purchase };
    const renewal = (renewalOrder: Order) =>
      seller.renew({ ...change, scene: 'RENEWAL', expiresAt: endOf(renewalOrder), renewalOrder }, context);
    switch (step) {
      case 'provision':
      case 'provisionAnew':
        return seller.provision(change, context);
      case 'issueLicense': {
        const device = {
          deviceFingerprint: 'check-device',
          effectiveAt: new Date(context.now),
          expiresAt: endOf(purchase),
        };
        const effectiveAt = purchase.createdAt ?? device.effectiveAt;
        return seller.issueLicense?.({ instance, eventId: `${orderId}-event`, ...device, effectiveAt }, context);
      }
      case 'upgrade':
        return seller.upgrade({ ...change, upgradeOrder: upgrade }, context);
      case 'upgradeAgain':
        return seller.upgrade({ ...change, upgradeOrder: upgradeAgain }, context);
      case 'renew':
        return renewal(renew);
      case 'renewAgain':
        return renewal(renewAgain);
      case 'renewToTheSameEnd':
        return renewal(sameEnd);
      case 'canChange': {
        const [target = {}] = upgradeAgain.line.products;
        return seller.canChange?.({ instance, target }, context);
      }
      case 'freeze':
      case 'freezeAgain':
      case 'freezeTooLate':
        return seller.freeze(change, context);
      case 'unfreeze':
        return seller.unfreeze(change, context);
      case 'release':
      case 'cleanUp':
      case 'releaseOnceMore':
        return seller.release(change, context);
    }
  }
}

/** Renewals are of periodic products; the fallback is for the type checker. */
function endOf({ line, createdAt }: Order): Date {
  return line.expiresAt ?? endOfPeriod(createdAt?.getTime() ?? 0);
}
