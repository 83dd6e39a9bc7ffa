import { defineProducts } from '../../../../lib/config/products.ts';
import type { FulfilDependencies } from '../../../../lib/fulfilment/dependencies.ts';
import { fulfilItem } from '../../../../lib/fulfilment/fulfil-item.ts';
import { TimeUp } from '../../../../lib/fulfilment/within.ts';
import { type Key, keys } from '../../../../lib/instances/keys.ts';
import { acceptPurchase, acceptRelease, readInstances } from '../../../../lib/instances/store.ts';
import { deriveInstanceId } from '../../../../lib/protocol/instance-id.ts';
import type { Order, Seller } from '../../../../lib/seller/contract.ts';
import { MemoryEngine } from '../../../../lib/table/memory.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { repeatsOf } from '../../../cli/life/retries.ts';
import { HMAC_KEYS } from '../../hmac-keys.ts';
import type { Outage, Story } from './outage.ts';

/** Outcome of a purchase. */
export interface Ending {
  /** Ready before the marketplace gave up, and never reported as failed before. */
  readonly isSaved: boolean;
  readonly attempts: number;
  /** Tenants that the seller's system has after everything has come to rest. */
  readonly tenants: number;
  readonly state: string;
}

const START = 1_700_000_000_000;
const SWEEP_MS = 60_000;
const DAY_MS = 86_400_000;
const LINE = { orderId: 'CS1', orderLineId: 'CS1-000001' };
const ORDER: Order = {
  orderId: LINE.orderId,
  orderType: 'NEW',
  line: { orderLineId: LINE.orderLineId, chargingMode: 'ON_DEMAND', products: [] },
  extendParams: [],
};
const INSTANCE = deriveInstanceId('demo', LINE.orderId, LINE.orderLineId);
const KEY: Key = keys.instance('demo', INSTANCE);
const silent = () => undefined;

/** Plays a purchase through its outages, sweep by sweep, with a clock of its own, until all has come to rest. */
export async function playStory(story: Story, random: () => number): Promise<Ending> {
  const play = new Play(story, random);
  const isSaved = await play.untilGivenUp();
  const ending = await play.toRest();
  return { ...ending, isSaved };
}

class Play {
  private readonly story: Story;
  private now = START;
  private readonly table: Table = { name: 'memory', client: new MemoryEngine() };
  private readonly deps: FulfilDependencies;
  private readonly product;
  private readonly done = new Set<string>();
  private tenants = 0;
  private attempts = 0;
  private isDead = false;

  constructor(story: Story, random: () => number) {
    this.story = story;
    let tokens = 0;
    const seller: Seller = {
      provision: async (_, { idempotencyKey }) => {
        this.meet(() => this.once(idempotencyKey, () => this.setTenants(this.tenants + 1)));
        return { access: { frontEndUrl: 'https://example.com' } };
      },
      release: async (_, { idempotencyKey }) => {
        this.meet(() => this.once(idempotencyKey, () => this.setTenants(0)));
      },
      renew: async () => {},
      freeze: async () => {},
      unfreeze: async () => {},
      upgrade: async () => {},
    };
    const products = defineProducts({ demo: { seller } });
    this.product = products.get('demo');
    this.deps = {
      table: this.mortalTable(),
      products,
      sealer: { seal: async (_, value) => JSON.stringify(value), open: async (_, sealed) => JSON.parse(sealed) },
      log: { info: silent, warn: silent, error: silent, metric: silent },
      sellerOf: () => seller,
      queryOrder: async () => {
        if (this.fails('hides orders')) throw new Error('502');
        return ORDER;
      },
      sellerSecret: async () => '',
      hmacKeys: async () => HMAC_KEYS,
      clock: () => this.now,
      random,
      newToken: () => `worker ${tokens++}`,
    };
  }

