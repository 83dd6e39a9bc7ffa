import { randomUUID } from 'node:crypto';
import { createFulfil } from '../../handlers/create-fulfil.ts';
import { createProduce } from '../../handlers/create-produce.ts';
import type { Product } from '../../lib/config/products.ts';
import type { FulfilDependencies } from '../../lib/fulfilment/dependencies.ts';
import { fulfilInline, issueInline } from '../../lib/fulfilment/inline.ts';
import { dueEntries } from '../../lib/instances/due.ts';
import { createNotes } from '../../lib/instances/notes.ts';
import { readItems } from '../../lib/instances/read.ts';
import type { Fields, Log } from '../../lib/log.ts';
import { createSealer } from '../../lib/sealing/sealer.ts';
import type { Notes, Order, Seller } from '../../lib/seller/contract.ts';
import { MemoryEngine } from '../../lib/table/memory.ts';
import { clientSecretOpener } from '../../lib/tenants/client-secrets.ts';
import { type HookCall, HookCalls } from './hook-calls.ts';
import { newAccessKeys, testSecrets } from './keys.ts';
import { createMarketplace, type TestMarketplace } from './marketplace.ts';
import { createOrderBook, type OrderBook } from './order-book.ts';
import { ProductClient } from './product-client.ts';
import { chosen, type TestProducts, toProducts } from './products.ts';
import { sellerFor } from './sellers.ts';

/** Settings of a test shop. */
export interface TestShopOptions {
  /** The products of your settings. */
  readonly products: TestProducts;
  /** The product that `shop.marketplace` sells; the first by default. */
  readonly product?: string;
  /** Secrets of your own, for `context.secret(name)`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Secret of the HTTP seller (`whsec_…`), for products with a backend: that which the backend was started with. */
  readonly sellerSecret?: string;
  /** The moment at which the test's clock starts; it moves by the test alone. */
  readonly now?: Date;
}

/** A line of KooGate's log. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Fields;
  readonly error?: unknown;
}

/** A licence that reached the marketplace: a text, or a file. */
export interface DeliveredLicense {
  readonly eventId: string;
  readonly license?: string;
  readonly file?: { readonly name: string; readonly content: Uint8Array };
}

/** A KooGate of its own, in this process and in memory, with a marketplace that plays against your hooks. */
export interface TestShop {
  readonly marketplace: TestMarketplace;
  /** The marketplace's side of another product. */
  marketplaceOf(product: string): TestMarketplace;
  /** The orders that the marketplace has; calls place their own. */
  readonly orders: OrderBook;
  /** Calls of hooks, in order. */
  readonly calls: readonly HookCall[];
  /** Licences that were delivered to the marketplace (online License, License 1.0). */
  readonly delivered: readonly DeliveredLicense[];
  /** KooGate's log; what went wrong behind a failing hook stands here. */
  readonly log: readonly LogEntry[];
  /** The test's clock. */
  readonly now: Date;
  /** Moves the clock without doing anything. */
  advance(milliseconds: number): void;
  /**
   * Carries accepted changes to your hooks until nothing waits, moving the clock on to each repeat.
   * @returns the calls of hooks that were made
   * @throws Error if a hook fails again and again
   */
  settle(): Promise<readonly HookCall[]>;
  /** Throws away the answer of the next call of the hook that ends, as a broken connection would: it is called again. */
  loseAnswer(hook: string): void;
  /** Notes of a product, as its hooks see them in `context.notes`. */
  notes(product?: string): Notes;
}

/** Parts of a shop that the checks of hooks need. */
export interface ShopInternals {
  readonly product: Product;
  readonly notes: Notes;
  /** The code that carries out the product's changes. */
  seller(): Seller;
  secret(name: string): Promise<string>;
  clock(): number;
}

const internals = new WeakMap<TestShop, ShopInternals>();

/** The inside of a shop that `createTestShop` has made. */
export function internalsOf(shop: TestShop): ShopInternals {
  const inside = internals.get(shop);
  if (inside === undefined) throw new TypeError('This is not a shop that createTestShop has made.');
  return inside;
}

/** Attempts at a change after which `settle` gives up; KooGate itself never does, but for purchases. */
const MAX_ATTEMPTS = 20;
/** Milliseconds that a run of fulfilment believes it has: more than any attempt may take. */
const RUN_BUDGET_MS = 900_000;

/**
 * Makes a shop of your products: KooGate's own route and fulfilment, with a table in memory, keys of its own, and a clock
 * that the test moves. No network is used unless a product has a backend.
 *
 * @example
 * const shop = createTestShop({ products: { team: { seller } } });
 * const { instanceId } = await shop.marketplace.buy({ skuCode: 'team', seats: 10 });
 * await shop.settle();
 * const { access } = await shop.marketplace.query(instanceId);
 */
