import type { InstanceItem } from '../instances/item.ts';
import { formatMillis } from '../protocol/times.ts';

/** Usage as queryInstance shows it. */
export interface UsageShown {
  readonly relatedInstanceId?: string;
  readonly usageValue: number;
  readonly statisticalTime: string;
  readonly dashboardUrl?: string;
}

/**
 * Gives the usage of an instance as far as the marketplace has taken it: one entry for an on-demand instance; for a
 * package one per on-demand instance that was charged to it, and one in all where no record has named the package.
 * Undefined for instances that are not charged by usage.
 * Source: `usageInfo` in https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html
 * @param now the moment that "nothing yet" is true of
 */
export function usageInfoOf(
  { chargingMode, usage }: Pick<InstanceItem, 'chargingMode' | 'usage'>,
  now: number,
): readonly UsageShown[] | undefined {
  const statisticalTime = formatMillis(usage?.at ?? now);
  if (chargingMode === 'ON_DEMAND') return [{ usageValue: Number(usage?.total ?? 0), statisticalTime }];
  if (chargingMode !== 'ON_DEMAND_PKG') return undefined;
  const items = Object.entries(usage?.byInstance ?? {});
  if (items.length === 0) return [{ usageValue: Number(usage?.total ?? 0), statisticalTime }];
  return items
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([relatedInstanceId, used]) => ({ relatedInstanceId, usageValue: Number(used), statisticalTime }));
}
