import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import type { Access, Buyer, ChangeQuestion, Order, Renewal } from '../../lib/seller/contract.ts';
import type { FamilyName, Members } from '../marketplace/calls/family.ts';
import { CALL_FORMS, type CallSubject, type Verb } from './call-forms.ts';
import { detailsOf, endOfPeriod, type OrderBook, type OrderDetails } from './order-book.ts';
import type { MarketplaceAnswer, ProductClient } from './product-client.ts';

/** The answer to a purchase. */
export interface BuyAnswer extends MarketplaceAnswer {
  /** Empty if the answer names none. */
  readonly instanceId: string;
  readonly order: Order;
  /** V1.0 and License 1.0 tell them at once. */
  readonly access?: Access;
  readonly license?: string;
}

/** The answer to a change that has an order of its own. */
export interface OrderAnswer extends MarketplaceAnswer {
  readonly order: Order;
}

/** The answer to a query of one instance. */
export interface QueryAnswer extends MarketplaceAnswer {
  /** User name and password in the clear. Absent unless the code is `000000`. */
  readonly access?: Access;
  readonly usageInfo?: readonly unknown[];
}

/** The answer to whether an instance may change. */
export interface PermissionAnswer extends MarketplaceAnswer {
  readonly allowed: boolean;
}

/** The answer to a customer's first subscription to a model. */
export interface SubscriptionAnswer extends MarketplaceAnswer {
  /** The customer's key. Absent unless the code is `000000`. */
  readonly apikey?: string;
}

/** Details of a renewal beside those of its order. */
export interface RenewalDetails extends OrderDetails {
  readonly scene?: Renewal['scene'];
}

/** Details of a device's application. */
export interface Application {
  readonly deviceFingerprint?: string;
  readonly expiresAt?: Date;
  /** The marketplace's serial; that of an earlier application repeats it. */
  readonly eventId?: string;
}

/**
 * The marketplace's side of one product. Every function sends a call that is signed as the marketplace signs it through
 * KooGate's route, checks the signature of the answer, and opens its credentials.
 */
export interface TestMarketplace {
  /** Somebody buys. An `orderId` that was bought before delivers that order once more. */
  buy(order?: OrderDetails): Promise<BuyAnswer>;
  /** Asks how the buyer gets in. */
  query(instanceId: string): Promise<QueryAnswer>;
  /** Renews for one more period of the instance's order, unless the details say otherwise. */
  renew(instanceId: string, renewal?: RenewalDetails): Promise<OrderAnswer>;
  /** Another specification is bought for the instance. */
  upgrade(instanceId: string, order?: OrderDetails): Promise<OrderAnswer>;
  freeze(instanceId: string): Promise<MarketplaceAnswer>;
  unfreeze(instanceId: string): Promise<MarketplaceAnswer>;
  release(instanceId: string): Promise<MarketplaceAnswer>;
  /** May the instance change to this? SaaS V2.0. */
  canChange(instanceId: string, target: ChangeQuestion['target']): Promise<PermissionAnswer>;
  /** An order of the seller's was paid: the order notification. */
  notify(order?: OrderDetails): Promise<OrderAnswer>;
  /** A device applies for a licence of an instance: the online License. */
  applyForLicense(instanceId: string, application?: Application): Promise<MarketplaceAnswer>;
  /** A customer subscribes to a model for the first time; another customer each time unless one is named. */
  subscribe(customer?: Partial<Pick<Buyer, 'customerId' | 'customerName'>>): Promise<SubscriptionAnswer>;
  /** A debugging call of the seller console, which must leave no trace. */
  debug(activity: string, family?: FamilyName): Promise<MarketplaceAnswer>;
  /**
   * Any other call, of any family of the product: a plausible one with the members given in place of its own. This is
   * how licence codes (`refreshLicenseCode` …) and tenants (`tenantSync` …) are sent.
   */
  send(activity: string, members?: Members, family?: FamilyName): Promise<MarketplaceAnswer>;
}

