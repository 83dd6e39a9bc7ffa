/**
 * Rules of the marketplace for a usage record, checked before the record is stored: a record that it refuses hours
 * later, in a list of its console, is a record that nobody corrects.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html (record codes and rules).
 */
import type { Product } from '../config/products.ts';
import type { InstanceItem } from '../instances/item.ts';
import type { Period } from './period.ts';
import { type RefusedUsage, refuse } from './refusals.ts';
import type { UsageReport } from './report.ts';

export const DAY = 86_400_000;
/** A record whose period began longer ago is not taken any more. */
export const OLDEST = 21 * DAY;

/** Checks what can be seen from the report alone; undefined if nothing is wrong. */
export function checkPeriod({ begin, end }: Period, now: number): RefusedUsage | undefined {
  if (begin >= end) return refuse('empty-period', `begin ${iso(begin)} is not before end ${iso(end)}`);
  if (end > now) return refuse('future', `end ${iso(end)} lies in the future; report a period when it is over`);
  if (begin < now - OLDEST) {
    return refuse('too-old', `begin ${iso(begin)} is more than 21 days ago, and the marketplace takes no such record`);
  }
  return undefined;
}

/** Checks whether the instance can have used anything in the period. */
export function checkInstance(
  item: InstanceItem | undefined,
  { instanceId, begin, end }: Pick<UsageReport, 'instanceId' | 'begin' | 'end'>,
): RefusedUsage | undefined {
  if (item === undefined) {
    return refuse('unknown-instance', `there is no instance ${instanceId} of this product; check id and product`);
  }
  if (item.state === 'FAILED') return refuse('failed', `the purchase of ${instanceId} failed; it cannot be used`);
  if (item.chargingMode === undefined) {
    return refuse('not-open', whyNotOpen('instance', instanceId, item));
  }
  if (item.chargingMode === 'ON_DEMAND_PKG') {
    const hint = 'report on the on-demand instance and name this one as packageInstanceId';
    return refuse('is-a-package', `instance ${instanceId} is a package; ${hint}`);
  }
  if (item.chargingMode !== 'ON_DEMAND') {
    return refuse('not-on-demand', `instance ${instanceId} is charged ${item.chargingMode}, not ON_DEMAND`);
  }
  if (item.imported !== true && begin < wholeSecond(item.createdAt)) {
    const opened = iso(wholeSecond(item.createdAt));
    return refuse('before-opening', `begin ${iso(begin)} is before the purchase at ${opened}; begin at that moment`);
  }
  if (item.wanted === 'RELEASED' && (item.releasedAt === undefined || end > item.releasedAt)) {
    const closed = item.releasedAt === undefined ? '' : ` at ${iso(item.releasedAt)}`;
    return refuse('after-closing', `end ${iso(end)} is after the release${closed}; end at that moment at the latest`);
  }
  return undefined;
}

/** Checks whether the package named may be charged, or must have been named. `item` is the package's. */
export function checkPackage(
  product: Pick<Product, 'packageUsage'>,
  packageInstanceId: string | undefined,
  item: InstanceItem | undefined,
): RefusedUsage | undefined {
  if (packageInstanceId === undefined) {
    if (product.packageUsage !== 'required') return undefined;
    return refuse('package-missing', 'packageInstanceId is missing: the packages of this product stop when used up');
  }
  if (item === undefined || item.state === 'FAILED') {
    return refuse('unknown-package', `there is no package ${packageInstanceId} of this product; check the id`);
  }
  if (item.chargingMode === undefined) {
    return refuse('not-open', whyNotOpen('package', packageInstanceId, item));
  }
  if (item.chargingMode !== 'ON_DEMAND_PKG') {
    const reason = `instance ${packageInstanceId} is no package: its charging mode is ${item.chargingMode}`;
    return refuse('not-a-package', reason);
  }
  return undefined;
}

/** An instance that came by an import has been open all along; nobody said how it is charged. */
function whyNotOpen(kind: string, id: string, { state }: InstanceItem): string {
  if (state === 'PENDING') return `${kind} ${id} has not been provisioned yet; report again when it is`;
  const cure = 'import it again with the column chargingMode, or run koogate reconcile --repair, and report again';
  return `it is not known how ${kind} ${id} is charged; ${cure}`;
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
