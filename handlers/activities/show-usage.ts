import type { Product } from '../../lib/config/products.ts';
import { toInstance } from '../../lib/fulfilment/instance.ts';
import { within } from '../../lib/fulfilment/within.ts';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { createNotes } from '../../lib/instances/notes.ts';
import type { MeteredInstance } from '../../lib/seller/usage-contract.ts';
import { readUsed } from '../../lib/usage/read-used.ts';
import { type UsageShown, usageInfoOf } from '../../lib/usage/usage-info.ts';
import type { ActivityContext, ActivityTools } from './activity.ts';

/** Milliseconds that the seller's code has to say what was used; then what was pushed is shown. */
const HOOK_BUDGET_MS = 1_500;
/** Milliseconds after the gateway took the call by which the seller's code must have answered. */
const LATEST_MS = 3_000;

/**
 * Says what on-demand instances and packages have used: in real time where the seller's code says so in time, otherwise what
 * the marketplace has taken. The marketplace demands the member of both kinds.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html
 * @returns by instance; the others are not charged by usage
 */
export async function usageOf(
  items: readonly InstanceItem[],
  tools: ActivityTools,
  context: ActivityContext,
): Promise<ReadonlyMap<string, readonly UsageShown[]>> {
  const { product } = context;
  const now = tools.clock();
  const stored = new Map<string, readonly UsageShown[]>();
  for (const item of items) {
    const shown = usageInfoOf(item, now);
    if (shown !== undefined) stored.set(item.instanceId, shown);
  }
  if (stored.size === 0) return stored;
  const metered = items.filter(({ instanceId }) => stored.has(instanceId));
  const told = await askSeller(metered, tools, context);
  return new Map([...stored].map(([id, shown]) => [id, withDashboard(product, id, told.get(id) ?? shown)]));
}

/** Asks the seller's code. @returns nothing if it says nothing, says it too late, or fails: the look is not kept waiting */
async function askSeller(
  items: readonly InstanceItem[],
  tools: ActivityTools,
  { product, receivedAt, signal }: ActivityContext,
): Promise<ReadonlyMap<string, readonly UsageShown[]>> {
  const now = tools.clock();
  try {
    const seller = tools.sellerOf(product);
    if (seller.usage === undefined) return new Map();
    const budget = Math.min(HOOK_BUDGET_MS, receivedAt + LATEST_MS - now);
    const context = {
      idempotencyKey: tools.newToken(),
      attempt: 1,
      now: new Date(now),
      notes: createNotes(tools.table, product.id),
      secret: tools.sellerSecret,
    };
    const question = { product: product.id, instances: items.map(meteredOf) };
    const answer = await within(
      budget,
      'usage',
      async (inner) => seller.usage?.(question, { ...context, signal: inner }),
      signal,
    );
    return readUsed(answer, new Set(items.map(({ instanceId }) => instanceId)), now);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tools.log.warn('The seller’s code did not say what was used; what was pushed is shown.', {
      product: product.id,
      reason,
    });
    return new Map();
  }
}

function meteredOf(item: InstanceItem): MeteredInstance {
  const chargingMode = item.chargingMode === 'ON_DEMAND_PKG' ? 'ON_DEMAND_PKG' : 'ON_DEMAND';
  return { instance: toInstance(item), chargingMode };
}

function withDashboard(product: Product, instanceId: string, shown: readonly UsageShown[]): readonly UsageShown[] {
  const { dashboardUrl } = product;
  if (dashboardUrl === undefined) return shown;
  const address = dashboardUrl.replaceAll('{instanceId}', encodeURIComponent(instanceId));
  return shown.map((entry) => ({ dashboardUrl: address, ...entry }));
}
