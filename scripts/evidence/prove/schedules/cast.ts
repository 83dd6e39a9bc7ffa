import { defineProducts, type Product } from '../../../../lib/config/products.ts';
import type { FulfilDependencies } from '../../../../lib/fulfilment/dependencies.ts';
import { fulfilItem } from '../../../../lib/fulfilment/fulfil-item.ts';
import { fulfilInline } from '../../../../lib/fulfilment/inline.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import {
  acceptPurchase,
  acceptRelease,
  acceptRenewal,
  acceptStatus,
  acceptUpgrade,
  type Outcome,
} from '../../../../lib/instances/store.ts';
import type { HookContext, Order, Seller } from '../../../../lib/seller/contract.ts';
import { HMAC_KEYS } from '../../hmac-keys.ts';
import { Actor, type Stage } from './actor.ts';
import type { Delivery } from './plan.ts';
import { holds } from './witness.ts';

/** So often the marketplace repeats what was not answered; faults are fewer. */
const REPEATS = 40;
const LINE = { orderId: 'CS1', orderLineId: 'CS1-000001' };
const ORDER: Order = {
  ...LINE,
  orderType: 'NEW',
  line: { orderLineId: LINE.orderLineId, chargingMode: 'ON_DEMAND', products: [] },
  extendParams: [],
};
const silent = () => undefined;
const LOG = { info: silent, warn: silent, error: silent, metric: silent };
const SEALER: FulfilDependencies['sealer'] = {
  seal: async (kind, value) => `${kind}:${JSON.stringify(value)}`,
  open: async (kind, sealed) => JSON.parse(sealed.slice(kind.length + 1)),
};

/** The product of a schedule, whose purchases have so many milliseconds. */
export function productWith(window: number): Product {
  return defineProducts({ demo: { seller: {} as Seller, provisionWindow: window } }).get('demo') as Product;
}

/** Actors of a schedule. */
export class Cast {
  private readonly stage: Stage;
  private serial = 0;
  /** The marketplace's clock: no two calls are signed in the same millisecond. */
  private signed = 0;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** The purchase, told until it is answered; resolves to the instance's id. */
  async purchase(how: 'async' | 'inline'): Promise<string> {
    const { time } = this.stage;
    const outcome = await this.untilAnswered('purchase', this.sign(), async (actor, sentAt) => {
      const lease = { owner: this.token(actor), until: time.now + 5_500 };
      const { product } = this.stage;
      const window = product.provisionWindow;
      const call = { product: 'demo', ...LINE, sentAt, window, ...(how === 'inline' ? { lease } : {}) };
      const answer = await acceptPurchase(actor.table, call, time.now);
      if (!answer.leased) return answer;
      const done = await fulfilInline(this.dependencies(actor), product, answer.instanceId, lease, 3_500);
      return done === 'pending' ? answer : { ...answer, resultCode: done.resultCode };
    });
    holds(['000000', '000004'].includes(outcome.resultCode), `a purchase was answered ${outcome.resultCode}`);
    return outcome.instanceId;
  }

  /** A call about the instance, told until it is answered. */
  async deliver({ what, order }: Delivery, instanceId: string, first: number): Promise<Outcome> {
    const line = { orderId: `${what}${order}`, orderLineId: `${what}${order}-1` };
    return this.untilAnswered(what, first, async ({ table }, sentAt) => {
      const { now } = this.stage.time;
      const call = { product: 'demo', instanceId, sentAt };
      if (what === 'renew') return acceptRenewal(table, { ...call, ...line, scene: 'RENEWAL', expiresAt: sentAt }, now);
      if (what === 'upgrade') return acceptUpgrade(table, { ...call, ...line }, now);
      if (what === 'release') return acceptRelease(table, call, now);
      return acceptStatus(table, { ...call, status: what === 'freeze' ? 'FREEZE' : 'UNFREEZE' }, now);
    });
  }

  /** A worker that is told of the instance. */
  async work(instanceId: string, remaining: number): Promise<void> {
    const actor = this.actor('worker');
    await actor.hop('wakes');
    await fulfilItem(this.dependencies(actor), keys.instance('demo', instanceId), () => remaining).catch(silent);
  }

  /** Works until nothing is left, without faults, hours apart. */
  async settle(instanceId: string): Promise<void> {
    const deps = this.dependencies(this.actor('sweep'));
    for (let idle = 0; idle < 2; ) {
      this.stage.time.now += 5_400_000;
      const { attempts } = await fulfilItem(deps, keys.instance('demo', instanceId), () => 1_000_000);
      idle = attempts === 0 ? idle + 1 : 0;
    }
  }

  /** The signed time of a new call. */
  sign(): number {
    this.signed += 1;
    return this.signed;
  }

  private async untilAnswered(
    what: string,
    first: number,
    call: (actor: Actor, sentAt: number) => Promise<Outcome>,
  ): Promise<Outcome> {
    for (let repeat = 0, sentAt = first; repeat < REPEATS; repeat += 1, sentAt = this.sign()) {
      const actor = this.actor(what);
      const answer = await call(actor, sentAt).catch(silent);
      if (answer !== undefined && answer.resultCode !== '000005' && !actor.isDead) return answer;
    }
    throw new Error(`${what} is never answered.`);
  }

  private actor(what: string): Actor {
    this.serial += 1;
    return new Actor(this.stage, `${what}${this.serial}`);
  }

  private token(actor: Actor): string {
    this.serial += 1;
    const token = `${actor.name}:${this.serial}`;
    actor.tokens.add(token);
    return token;
  }

  private dependencies(actor: Actor): FulfilDependencies {
    const { effects, product, time } = this.stage;
    const hook =
      (name: string, answer: unknown) =>
      async (_: unknown, { idempotencyKey: key }: HookContext) => {
        const { stubborn } = this.stage;
        const fault = name === 'renew' || name === 'upgrade' ? stubborn.shift() : undefined;
        await actor.hook(name, fault, () => effects.carryOut({ key, hook: name, late: time.now > actor.holdUntil }));
        return answer as undefined;
      };
    const access = { frontEndUrl: 'https://example.com', userName: actor.name, password: String(time.now) };
    const seller: Seller = {
      provision: hook('provision', { access }) as unknown as Seller['provision'],
      renew: hook('renew', undefined),
      freeze: hook('freeze', undefined),
      unfreeze: hook('unfreeze', undefined),
      upgrade: hook('upgrade', undefined),
      release: hook('release', undefined),
    };
    return {
      table: actor.table,
      products: new Map([['demo', product]]),
      sealer: SEALER,
      log: LOG,
      sellerOf: () => seller,
      queryOrder: async () => ORDER,
      sellerSecret: async () => '',
      hmacKeys: async () => HMAC_KEYS,
      clock: () => time.now,
      random: () => 0.5,
      newToken: () => this.token(actor),
    };
  }
}
