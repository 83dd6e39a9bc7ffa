import { AssertionError } from 'node:assert';
import { randomUUID } from 'node:crypto';
import type { Product } from '../../../lib/config/products.ts';
import type { Seller } from '../../../lib/seller/contract.ts';
import type { OrderDetails } from '../order-book.ts';
import { createTestShop, internalsOf, type TestShop } from '../shop.ts';
import type { Disturbance, Finding } from './finding.ts';
import { checkKeys } from './keys.ts';
import { HOOK_OF, LIFE } from './life.ts';
import { describe, type Language, wordsOf } from './messages.ts';
import type { CheckContext, Observe } from './run.ts';
import { SCENARIOS, UndisturbedFailure, undisturbed } from './scenarios.ts';

/** Settings of a check. */
export interface CheckOptions {
  /** Tells what the customer has. Without it the hooks' answers alone are compared. */
  readonly observe?: Observe;
  /** Secrets of your own, for `context.secret(name)`; those of a shop by default. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** An order that your seller provisions. */
  readonly purchase?: OrderDetails;
  /** The orders of two upgrades, one after the other; twice and three times the seats by default. */
  readonly upgrades?: readonly [OrderDetails, OrderDetails];
  /** Also runs two attempts of each hook at the same time. */
  readonly concurrently?: boolean;
  /** Also lets an attempt to provision end after the release, as a process that stood still may do. */
  readonly lateProvision?: boolean;
  /** Language of the messages; English by default. */
  readonly lang?: Language;
}

/** Extent of a check that has passed. */
export interface HookReport {
  /** True if `observe` showed what the customer has. */
  readonly observed: boolean;
  /** Hooks that could not be checked: absent, or they answer that the orders of the checks are not possible. */
  readonly skipped: readonly string[];
  readonly disturbances: readonly Disturbance[];
  /** A sentence about what the checks could not see; absent if they saw all. */
  readonly notice?: string;
}

const REPETITION: readonly Disturbance[] = ['twice', 'lostAnswer'];
const LATE_CALLS: readonly Disturbance[] = [
  'aborted',
  'releaseOfNothing',
  'releaseOfHalf',
  'releaseOnceMore',
  'cleanUp',
];
const ANY_ORDER: readonly Disturbance[] = ['older', 'sameEnd', 'whileFrozen', 'afterRelease'];

/**
 * Checks that a seller's hooks stand what KooGate may do to them: being called twice, late, and out of order. Runs the hooks
 * themselves, on instances with ids of their own, and compares what the customer has with an undisturbed life.
 * @throws AssertionError naming each hook that fails, what was done to it, what was expected and found, and what to do
 *
 * @example
 * test('the hooks stand repetition', () => checkHooks(seller, { observe: (id) => database.tenantsOf(id) }));
 */
export function checkHooks(target: Seller | TestShop, options: CheckOptions = {}): Promise<HookReport> {
  return check(target, options, [...REPETITION, ...LATE_CALLS, ...ANY_ORDER]);
}

/**
 * Checks that each hook may be called again with the same idempotency key: at once, and later because its answer was lost.
 * @throws AssertionError
 *
 * @example
 * await standsRepetition(seller, { observe, concurrently: true });
 */
export function standsRepetition(target: Seller | TestShop, options: CheckOptions = {}): Promise<HookReport> {
  return check(target, options, REPETITION);
}

/**
 * Checks late calls: an aborted attempt that ends after its successor, a release of what was never or only half
 * provisioned, a second release, and a purchase that is made anew after it has been cleaned up.
 * @throws AssertionError
 *
 * @example
 * await standsLateCalls(seller, { observe });
 */
export function standsLateCalls(target: Seller | TestShop, options: CheckOptions = {}): Promise<HookReport> {
  return check(target, options, LATE_CALLS);
}

/**
 * Checks calls out of order: an older attempt repeated after newer changes, renewals and upgrades of a frozen instance, two
 * renewals with one end, changes after the release.
 * @throws AssertionError
 *
 * @example
 * await standsAnyOrder(seller, { observe });
 */
