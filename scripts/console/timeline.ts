import type { AuditEntry } from '../../lib/instances/audit.ts';
import type { FailedChange, PendingChange } from '../../lib/instances/item.ts';
import type { Table } from '../../lib/table/table.ts';
import type { ItemKey, Timeline, TimelineEvent } from './shapes.ts';
import { readPartition, type ShownItem, subjectOf } from './table-items.ts';

/** A call that this console sent, as far as a timeline tells of it. */
export interface SentCall {
  readonly at: number;
  readonly product: string;
  readonly activity: string;
  readonly instanceId: string;
  readonly code: string;
  readonly milliseconds: number;
}

/**
 * Reads what happened to an item, oldest first, and what comes next: the calls sent from here, each change as it was
 * accepted and as it ended, retries, failures. Only named attributes are given out; orders, credentials and whatever a
 * buyer told stay sealed in the table. Undefined if there is no such item.
 */
export async function readTimeline(
  table: Table,
  key: ItemKey,
  calls: readonly SentCall[],
): Promise<Timeline | undefined> {
  const partition = await readPartition(table, key.pk);
  const item = partition.find(({ sk }) => sk === key.sk) as ShownItem | undefined;
  const subject = item && subjectOf(item);
  if (item === undefined || subject === undefined) return undefined;
  const audits = endsOf((partition as unknown as AuditEntry[]).filter((entry) => isEnd(entry) && belongs(entry, item)));
  const audited = new Set(audits.map(({ change }) => change));
  const failed = Object.values(item.failed).filter(({ id }) => !audited.has(id));
  const events = [
    ...calls.filter(({ instanceId }) => instanceId === subject.id).map(called),
    ...audits.flatMap(ended),
    ...failed.flatMap(setAside),
    ...item.pending.flatMap((change, index) => waiting(item, change, index === 0)),
    ...(item.expiresAt === undefined || item.wanted === 'RELEASED'
      ? []
      : [{ at: item.expiresAt, what: 'expires' as const }]),
  ];
  return { subject, events: events.toSorted((a, b) => a.at - b.at) };
}

/** Tells the end of a change from what an operator did. */
function isEnd({ sk, ...entry }: AuditEntry): boolean {
  return sk.startsWith('AUDIT#') && 'outcome' in entry;
}

/** The newest end of each change: one whose write did not follow may lie beside it. */
function endsOf(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const newestLast = entries.toSorted((a, b) => a.endedAt - b.endedAt);
  return [...new Map(newestLast.map((entry) => [entry.change, entry])).values()];
}

/** Lines of one order share a partition. */
function belongs(entry: AuditEntry, item: ShownItem): boolean {
  return !item.sk.startsWith('LINE#') || entry.orderLineId === item.orderLineId;
}

function called({ at, activity, code, milliseconds }: SentCall): TimelineEvent {
  return { at, what: 'called', change: activity, code, milliseconds };
}

function accepted(
  change: Partial<PendingChange> & { readonly kind: string; readonly acceptedAt: number },
): TimelineEvent {
  const { kind, acceptedAt } = change;
  const orderId = 'orderId' in change ? change.orderId : undefined;
  const scene = 'scene' in change ? change.scene : undefined;
  return {
    at: acceptedAt,
    what: 'accepted',
    change: kind,
    ...(orderId !== undefined && { orderId }),
    ...(scene !== undefined && { scene }),
  };
}

function ended(entry: AuditEntry): TimelineEvent[] {
  const { kind, attempt, begunAt, endedAt, outcome, reason } = entry;
  return [
    accepted(entry as Parameters<typeof accepted>[0]),
    {
      at: endedAt,
      what: outcome,
      change: kind,
      attempts: attempt,
      milliseconds: endedAt - begunAt,
      ...(reason !== undefined && { reason }),
    },
  ];
}

function setAside(change: FailedChange): TimelineEvent[] {
  return [accepted(change), { at: change.failedAt, what: 'failed', change: change.kind, reason: change.reason }];
}

/** Only the head is being tried; what is behind it has merely been accepted. */
function waiting(item: ShownItem, change: PendingChange, isHead: boolean): TimelineEvent[] {
  const { kind, requeuedAt } = change;
  const events: TimelineEvent[] = [accepted(change)];
  if (requeuedAt !== undefined) events.push({ at: requeuedAt, what: 'requeued', change: kind });
  if (!isHead) return events;
  const { attempts, dueAt = 0, leaseOwner, lastError } = item;
  const at = Math.max(dueAt, change.acceptedAt);
  events.push({
    at,
    what: leaseOwner === undefined ? 'next' : 'running',
    change: kind,
    attempts,
    ...(lastError !== undefined && { reason: lastError }),
  });
  return events;
}
