import { type Closing, type CopyProgress, readClosing, replaceClosing } from '../../../../lib/instances/closing.ts';
import type { Table } from '../../../../lib/table/table.ts';
import {
  type Attributes,
  deleteAll,
  hashOf,
  isMoved,
  itemsAt,
  keyOf,
  nameOf,
  pagesOf,
  patient,
  putAll,
  type RawKey,
} from './items.ts';

/*
 * Copies the items of a closed table to another one, which is closed from the first item on until somebody opens it. How
 * far the copy has come lies in the target's closing item, so a copy that was broken off goes on where it was. A process
 * may have seen the source open a moment before it was closed, and may be at an attempt; so the tables are compared, item
 * by item and in both directions, once nobody can write any more, and again until nothing differs.
 */

/** Milliseconds after closing until every process knows, and until the longest attempt begun before that has ended. */
export const KNOWN_MS = 60_000;
export const QUIET_MS = KNOWN_MS + 300_000;

/** Comparisons at most; each mends what the one before found. */
const COMPARISONS = 10;

/** Obstacles in a copy's way. */
export type CopyRefusal = 'source-open' | 'target-filled' | 'never-equal';

/** Thrown where a copy cannot be begun or ended. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
  readonly why: CopyRefusal;

  constructor(why: CopyRefusal) {
    super(why);
    this.why = why;
  }
}

/** Tables and tools of a copy. */
export interface CopyOptions {
  readonly from: Table;
  readonly to: Table;
  /** Unix milliseconds. */
  clock(): number;
  sleep(milliseconds: number): Promise<unknown>;
  /** Told how far it has come; `waitMs` until nobody can write any more. */
  progress(step: CopyStep): void;
}

export type CopyStep =
  | { readonly kind: 'copied' | 'compared'; readonly items: number }
  | { readonly kind: 'differed'; readonly items: number }
  | { readonly kind: 'waits'; readonly waitMs: number };

/** Outcome of a copy. */
export interface Copied {
  readonly items: number;
  /** Sum of the hashes of all items, hex: the same on both sides. */
  readonly digest: string;
  /** Items that the comparisons put right. */
  readonly mended: number;
  readonly closedAt: number;
}

/** Copies everything, or goes on with a copy that was broken off. @throws CopyRefused, ClosingChanged */
export async function copyTable(given: CopyOptions): Promise<Copied> {
  const options = { ...given, from: patient(given.from), to: patient(given.to) };
  const { from, to, clock, sleep, progress } = options;
  const source = await readClosing(from);
  if (!source?.closed) throw new CopyRefused('source-open');
  let target = await beginOrResume(to, source, clock());
  if (target.copy?.complete !== true) target = await copyPages(options, target);
  let mended = 0;
  for (let round = 1; ; round += 1) {
    const waitMs = source.since + QUIET_MS - clock();
    if (waitMs > 0) {
      progress({ kind: 'waits', waitMs });
      await sleep(waitMs);
    }
    const compared = await compare(options);
    mended += compared.differences;
    if (compared.differences === 0) {
      const { items, digest } = compared;
      await finish(options, source, target, { items, digest });
      return { items, digest, mended, closedAt: source.since };
    }
    progress({ kind: 'differed', items: compared.differences });
    if (round >= COMPARISONS) throw new CopyRefused('never-equal');
  }
}

/** Closes the target for the copy, unless this very copy has begun there. */
async function beginOrResume(to: Table, source: Closing, now: number): Promise<Closing> {
  const there = await readClosing(to);
  if (there?.closed && there.copy?.of === source.id) return there;
  if (there?.copy === undefined || !there.closed) await refuseFilled(to, now);
  const copy: CopyProgress = { of: source.id, closedAt: source.since, items: 0, complete: false };
  return replaceClosing(to, there, { closed: true, since: now, id: source.id, copy });
}

/** A table that serves, or has served, is not written over. */
async function refuseFilled(to: Table, now: number): Promise<void> {
  for await (const items of pagesOf(to)) {
    if (items.some((item) => isMoved(item, now))) throw new CopyRefused('target-filled');
  }
}

async function copyPages({ from, to, clock, progress }: CopyOptions, begun: Closing): Promise<Closing> {
  let target = begun;
  for await (const page of pagesOf(from, begun.copy?.next)) {
    const { copy } = target;
    const last = page.at(-1);
    if (copy === undefined || last === undefined) continue;
    const moved = page.filter((item) => isMoved(item, clock()));
    await putAll(to, moved);
    const items = copy.items + moved.length;
    target = await replaceClosing(to, target, { ...target, copy: { ...copy, next: keyOf(last), items } });
    progress({ kind: 'copied', items });
  }
  return target;
}

interface Compared {
  readonly items: number;
  readonly differences: number;
  readonly digest: string;
}

/** Compares each item of both tables by its hash, and makes the target like the source. */
async function compare({ from, to, clock, progress }: CopyOptions): Promise<Compared> {
  const digest = Buffer.alloc(32);
  let [items, differences] = [0, 0];
  for await (const page of pagesOf(from)) {
    const moved = page.filter((item) => isMoved(item, clock()));
    const there = await itemsAt(to, moved.map(keyOf));
    const different = moved.filter((item) => !isSame(item, there.get(nameOf(item))));
    await putAll(to, different);
    for (const item of moved) add(digest, hashOf(item));
    items += moved.length;
    differences += different.length;
    progress({ kind: 'compared', items });
  }
  for await (const page of pagesOf(to)) {
    const moved = page.filter((item) => isMoved(item, clock()));
    const known = await itemsAt(from, moved.map(keyOf));
    const extra: RawKey[] = moved.filter((item) => !known.has(nameOf(item))).map(keyOf);
    await deleteAll(to, extra);
    differences += extra.length;
  }
  return { items, differences, digest: digest.toString('hex') };
}

function isSame(item: Attributes, other: Attributes | undefined): boolean {
  return other !== undefined && hashOf(item).equals(hashOf(other));
}

/** Adds a hash to the sum of all, as numbers of 256 bits: the order of the items is of no account. */
function add(sum: Buffer, more: Buffer): void {
  let carry = 0;
  for (let at = sum.length - 1; at >= 0; at -= 1) {
    const digit = sum.readUInt8(at) + more.readUInt8(at) + carry;
    sum.writeUInt8(digit % 256, at);
    carry = digit >> 8;
  }
}

async function finish(
  { from, to, clock }: CopyOptions,
  source: Closing,
  target: Closing,
  { items, digest }: { readonly items: number; readonly digest: string },
): Promise<void> {
  const now = await readClosing(from);
  if (now?.id !== source.id || !now.closed) throw new CopyRefused('source-open'); // opened in the meantime
  await replaceClosing(from, now, { ...now, copiedAt: clock() });
  const { next: _, ...copy } = target.copy ?? { of: source.id, closedAt: source.since };
  await replaceClosing(to, target, { ...target, copy: { ...copy, items, digest, complete: true } });
}
