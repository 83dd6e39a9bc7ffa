import type { InstanceItem } from '../../../lib/instances/item.ts';
import { findByCustomer, findInstances, isOfOrder } from '../../../lib/operations/find.ts';
import { isInstance } from '../../../lib/operations/order-index.ts';
import { everyItem } from '../../../lib/operations/scan.ts';
import { summaryOf } from '../../cli/operator/find.ts';
import { Problem } from '../../cli/terminal/problem.ts';
import type { Tell } from '../api.ts';
import type { DeployedDependencies } from './dependencies.ts';
import type { FoundInstance, FoundInstances, ScanAsked } from './shapes.ts';

/** Instances that a list has at most, the newest ones. */
const LISTED = 200;
/** Items after which a pass says how far it is, and after which it also says what it has found. */
const TOLD_ITEMS = 1_000;
const LISTED_ITEMS = 10_000;

/** Finds instances by what a customer can name. */
export async function findById(
  { table, products, keys }: Pick<DeployedDependencies, 'table' | 'products' | 'keys'>,
  asked: { readonly id: string; readonly isCustomer: boolean; readonly product?: string | undefined },
): Promise<FoundInstances> {
  const place = { table, products: asked.product === undefined ? [...products.keys()] : [asked.product] };
  if (!asked.isCustomer) return listed(await findInstances(place, asked.id));
  const key = (await keys())?.customer;
  if (key === undefined) throw new Problem('page.problem.no-customer-key');
  return listed(await findByCustomer(place, key, asked.id));
}

function listed({ items, ...found }: Awaited<ReturnType<typeof findInstances>>): FoundInstances {
  return { ...found, items: items.map(summaryOf) };
}

/** Looks through the whole table, and says from time to time how far it is and what the newest found are. */
export async function scanTable(
  { table, products }: Pick<DeployedDependencies, 'table' | 'products'>,
  asked: ScanAsked,
  tell: Tell,
): Promise<void> {
  const found: FoundInstance[] = [];
  let matched = 0;
  let read = 0;
  const newest = () => {
    found.sort((a, b) => b.createdAt - a.createdAt).splice(LISTED);
    return found;
  };
  const progress = (items: number) => {
    const isTold = Math.floor(items / TOLD_ITEMS) > Math.floor(read / TOLD_ITEMS);
    const isListed = Math.floor(items / LISTED_ITEMS) > Math.floor(read / LISTED_ITEMS);
    read = items;
    if (isTold) tell({ read, matched, done: false, ...(isListed && { items: newest() }) });
  };
  for await (const item of everyItem(table, progress)) {
    if (!isInstance(item) || !products.has(item.product) || !isAsAsked(item, asked)) continue;
    matched += 1;
    found.push(summaryOf(item));
    if (found.length >= 2 * LISTED) newest();
  }
  tell({ read, matched, done: true, items: newest() });
}

function isAsAsked(item: InstanceItem, { product, state, trouble, from, until, order }: ScanAsked): boolean {
  if (product !== undefined && item.product !== product) return false;
  if (state !== undefined && item.state !== state) return false;
  if (trouble === 'failing' && item.lastError === undefined) return false;
  if (trouble === 'set-aside' && Object.keys(item.failed).length === 0) return false;
  if (from !== undefined && item.createdAt < from) return false;
  if (until !== undefined && item.createdAt >= until) return false;
  return order === undefined || isOfOrder(item, order);
}
