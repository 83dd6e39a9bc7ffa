/**
 * Verifies the histories of a whole table. Each item's chain is followed from its head back to its first entry: an entry
 * that was altered has another MAC, one that was dropped or moved is missing where the one behind it names it, and a newest
 * one that was cut off is missing where the head names it. A head that was set back with its entries cut off is found by
 * the root that an earlier day has written down elsewhere: see audit-root.ts.
 */
import { type ActionEntry, type AuditEntry, hashText, macOf } from '../instances/audit.ts';
import type { Key } from '../instances/keys.ts';
import { type OutboxItem, waitingIn } from '../instances/queue.ts';
import { readItem } from '../instances/write.ts';
import { readPartition } from '../table/partition.ts';
import type { Table } from '../table/table.ts';
import { createRootSum } from './audit-root.ts';
import { everyItem, type StoredItem } from './scan.ts';

/** An entry of a history, as it was read. */
export type HistoryEntry = AuditEntry | ActionEntry;

/**
 * Something wrong with an entry. `altered`: its members or free text are not those that were written. `missing`: what comes
 * behind names it, and it is not there. `cut-off`: it follows the head, and its change waits no longer.
 */
export interface AuditFinding {
  readonly kind: 'altered' | 'missing' | 'cut-off';
  /** The item whose history it is. */
  readonly item: Key;
  /** Number of the entry. */
  readonly n: number;
}

/** One item's history, verified. */
export interface VerifiedHistory {
  /** Entries of the chain, oldest first. */
  readonly counted: readonly HistoryEntry[];
  /** Entries of which no write made that they count. */
  readonly uncounted: readonly HistoryEntry[];
  /** Entries outside the chain: of versions before, or written without the key. */
  readonly outside: readonly HistoryEntry[];
  readonly findings: readonly AuditFinding[];
}

/** Verifies the history of one item. @param entries of its partition */
export function verifyHistory(key: string, item: OutboxItem, entries: readonly HistoryEntry[]): VerifiedHistory {
  const { pk, sk, auditHead } = item;
  const at = { pk, sk };
  const outside = entries.filter(({ of }) => of === undefined);
  const chained = entries.filter(({ of }) => of === sk);
  const counted: HistoryEntry[] = [];
  const findings: AuditFinding[] = [];
  let expected = auditHead?.mac ?? '';
  for (let n = auditHead?.n ?? 0; n > 0; n -= 1) {
    const entry = chained.find((one) => one.mac === expected);
    if (entry === undefined || entry.n !== n || macOf(key, entry) !== expected) {
      const kind = chained.some((one) => one.n === n) || entry !== undefined ? 'altered' : 'missing';
      findings.push({ kind, item: at, n });
      break;
    }
    if (!isTextRight(key, entry)) findings.push({ kind: 'altered', item: at, n });
    counted.unshift(entry);
    expected = entry.prev ?? '';
  }
  const uncounted = chained.filter((entry) => !counted.includes(entry));
  if (findings.length === 0) findings.push(...cutOff(key, item, counted, uncounted));
  return { counted, uncounted, outside, findings };
}

/** A reason that is there is the one that was written; one that was erased is not. */
function isTextRight(key: string, entry: HistoryEntry): boolean {
  const reason = 'reason' in entry ? entry.reason : undefined;
  return reason === undefined || hashText(key, reason) === entry.reasonHash;
}

/**
 * An entry that follows the head says that a change has ended. Before the write that ends it the change waits; after it,
 * the head is the entry. A release drops what waits.
 */
function cutOff(
  key: string,
  item: OutboxItem,
  counted: readonly HistoryEntry[],
  uncounted: readonly HistoryEntry[],
): AuditFinding[] {
  const { pk, sk, auditHead } = item;
  if ('wanted' in item && item.wanted === 'RELEASED') return [];
  const known = new Set([...waitingIn(item).map(({ id }) => id), ...counted.map(changeOf)]);
  return uncounted
    .filter(({ prev, mac }) => prev === (auditHead?.mac ?? '') && mac !== undefined)
    .filter((entry) => changeOf(entry) !== undefined && !known.has(changeOf(entry)) && macOf(key, entry) === entry.mac)
    .map(({ n = 0 }) => ({ kind: 'cut-off', item: { pk, sk }, n }));
}

function changeOf(entry: HistoryEntry): string | undefined {
  return 'change' in entry ? entry.change : undefined;
}

