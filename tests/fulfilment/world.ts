import { randomUUID } from 'node:crypto';
import { defineProducts, type ProductSettings } from '../../lib/config/products.ts';
import type { FulfilDependencies } from '../../lib/fulfilment/dependencies.ts';
import { sweep } from '../../lib/fulfilment/fulfil-all.ts';
import { fulfilItem } from '../../lib/fulfilment/fulfil-item.ts';
import type { Key } from '../../lib/instances/keys.ts';
import type { Change, HookContext, Order, Purchase, Renewal, Seller } from '../../lib/seller/contract.ts';
import type { Table } from '../../lib/table/table.ts';
import { recordingLog } from '../middleware/support.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** One call of a hook. */
export interface HookCall {
  readonly hook: string;
  readonly key: string;
  readonly attempt: number;
  readonly change: unknown;
  readonly signal: AbortSignal;
}

export type Behaviour = (call: HookCall) => unknown;

/** How the buyer of a test gets in. */
export const ACCESS = { frontEndUrl: 'https://tenant.example.com', userName: 'owner', password: 'first-pass' };

/** A world to carry out changes in: a clock that only tests move, a seller that notes what it is asked. */
export function world(table: Table, settings: Partial<ProductSettings> = {}) {
  const time = { now: 1_700_000_000_000 };
  const calls: HookCall[] = [];
  /** Replace to make hooks fail, hang or talk nonsense. */
  const behaviour: { current: Behaviour } = { current: () => undefined };
  const orders = {
    query: async (orderId: string, orderLineId?: string): Promise<Order> => order(orderId, orderLineId),
  };
  const hook = (name: string, done: unknown) => async (change: unknown, context: HookContext) => {
    const { idempotencyKey: key, attempt, signal } = context;
    const call = { hook: name, key, attempt, change, signal };
    calls.push(call);
    return ((await behaviour.current(call)) ?? done) as undefined;
  };
  const seller: Seller = {
    provision: hook('provision', { access: ACCESS }) as unknown as Seller['provision'],
    renew: hook('renew', undefined),
    freeze: hook('freeze', undefined),
    unfreeze: hook('unfreeze', undefined),
    upgrade: hook('upgrade', undefined),
    release: hook('release', undefined),
    orderNotified: hook('orderNotified', undefined),
  };
  const log = recordingLog();
  const deps: FulfilDependencies = {
    table,
    products: defineProducts({ demo: { seller, ...settings } }),
    sealer: {
      seal: async (kind, value) => `${kind}:${Buffer.from(JSON.stringify(value)).toString('base64')}`,
      open: async (kind, sealed) => {
        if (!sealed.startsWith(`${kind}:`)) throw new Error('No key opens this.');
        return JSON.parse(Buffer.from(sealed.slice(kind.length + 1), 'base64').toString());
      },
    },
    log,
    sellerOf: (product) => product.seller,
    queryOrder: ({ orderId, orderLineId }) => orders.query(orderId, orderLineId),
    deliverLicense: async () => {},
    sellerSecret: async (name) => Promise.reject(new Error(`There is no secret ${name}.`)),
    clock: () => time.now,
    random: () => 0.5,
    newToken: randomUUID,
  };
  return {
    deps,
    time,
    calls,
    behaviour,
    orders,
    log,
    /** How often a metric was counted. */
    metrics: (name: string) =>
      log.entries.filter(({ level, message }) => level === 'metric' && message === name).length,
    /** Sweeps until nothing is left to do, an hour and a half after another: longer than any back-off or hold. */
    settle: () => untilIdle(time, async () => (await sweep(deps, plenty)).attempts),
    /** The same for one item, without looking at the others. */
    settleItem: (key: Key) => untilIdle(time, async () => (await fulfilItem(deps, key, plenty)).attempts),
  };
}

export type World = ReturnType<typeof world>;

const plenty = () => 1_000_000;

async function untilIdle(time: { now: number }, step: () => Promise<number>): Promise<void> {
  for (let rounds = 0, idle = 0; idle < 2; rounds += 1) {
    if (rounds > 50) throw new Error('The changes never come to rest.');
    idle = (await step()) === 0 ? idle + 1 : 0;
    time.now += 1.5 * HOUR;
  }
}

/** Hook names in the order of the calls, repeats of the same change taken together. */
export function carriedOut(calls: readonly HookCall[]): string[] {
  return calls.filter(({ key }, index) => calls[index - 1]?.key !== key).map(({ hook }) => hook);
}

/** An order as the marketplace would show it. */
export function order(orderId: string, orderLineId = `${orderId}-000001`): Order {
  return {
    orderId,
    orderType: 'NEW',
    createdAt: new Date(1_600_000_000_000),
    line: {
      orderLineId,
      chargingMode: 'PERIOD',
      expiresAt: new Date(1_900_000_000_000),
      products: [{ productId: 'p', skuCode: 's' }],
    },
    buyer: { customerId: 'c', customerName: 'n' },
    extendParams: [],
  };
}

export type AnyChange = Change & Partial<Purchase & Renewal>;
