import type { Products } from '../config/products.ts';
import { type DueEntry, dueEntries } from '../instances/due.ts';
import type { InstanceItem } from '../instances/item.ts';
import { type OutboxItem, waitingIn } from '../instances/queue.ts';
import { readItems } from '../instances/read.ts';
import type { Table } from '../table/table.ts';
import { duePages } from '../usage/due.ts';
import type { UsageRecord } from '../usage/item.ts';
import { parsePeriodKey } from '../usage/period.ts';
import { OLDEST } from '../usage/rules.ts';
import { isInstance } from './order-index.ts';
import { everyItem } from './scan.ts';

/** Summary of a product's waiting items. */
export interface ProductStatus {
  readonly product: string;
  /** Items at which something waits. */
  readonly waiting: number;
  /** Those of them whose last attempt failed. */
  readonly failing: number;
  /** When the oldest of it was accepted, Unix milliseconds. */
  readonly oldest?: number;
}

/** A change whose last attempt failed; a purchase fails for good when its window closes. Times are Unix milliseconds. */
export interface FailingChange {
  readonly product: string;
  readonly id: string;
  readonly orderId?: string;
  readonly kind: string;
  readonly attempts: number;
  readonly reason: string;
  readonly nextAt: number;
  readonly closesAt?: number;
}

/** Usage that is not pushed yet. */
export interface WaitingUsage {
  readonly records: number;
  /** When the marketplace takes the oldest no longer, Unix milliseconds. */
  readonly deadline?: number;
}

/** Changes that were set aside, and instances that failed. */
export interface Aside {
  readonly product: string;
  readonly setAside: number;
  readonly failedPurchases: number;
}

/** Summary of what waits, fails and is about to fail. */
export interface Status {
  readonly products: readonly ProductStatus[];
  /** Failing changes; the one whose window closes first stands first. */
  readonly failing: readonly FailingChange[];
  readonly usage: WaitingUsage;
  /** More waits than was to be read. */
  readonly isCut?: true;
}

/**
 * Reads what waits by the index `due` alone, so that it costs as much as waits, whatever the size of the table.
 * @param most items, and records of usage, that are read; all unless given
 */
export async function readStatus(table: Table, products: Products, most = Number.POSITIVE_INFINITY): Promise<Status> {
  const keys: DueEntry[] = [];
  let isCut = false;
  for await (const entry of dueEntries(table, Number.MAX_SAFE_INTEGER)) {
    isCut = keys.length >= most;
    if (isCut) break;
    keys.push(entry);
  }
  const items = (await readItems<OutboxItem>(table, keys)).filter((item) => waitingIn(item).length > 0);
  const { isCut: isUsageCut, ...usage } = await waitingUsage(table, most);
  return {
    products: [...products.keys()].map((product) => productStatus(product, items)),
    failing: items
      .flatMap((item) => failingChange(item, products))
      .toSorted((a, b) => (a.closesAt ?? Number.POSITIVE_INFINITY) - (b.closesAt ?? Number.POSITIVE_INFINITY)),
    usage,
    ...((isCut || isUsageCut) && { isCut: true }),
  };
}

function productStatus(product: string, all: readonly OutboxItem[]): ProductStatus {
  const items = all.filter((item) => item.product === product);
  const times = items.flatMap((item) => waitingIn(item).map(({ acceptedAt }) => acceptedAt));
  return {
    product,
    waiting: items.length,
    failing: items.filter(({ lastError }) => lastError !== undefined).length,
    ...(times.length === 0 ? {} : { oldest: Math.min(...times) }),
  };
}

function failingChange(item: OutboxItem, products: Products): FailingChange[] {
  const [head] = waitingIn(item);
  const { product, lastError: reason, attempts, dueAt: nextAt = 0 } = item;
  if (head === undefined || reason === undefined) return [];
  const window = products.get(product)?.provisionWindow;
  const isPurchase = head.kind === 'provision' && window !== undefined;
  return [
    {
      product,
      id: nameOf(item),
      ...('orderId' in head && head.orderId !== undefined && { orderId: head.orderId }),
      kind: head.kind,
      attempts,
      reason,
      nextAt,
      ...(isPurchase && { closesAt: (head.requeuedAt ?? head.acceptedAt) + window }),
    },
  ];
}

/** The id by which an item is known: an instance's, a licence code, an event, a tenant, or the order of a notice. */
export function nameOf(item: OutboxItem): string {
  if ('turn' in item) return item.tenantId;
  if ('license' in item) return item.license;
  if ('eventId' in item) return item.eventId;
  return 'instanceId' in item ? item.instanceId : item.orderId;
}

async function waitingUsage(table: Table, most: number): Promise<WaitingUsage & { readonly isCut: boolean }> {
  let records = 0;
  let isCut = false;
  let oldest = Number.POSITIVE_INFINITY;
  for await (const keys of duePages(table, Number.MAX_SAFE_INTEGER)) {
    isCut = records >= most;
    if (isCut) break;
    for (const { sk } of await readItems<UsageRecord>(table, keys)) {
      records += 1;
      oldest = Math.min(oldest, parsePeriodKey(sk)?.begin ?? Number.POSITIVE_INFINITY);
    }
  }
  return { records, isCut, ...(Number.isFinite(oldest) && { deadline: oldest + OLDEST }) };
}

/** Counts what was set aside and which purchases failed, which no index tells: reads the whole table. */
export async function readAside(
  table: Table,
  products: Products,
  progress?: (items: number) => void,
): Promise<readonly Aside[]> {
  const counts = new Map([...products.keys()].map((product) => [product, { setAside: 0, failedPurchases: 0 }]));
  for await (const item of everyItem(table, progress)) {
    const { product, failed } = item as Partial<InstanceItem>;
    const count = product === undefined ? undefined : counts.get(product);
    if (count === undefined || failed === undefined) continue;
    count.setAside += Object.keys(failed).length;
    if (isInstance(item) && item.state === 'FAILED') count.failedPurchases += 1;
  }
  return [...counts].map(([product, count]) => ({ product, ...count }));
}
