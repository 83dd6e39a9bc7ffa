import type { Products } from '../../../lib/config/products.ts';
import type { InstanceItem } from '../../../lib/instances/item.ts';
import { type Key, keys } from '../../../lib/instances/keys.ts';
import { waitingIn } from '../../../lib/instances/queue.ts';
import { readItem } from '../../../lib/instances/write.ts';
import { type HistoryEntry, readHistory, verifyHistory } from '../../../lib/operations/verify-audit.ts';
import type { Table } from '../../../lib/table/table.ts';
import { recordPages } from '../../../lib/usage/due.ts';
import type { UsageRecord, WrittenReport } from '../../../lib/usage/item.ts';
import { usagePartition } from '../../../lib/usage/keys.ts';
import { recordName } from '../../../lib/usage/operate.ts';
import { parsePeriodKey } from '../../../lib/usage/period.ts';
import { isWritten } from '../../../lib/usage/records.ts';
import { summaryOf } from '../../cli/operator/find.ts';
import { Problem } from '../../cli/terminal/problem.ts';
import { readTimeline } from '../timeline.ts';
import type { DeployedDependencies } from './dependencies.ts';
import type { HistoryEvent, InstanceHistory, Notice, UsageLine } from './shapes.ts';

/** Usage records that are shown of an instance, the newest ones. */
const SHOWN_RECORDS = 50;

/** Reads an instance of a product. @throws Problem if there is none */
export async function instanceOf(table: Table, product: string, instanceId: string): Promise<InstanceItem> {
  const item = await readItem<InstanceItem>(table, keys.instance(product, instanceId));
  if (item === undefined || item.aliasOf !== undefined) throw new Problem('page.problem.no-instance');
  return item;
}

/** Reads all that is known of an instance. @throws Problem if there is none */
export async function readInstanceHistory(
  deps: Pick<DeployedDependencies, 'table' | 'products' | 'keys'>,
  product: string,
  instanceId: string,
): Promise<InstanceHistory> {
  const { table, products } = deps;
  const item = await instanceOf(table, product, instanceId);
  const key = (await deps.keys())?.audit;
  const entries = await readHistory(table, item);
  const verified = key === undefined ? undefined : verifyHistory(key, item, entries);
  const uncounted = new Set<HistoryEntry>(verified?.uncounted);
  const counted = entries.filter((entry) => !uncounted.has(entry));
  const notice = await noticeOf(table, keys.orderLine(product, item.orderId, item.orderLineId));
  const closesAt = closingOf(item, products);
  return {
    summary: summaryOf(item),
    events: inOrder([...((await readTimeline(table, item, []))?.events ?? []), ...actionsOf(counted)]),
    chain: verified === undefined ? 'unknown' : verified.findings.length === 0 ? 'valid' : 'broken',
    ...(closesAt !== undefined && { closesAt }),
    hasCredentials: item.access !== undefined,
    ...(notice !== undefined && { notice }),
    usage: await usageOf(table, product, instanceId),
  };
}

/** When a purchase that waits fails for good: the same arithmetic as fulfilment's. */
function closingOf(item: InstanceItem, products: Products): number | undefined {
  const [head] = waitingIn(item);
  const window = products.get(item.product)?.provisionWindow;
  if (head?.kind !== 'provision' || window === undefined) return undefined;
  return (head.requeuedAt ?? head.acceptedAt) + window;
}

function actionsOf(entries: readonly HistoryEntry[]): HistoryEvent[] {
  return entries.flatMap((entry): HistoryEvent[] => {
    if (!('action' in entry)) return [];
    const { at, action, by, subject } = entry;
    return [{ at, what: 'acted', action, by, ...(subject !== undefined && { subject }) }];
  });
}

function inOrder(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.toSorted((a, b) => a.at - b.at);
}

async function noticeOf(table: Table, at: Key): Promise<Notice | undefined> {
  const timeline = await readTimeline(table, at, []);
  if (timeline === undefined) return undefined;
  const { waiting, setAside } = timeline.subject;
  const item = await readItem<Pick<InstanceItem, 'orderId' | 'orderLineId'> & Key>(table, at);
  const { orderId = '', orderLineId = '' } = item ?? {};
  const actions = actionsOf(await readHistory(table, at));
  return { orderId, orderLineId, waiting, setAside, events: inOrder([...timeline.events, ...actions]) };
}

async function usageOf(table: Table, product: string, instanceId: string): Promise<readonly UsageLine[]> {
  let newest: readonly (UsageRecord | WrittenReport)[] = [];
  for await (const page of recordPages<UsageRecord | WrittenReport>(table, usagePartition(product, instanceId), '')) {
    newest = [...newest, ...page].slice(-SHOWN_RECORDS);
  }
  return newest.toReversed().map((record) => usageLine(instanceId, record));
}

/** Picks what is shown of a usage record. */
export function usageLine(instanceId: string, record: UsageRecord | WrittenReport): UsageLine {
  const { begin = 0, end = 0 } = parsePeriodKey(record.sk) ?? {};
  const line = { name: recordName(instanceId, record), begin, end, value: String(record.value) };
  if (isWritten(record)) return { ...line, state: 'unchecked' };
  const { state, code, reason = '' } = record;
  return { ...line, state, ...(code !== undefined && { reason: `${code}: ${reason}` }) };
}