export function createTestShop(options: TestShopOptions): TestShop {
  const products = toProducts(options.products);
  const product = chosen(products, options.product);
  for (const one of products.values()) sellerFor(one, options.sellerSecret); // a secret that is missing is said at once
  const time = { now: options.now?.getTime() ?? Date.UTC(2026, 0, 1) };
  const clock = () => time.now;
  const accessKeys = newAccessKeys();
  const secrets = testSecrets(accessKeys, options.secrets ?? {});
  const orders = createOrderBook(clock);
  const calls = new HookCalls();
  const sellers = new Map<Product, Seller>();
  const delivered: DeliveredLicense[] = [];
  const log: LogEntry[] = [];
  const table = { client: new MemoryEngine(), name: 'memory' };
  const common: FulfilDependencies & { secrets: typeof secrets } = {
    table,
    products,
    secrets,
    sealer: createSealer(secrets, clock),
    sellerOf: (one) => {
      const known = sellers.get(one) ?? calls.recording(one.name, sellerFor(one, options.sellerSecret));
      sellers.set(one, known);
      return known;
    },
    queryOrder: async ({ orderId, orderLineId }) => shown(orders, orderId, orderLineId),
    deliverLicense: async ({ eventId, license }) => {
      delivered.push(typeof license === 'string' ? { eventId, license } : { eventId, file: license });
    },
    sellerSecret: (name) => secrets.sellerOwn(name),
    clock,
    random: () => 0.5,
    newToken: randomUUID,
    log: logInto(log),
  };
  const produce = createProduce({
    ...common,
    openClientSecret: clientSecretOpener(secrets),
    fulfilInline: (...purchase) => fulfilInline(common, ...purchase),
    issueInline: (...application) => issueInline(common, ...application),
  });
  const fulfil = createFulfil(common);
  // The signed time distinguishes the marketplace's calls.
  const tick = () => {
    time.now += 1;
    return time.now;
  };
  const marketplaces = new Map<string, TestMarketplace>();
  const marketplaceOf = (name: string): TestMarketplace => {
    const client = new ProductClient(chosen(products, name), produce as ProductClient['route'], accessKeys, tick);
    const made = marketplaces.get(name) ?? createMarketplace(client, orders, clock);
    marketplaces.set(name, made);
    return made;
  };
  const notes = (name: string = product.name) => createNotes(table, chosen(products, name).id, randomUUID);

  const shop: TestShop = {
    marketplace: marketplaceOf(product.name),
    marketplaceOf,
    orders,
    calls: calls.all,
    delivered,
    log,
    get now() {
      return new Date(time.now);
    },
    advance: (milliseconds) => {
      time.now += milliseconds;
    },
    async settle() {
      const begun = calls.all.length;
      for (;;) {
        await fulfil({ source: 'koogate/testing' }, { getRemainingTimeInMillis: () => RUN_BUDGET_MS });
        const next = await nextDue(table, log);
        if (next === undefined) return calls.all.slice(begun);
        time.now = Math.max(time.now, next);
      }
    },
    loseAnswer: (hook) => calls.lose(hook),
    notes,
  };
  const seller = () => sellerFor(product, options.sellerSecret);
  internals.set(shop, { product, seller, notes: notes(), secret: (name) => secrets.sellerOwn(name), clock });
  return shop;
}

/** The moment at which the next change is due; undefined if none waits. @throws Error if a change has failed too often */
async function nextDue(table: FulfilDependencies['table'], log: readonly LogEntry[]): Promise<number | undefined> {
  const waiting = [];
  for await (const entry of dueEntries(table, Number.MAX_SAFE_INTEGER)) waiting.push(entry);
  const items = await readItems<Waiting>(
    table,
    waiting.map(({ pk, sk }) => ({ pk, sk })),
  );
  const stuck = items.find(({ attempts = 0 }) => attempts >= MAX_ATTEMPTS);
  if (stuck !== undefined) {
    const last = log.findLast(({ level }) => level === 'error');
    const what = stuck.pending?.[0]?.kind ?? 'a change';
    throw new Error(
      `${what} of ${stuck.instanceId ?? stuck.pk} has failed ${stuck.attempts} times and would be tried for ever: ` +
        `${String(last?.error ?? stuck.lastError)}`,
      { cause: last?.error },
    );
  }
  return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ dueAt }) => dueAt));
}

/** An item with changes that wait, as far as `settle` reads it. */
interface Waiting {
  readonly pk: string;
  readonly sk: string;
  readonly instanceId?: string;
  readonly attempts?: number;
  readonly lastError?: string;
  readonly pending?: readonly { readonly kind: string }[];
}

function shown(orders: OrderBook, orderId: string, orderLineId: string | undefined): Order {
  const order = orders.find(orderId);
  if (order !== undefined && (orderLineId === undefined || order.line.orderLineId === orderLineId)) return order;
  throw Object.assign(new Error(`The marketplace shows no order ${orderId}.`), { permanent: true });
}

function logInto(entries: LogEntry[]): Log {
  return {
    info: (message, fields = {}) => entries.push({ level: 'info', message, fields }),
    warn: (message, fields = {}) => entries.push({ level: 'warn', message, fields }),
    error: (message, error, fields = {}) => entries.push({ level: 'error', message, error, fields }),
    metric: () => undefined,
  };
}