  /** The marketplace calls, repeats and looks until it gives up; true if the purchase was ready by then. */
  async untilGivenUp(): Promise<boolean> {
    const { schedule, isPatient } = this.story;
    const calls = [0, ...repeatsOf(schedule)];
    const end = START + schedule.during;
    let isWaiting = true;
    while (this.now <= end) {
      const [call] = calls;
      const callAt = isWaiting && call !== undefined ? START + call : Number.POSITIVE_INFINITY;
      const workAt = await this.nextWork();
      if (Math.min(callAt, workAt) > end) break;
      if (callAt <= workAt) {
        calls.shift();
        this.now = Math.max(this.now, callAt);
        await this.buy();
        isWaiting = !isPatient;
      } else {
        this.now = workAt;
        await this.work();
      }
      const state = await this.state();
      if (state === 'ACTIVE') return true;
      if (state === 'FAILED') return false;
    }
    return false;
  }

  /** The marketplace unsubscribes what was not ready, nothing fails any more, and whatever waits is carried out. */
  async toRest(): Promise<Omit<Ending, 'isSaved'>> {
    const ends = this.story.outages.map(({ until }) => START + until);
    this.now = Math.max(this.now, START + this.story.schedule.during, ...ends) + 1;
    const isReady = (await this.state()) === 'ACTIVE';
    const call = { product: 'demo', instanceId: INSTANCE, sentAt: this.now };
    if (!isReady) await acceptRelease(this.table, call, this.now);
    for (let at = await this.nextWork(); at < Number.POSITIVE_INFINITY; at = await this.nextWork()) {
      if (this.now - START > 10 * DAY_MS) throw new Error('The purchase never comes to rest.');
      this.now = at;
      await this.work();
    }
    return { attempts: this.attempts, tenants: this.tenants, state: await this.state() };
  }

  /** One call of the marketplace, and the worker that its write wakes. */
  private async buy(): Promise<void> {
    const window = this.product?.provisionWindow ?? 0;
    await acceptPurchase(this.table, { product: 'demo', ...LINE, sentAt: this.now, window }, this.now);
    if (!this.fails('stops workers')) await this.work();
  }

  private async work(): Promise<void> {
    this.isDead = false;
    await fulfilItem(this.deps, KEY, () => DAY_MS).catch(silent);
  }

  /** Finds the time at which the sweep will next have something to do. */
  private async nextWork(): Promise<number> {
    const item = (await readInstances(this.table, 'demo', [INSTANCE])).get(INSTANCE);
    if (item?.dueAt === undefined) return Number.POSITIVE_INFINITY;
    const first = START + this.story.phase;
    const from = Math.max(item.dueAt, this.now + 1);
    let at = first + Math.max(0, Math.ceil((from - first) / SWEEP_MS)) * SWEEP_MS;
    for (let outage = this.during('stops workers', at); outage !== undefined; ) {
      at += Math.ceil((START + outage.until - at) / SWEEP_MS) * SWEEP_MS;
      outage = this.during('stops workers', at);
    }
    return at;
  }

  private async state(): Promise<string> {
    return (await readInstances(this.table, 'demo', [INSTANCE])).get(INSTANCE)?.state ?? 'absent';
  }

  /** One call of the seller's system. */
  private meet(effect: () => void): void {
    this.attempts += 1;
    if (this.fails('refuses')) throw new Error('down');
    if (this.fails('hangs')) {
      this.now += this.product?.hookTimeout ?? 0;
      throw new TimeUp('took too long');
    }
    effect();
    if (this.fails('loses answers')) throw new Error('the answer is lost');
    if (!this.fails('kills')) return;
    this.isDead = true;
    throw new Error('dead');
  }

  private once(key: string, effect: () => void): void {
    if (!this.done.has(key)) effect();
    this.done.add(key);
  }

  private setTenants(count: number): void {
    this.tenants = count;
  }

  private fails(kind: Outage['kind']): boolean {
    return this.during(kind, this.now) !== undefined;
  }

  private during(kind: Outage['kind'], at: number): Outage | undefined {
    return this.story.outages.find((one) => one.kind === kind && at >= START + one.from && at < START + one.until);
  }

  /** The table as a worker reaches it: not at all once it is dead. */
  private mortalTable(): Table {
    const send = async (...args: readonly unknown[]) => {
      if (this.isDead) throw new Error('dead');
      return Reflect.apply(this.table.client.send, this.table.client, args);
    };
    return { name: 'memory', client: { send: send as unknown as Table['client']['send'] } };
  }
}