/** Result over a table. */
export interface VerifiedTable {
  /** Items with a history. */
  readonly items: number;
  /** Entries by whether they count. */
  readonly counted: number;
  readonly uncounted: number;
  readonly outside: number;
  readonly findings: readonly AuditFinding[];
  /** The root over all heads as they were at the end of `until`; see audit-root.ts. */
  readonly root: string;
}

export interface VerifyOptions {
  /** Unix milliseconds; entries that came later do not count for the root. */
  readonly until: number;
  /** Told how many items have been read, after each page. */
  progress?(items: number): void;
}

/** Verifies all histories in one pass; what looks wrong is read again, since calls go on meanwhile. */
export async function verifyTable(table: Table, key: string, options: VerifyOptions): Promise<VerifiedTable> {
  const total = { items: 0, counted: 0, uncounted: 0, outside: 0 };
  const findings: AuditFinding[] = [];
  const sum = createRootSum();
  for await (const partition of partitions(table, options)) {
    const verified = await verifyPartition(table, key, partition, options.until);
    findings.push(...verified.findings);
    for (const name of ['items', 'counted', 'uncounted', 'outside'] as const) total[name] += verified[name];
    for (const line of verified.lines) sum.add(line);
  }
  return { ...total, findings, root: sum.root() };
}

/** One partition, verified. */
export interface VerifiedPartition extends Omit<VerifiedTable, 'root'> {
  /** Lines of the root. */
  readonly lines: readonly string[];
}

/** Verifies the histories of a partition. @param until moment that the root belongs to, Unix milliseconds */
export async function verifyPartition(
  table: Table,
  key: string,
  partition: readonly StoredItem[],
  until: number,
): Promise<VerifiedPartition> {
  const total = { items: 0, counted: 0, uncounted: 0, outside: 0 };
  const findings: AuditFinding[] = [];
  const lines: string[] = [];
  const entries = partition.filter(isEntry);
  for (const item of partition.filter(hasHistory)) {
    const first = verifyHistory(key, item, entries);
    const verified = first.findings.length === 0 ? first : await verifyAnew(table, key, item);
    findings.push(...verified.findings);
    if (verified.counted.length + verified.uncounted.length + verified.outside.length > 0) total.items += 1;
    for (const name of ['counted', 'uncounted', 'outside'] as const) total[name] += verified[name].length;
    lines.push(...headLine(item, verified.counted, until));
  }
  return { ...total, findings, lines };
}

/** The line of an item in the root: its newest entry up to a moment. Tombstones of tenants go, so they are left out. */
function headLine(item: OutboxItem, counted: readonly HistoryEntry[], until: number): string[] {
  if ('turn' in item) return [];
  const newest = counted.findLast((entry) => timeOf(entry) <= until);
  return newest === undefined ? [] : [`${item.pk} ${item.sk} ${newest.n} ${newest.mac}`];
}

/** When an entry was written, Unix milliseconds. */
export function timeOf(entry: HistoryEntry): number {
  return 'endedAt' in entry ? entry.endedAt : entry.at;
}

/** Reads the history of one item: the item first, so that no entry that its head names is missed. */
export async function readHistory(table: Table, { pk, sk }: Key): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for await (const entry of readPartition<HistoryEntry>(table, pk, { prefix: 'AUDIT#' })) entries.push(entry);
  return entries.filter(({ of }) => of === undefined || of === sk);
}

async function verifyAnew(table: Table, key: string, at: OutboxItem): Promise<VerifiedHistory> {
  const item = (await readItem<OutboxItem>(table, at)) ?? at;
  return verifyHistory(key, item, await readHistory(table, item));
}

/** Reads the table by partitions; engines give the items of one together. @param from key that it begins behind */
export async function* partitions(
  table: Table,
  { progress, from }: Pick<VerifyOptions, 'progress'> & { readonly from?: Key | undefined },
): AsyncGenerator<readonly StoredItem[], void, undefined> {
  let open: StoredItem[] = [];
  for await (const item of everyItem(table, progress, from)) {
    if (open[0] !== undefined && open[0].pk !== item.pk) {
      yield open;
      open = [];
    }
    open.push(item);
  }
  if (open.length > 0) yield open;
}

function isEntry(item: StoredItem): item is StoredItem & HistoryEntry {
  return item.sk.startsWith('AUDIT#');
}

function hasHistory(item: StoredItem): item is StoredItem & OutboxItem {
  return !isEntry(item) && ('pending' in item || 'turn' in item);
}