export function standsAnyOrder(target: Seller | TestShop, options: CheckOptions = {}): Promise<HookReport> {
  return check(target, options, ANY_ORDER);
}

async function check(
  target: Seller | TestShop,
  options: CheckOptions,
  usual: readonly Disturbance[],
): Promise<HookReport> {
  const { lang = 'en', concurrently = false, lateProvision = false } = options;
  const context = contextOf(target, options);
  const words = wordsOf(lang);
  const reference = await (context.hasInstances ? undisturbed(context) : WITHOUT_LIFE).catch((error: unknown) => {
    if (!(error instanceof UndisturbedFailure)) throw error;
    const cause = error.cause instanceof Error ? error.cause.message : JSON.stringify(error.cause);
    throw new AssertionError({ message: words.undisturbed(error.hook, cause), operator: 'checkHooks' });
  });
  const disturbances = usual.flatMap((one): readonly Disturbance[] => {
    if (one === 'lostAnswer' && concurrently) return [one, 'concurrently'];
    return one === 'releaseOnceMore' && lateProvision ? [one, 'lateProvision'] : [one];
  });
  const findings: Finding[] = [];
  for (const disturbance of context.hasInstances ? disturbances : []) {
    for (;;) {
      // One fault shows in many ways: a hook that has failed once is not disturbed again.
      const skip = new Set(findings.map(({ hook }) => hook));
      const finding = await SCENARIOS[disturbance]({ check: context, reference, skip });
      if (finding === undefined || skip.has(finding.hook)) break;
      findings.push(finding);
    }
  }
  const ofKeys = await checkKeys(context, disturbances);
  if (ofKeys !== undefined) findings.push(ofKeys);
  const [first] = findings;
  if (first !== undefined) {
    throw new AssertionError({
      message: findings.map((finding) => describe(finding, lang)).join('\n\n'),
      expected: first.expected,
      actual: first.found,
      operator: 'checkHooks',
    });
  }
  const observed = context.observe !== undefined;
  const { skipped } = reference;
  return { observed, skipped, disturbances, ...(observed ? {} : { notice: words.notObserved }) };
}

/** The reference of a product that nothing but keys is asked of. */
const WITHOUT_LIFE = Promise.resolve({
  steps: [],
  views: new Map(),
  skipped: [...new Set(LIFE.map((step) => HOOK_OF[step]))],
});

/** The hooks that a product's families ever call: an HTTP seller has them all, and its backend need not. */
function calledOf(seller: Seller, { families }: Product): Seller {
  const hidden = new Set<string | symbol>([
    ...(families.some((family) => family === 'license-online' || family === 'license-1') ? [] : ['issueLicense']),
    ...(families.includes('maas') ? [] : ['applyApikey']),
  ]);
  return new Proxy(seller, {
    get: (hooks, name) => (hidden.has(name) ? undefined : Reflect.get(hooks, name)),
  });
}

function hasInstances({ families }: Product): boolean {
  return families.some((family) => family !== 'maas' && family !== 'order-notify');
}

function contextOf(target: Seller | TestShop, { observe, secrets, purchase, upgrades }: CheckOptions): CheckContext {
  const isShop = 'marketplace' in target;
  const shop = isShop ? target : createTestShop({ products: { check: { seller: target } }, secrets: secrets ?? {} });
  const { product, notes, seller, secret, clock } = internalsOf(shop);
  const own = (name: string) => Promise.resolve(secrets?.[name] ?? secret(name));
  return {
    seller: isShop ? calledOf(seller(), product) : target,
    product: product.id,
    notes,
    observe,
    hasInstances: !isShop || hasInstances(product),
    orders: { ...(purchase === undefined ? {} : { purchase }), ...(upgrades === undefined ? {} : { upgrades }) },
    secret: own,
    start: clock(),
    serial: () => randomUUID().slice(0, 8),
  };
}
