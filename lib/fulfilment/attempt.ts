import type { Product } from '../config/products.ts';
import type { InstanceItem } from '../instances/item.ts';
import { type InstanceChange, isInstanceChange, stepFor } from '../instances/lifecycle.ts';
import type { Hold } from '../instances/outbox.ts';
import { isKitChange } from '../instances/queue.ts';
import type { Change, Order, Renewal } from '../seller/contract.ts';
import { callHook, type Task } from './call-hook.ts';
import type { FulfilDependencies } from './dependencies.ts';
import { readDone } from './hook-answers.ts';
import { toInstance } from './instance.ts';
import { lastUsage } from './last-usage.ts';
import { attemptApplication, attemptCode } from './license-attempts.ts';
import { ordered } from './ordered.ts';
import { isPermanent } from './permanent.ts';
import { provision } from './provision.ts';
import { renewalOf } from './renewal-of.ts';
import { openOrder } from './sealed-order.ts';
import { tellTenants } from './tell-tenants.ts';
import { guarded, type Verdict } from './verdict.ts';

/**
 * One attempt at the change of a hold: reads the orders it needs, calls the seller's hook, checks the answer. Writes
 * nothing and throws nothing: whatever goes wrong is the verdict `fault`, to be tried again.
 */
export async function attempt(
  deps: FulfilDependencies,
  product: Product,
  hold: Hold,
  signal?: AbortSignal,
): Promise<Verdict> {
  return guarded(async () => {
    const { item, change } = hold;
    const task = { deps, product, item, hold, given: {}, signal };
    if (change.kind === 'orderNotified') return await notify(task);
    if (isKitChange(change)) return await tellTenants(task, change);
    if ('license' in item) return await attemptCode({ ...task, item });
    if ('eventId' in item) return await attemptApplication({ ...task, item });
    if (!('state' in item) || !isInstanceChange(change.kind)) {
      return { kind: 'failed', reason: `${change.kind} on an item that is no instance` };
    }
    const step = stepFor(item, { ...change, kind: change.kind });
    if (step === 'moot') return { kind: 'moot' };
    if (step === 'illegal') return { kind: 'failed', reason: `${change.kind} is not possible in state ${item.state}` };
    return await hooks[change.kind]({ ...task, item });
  });
}

const hooks: Readonly<Record<InstanceChange, (task: Task<InstanceItem>) => Promise<Verdict>>> = {
  provision,
  cleanUp: (task) => plain(task, 'release'),
  renew: async (task) => {
    const change = renewalOf(task);
    const renewalOrder = await orderedIfShown(task);
    const renewal: Renewal = {
      ...(await base(task)),
      scene: change.scene,
      expiresAt: new Date(change.expiresAt),
      ...(change.productId === undefined ? {} : { productId: change.productId }),
      ...(renewalOrder === undefined ? {} : { renewalOrder }),
    };
    return readDone('renew', await callHook(task, 'renew', (seller, context) => seller.renew(renewal, context)));
  },
  upgrade: async (task) => {
    const upgradeOrder = await orderedOrNever(task);
    if ('kind' in upgradeOrder) return upgradeOrder;
    const upgrade = { ...(await base(task)), upgradeOrder };
    return readDone('upgrade', await callHook(task, 'upgrade', (seller, context) => seller.upgrade(upgrade, context)));
  },
  freeze: (task) => plain(task, 'freeze'),
  unfreeze: (task) => plain(task, 'unfreeze'),
  release: async (task) => {
    await lastUsage(task.deps, task.item, task.hold, task.signal);
    return plain(task, 'release');
  },
};

/** The hooks that need no order but the one that is kept. */
async function plain(task: Task<InstanceItem>, hook: 'freeze' | 'unfreeze' | 'release'): Promise<Verdict> {
  const change = await base(task);
  return readDone(hook, await callHook(task, hook, (seller, context) => seller[hook](change, context)));
}

async function notify(task: Task): Promise<Verdict> {
  const { deps, product } = task;
  if (deps.sellerOf(product).orderNotified === undefined) return { kind: 'moot' };
  const order = await orderedOrNever(task);
  if ('kind' in order) return order;
  const notice = { product: product.id, order };
  const answer = await callHook(task, 'orderNotified', (seller, context) => seller.orderNotified?.(notice, context));
  return readDone('orderNotified', answer);
}

async function base({ deps, item }: Task<InstanceItem>): Promise<Change> {
  const change = { instance: toInstance(item), wanted: item.wanted };
  return item.order === undefined ? change : { ...change, order: await openOrder(deps.sealer, item.order, item) };
}

/** As `ordered`; that the change has failed where the marketplace will never show its order. */
async function orderedOrNever(task: Task): Promise<Order | Extract<Verdict, { kind: 'failed' }>> {
  try {
    return await ordered(task);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { kind: 'failed', reason: error.message };
  }
}

/** As `ordered`; undefined where the marketplace will never show it: the order of some withdrawn renewals. */
async function orderedIfShown(task: Task): Promise<Order | undefined> {
  try {
    return await ordered(task);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    task.deps.log.warn('The order of a renewal is not shown; it is carried out without.', {
      product: task.product.id,
      change: task.hold.change.id,
      reason: error.message,
    });
    return undefined;
  }
}