/** The marketplace's side of the client's product. */
export function createMarketplace(client: ProductClient, orders: OrderBook, clock: () => number): TestMarketplace {
  /** The newest order of each instance: what a renewal renews. */
  const held = new Map<string, Order>();

  const ask = (verb: Verb, wanted: Omit<CallSubject, 'seal'>): Promise<MarketplaceAnswer> => {
    const families = Object.entries(CALL_FORMS) as [FamilyName, (typeof CALL_FORMS)[FamilyName]][];
    const [family, form] =
      families.flatMap(([name, verbs]) => {
        const found = verbs?.[verb];
        return client.takes(name) && found !== undefined ? [[name, found] as const] : [];
      })[0] ?? [];
    const { name, families: own } = client.product;
    assert(form !== undefined, `The product "${name}" cannot be asked to ${verb}: its families are ${own.join(', ')}.`);
    const members = form.members({ ...wanted, seal: client.seal });
    return client.send({ activity: form.activity, family, members });
  };
  const placed = (instanceId: string, details: OrderDetails): Order => {
    const before = held.get(instanceId);
    return orders.place({ ...(before === undefined ? {} : detailsOf(before)), ...details });
  };

  return {
    async buy(details) {
      const order = orders.place(details);
      const answer = await ask('buy', { order });
      const { instanceId, appInfo, encryptType, license } = answer.body;
      if (typeof instanceId === 'string' && !held.has(instanceId)) held.set(instanceId, order);
      const access = client.open(appInfo, encryptType);
      return {
        ...answer,
        instanceId: typeof instanceId === 'string' ? instanceId : '',
        order,
        ...(access === undefined ? {} : { access }),
        ...(typeof license === 'string' ? { license } : {}),
      };
    },
    async query(instanceId) {
      const answer = await ask('query', { instanceId });
      const { info, encryptType } = answer.body;
      const own = (Array.isArray(info) ? info : []).find((one) => one?.instanceId === instanceId);
      const access = client.open(own?.appInfo, encryptType);
      return {
        ...answer,
        ...(access === undefined ? {} : { access }),
        ...(Array.isArray(own?.usageInfo) ? { usageInfo: own.usageInfo } : {}),
      };
    },
    async renew(instanceId, { scene = 'RENEWAL', ...details } = {}) {
      const from = held.get(instanceId)?.line.expiresAt?.getTime() ?? clock();
      const { periodType, periodNumber } = placedPeriod(held.get(instanceId), details);
      const expiresAt = details.expiresAt ?? endOfPeriod(from, periodType, periodNumber);
      const orderType = scene === 'TRIAL_TO_FORMAL' ? 'TRIAL_TO_FORMAL' : 'RENEW';
      const order = placed(instanceId, { orderType, ...details, expiresAt });
      const answer = await ask('renew', { instanceId, order, scene, expiresAt });
      if (answer.resultCode === '000000') held.set(instanceId, order);
      return { ...answer, order };
    },
    async upgrade(instanceId, details = {}) {
      const expiresAt = held.get(instanceId)?.line.expiresAt;
      const order = placed(instanceId, { orderType: 'CHANGE', ...(expiresAt ? { expiresAt } : {}), ...details });
      const answer = await ask('upgrade', { instanceId, order });
      if (answer.resultCode === '000000') held.set(instanceId, order);
      return { ...answer, order };
    },
    freeze: (instanceId) => ask('freeze', { instanceId }),
    unfreeze: (instanceId) => ask('unfreeze', { instanceId }),
    release: (instanceId) => {
      const order = held.get(instanceId);
      return ask('release', { instanceId, ...(order === undefined ? {} : { order }) });
    },
    async canChange(instanceId, target) {
      const answer = await ask('canChange', { instanceId, target });
      return { ...answer, allowed: answer.resultCode === '000000' };
    },
    async notify(details) {
      const order = orders.place(details);
      return { ...(await ask('notify', { order })), order };
    },
    applyForLicense: (instanceId, { eventId = randomUUID(), ...application } = {}) =>
      ask('apply', { instanceId, eventId, ...application }),
    async subscribe(customer = {}) {
      const answer = await client.send({ activity: 'applyApikey', members: customer });
      const { Apikey } = answer.body;
      return { ...answer, ...(typeof Apikey === 'string' ? { apikey: Apikey } : {}) };
    },
    debug: (activity, family) => client.send({ activity, family, isTest: true }),
    send: (activity, members = {}, family) => client.send({ activity, family, members }),
  };
}

function placedPeriod(order: Order | undefined, details: OrderDetails): OrderDetails {
  return { ...(order === undefined ? {} : detailsOf(order)), ...details };
}
