import { defineProducts } from '../../../../lib/config/products.ts';
import type { FulfilDependencies } from '../../../../lib/fulfilment/dependencies.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
  type Outcome,
} from '../../../../lib/instances/store.ts';
import { deriveInstanceId } from '../../../../lib/protocol/instance-id.ts';
import type { HookContext, Order, Seller } from '../../../../lib/seller/contract.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { HMAC_KEYS } from '../../hmac-keys.ts';

const LINE = { orderId: 'CS1', orderLineId: 'CS1-000001' };

/** The instance that the scenario is about. */
export const INSTANCE = deriveInstanceId('demo', LINE.orderId, LINE.orderLineId);
const subject = { product: 'demo', instanceId: INSTANCE };

/** Kind of life: a released one ends with a release, which overtakes what has not begun. */
export type Life = 'living' | 'released';

/** The calls of the marketplace, in the order in which it makes them; each is signed at its own moment. */
export const CALLS: Readonly<Record<string, (table: Table, now: number) => Promise<Outcome>>> = {
  provision: (table, now) => acceptPurchase(table, { product: 'demo', ...LINE, sentAt: 1 }, now),
  renew: (table, now) =>
    acceptRenewal(
      table,
      { ...subject, orderId: 'CS2', orderLineId: 'CS2-000001', scene: 'RENEWAL', expiresAt: 9, sentAt: 2 },
      now,
    ),
  freeze: (table, now) => acceptStatus(table, { ...subject, status: 'FREEZE', sentAt: 3 }, now),
  unfreeze: (table, now) => acceptStatus(table, { ...subject, status: 'UNFREEZE', sentAt: 4 }, now),
  upgrade: (table, now) =>
    acceptUpgrade(table, { ...subject, orderId: 'CS3', orderLineId: 'CS3-000001', sentAt: 5 }, now),
  release: (table, now) => acceptRelease(table, { ...subject, sentAt: 6 }, now),
};

/** The calls of a life. */
export function callsOf(life: Life): readonly string[] {
  return Object.keys(CALLS).filter((name) => life === 'released' || name !== 'release');
}

/** Fulfilment with a seller whose effects go to `effect`; `moment` is awaited around each of them. */
export function fulfilment(
  table: Table,
  clock: () => number,
  effect: (key: string, hook: string) => void,
  moment: (what: string) => Promise<void> = async () => {},
): FulfilDependencies {
  const hook =
    (name: string, answer: unknown) =>
    async (_: unknown, { idempotencyKey }: HookContext) => {
      await moment(`before the effect of ${name}`);
      effect(idempotencyKey, name);
      await moment(`after the effect of ${name}`);
      return answer as undefined;
    };
  const access = { frontEndUrl: 'https://example.com', userName: 'u', password: 'p' };
  const seller: Seller = {
    provision: hook('provision', { access }) as unknown as Seller['provision'],
    renew: hook('renew', undefined),
    freeze: hook('freeze', undefined),
    unfreeze: hook('unfreeze', undefined),
    upgrade: hook('upgrade', undefined),
    release: hook('release', undefined),
  };
  const silent = () => undefined;
  let tokens = 0;
  return {
    table,
    products: defineProducts({ demo: { seller } }),
    sealer: {
      seal: async (kind, value) => `${kind}:${JSON.stringify(value)}`,
      open: async (kind, sealed) => JSON.parse(sealed.slice(kind.length + 1)),
    },
    log: { info: silent, warn: silent, error: silent, metric: silent },
    sellerOf: () => seller,
    queryOrder: async ({ orderId, orderLineId }) => {
      await moment('at the order query');
      return order(orderId, orderLineId);
    },
    sellerSecret: async () => '',
    hmacKeys: async () => HMAC_KEYS,
    clock,
    random: () => 0.5,
    newToken: () => {
      tokens += 1;
      return `${process.pid}:${tokens}`;
    },
  };
}

function order(orderId: string, orderLineId = ''): Order {
  return {
    orderId,
    orderType: 'NEW',
    line: { orderLineId, chargingMode: 'ON_DEMAND', products: [] },
    extendParams: [],
  };
}
