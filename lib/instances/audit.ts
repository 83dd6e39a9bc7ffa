import { createHmac } from 'node:crypto';
import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { AuditHead } from './item.ts';
import { type Key, keys } from './keys.ts';
import type { Hold } from './outbox.ts';
import type { OutboxItem, Piece } from './queue.ts';
import { putIf, type WriteOptions } from './write.ts';

/*
 * The history beside an item: how each change ended, and what operators have done. With the key `audit` the entries form a
 * chain: each has a number and a MAC over itself and the MAC before it, and the item's `auditHead` names the newest. The
 * head moves in the very write that ends the change or carries out the action, under the condition that it is still the
 * one that the entry follows; an entry whose write was not followed by that does not count, and nothing follows it. Its
 * sort key has a part of its MAC, so no late or repeated writer ever takes the place of an entry that counts.
 *
 * Free texts (a reason that the seller's code gave, an operator's note) lie beside: the chain covers a keyed hash of
 * each, so that one can be erased, or sealed anew, and the chain stays whole.
 */

/** Outcome of a change. `moot`: a no-op, nothing was to be done. */
export type AuditOutcome = 'done' | 'moot' | 'refused' | 'failed';

/** Members that put an entry into the chain of its item. */
export interface Chained {
  /** Sort key of the item whose chain it is; lines of an order share a partition. */
  readonly of: string;
  /** Counts from 1. */
  readonly n: number;
  /** MAC of the entry before; empty for the first. */
  readonly prev: string;
  /** HMAC-SHA256 over all but itself, the sort key and free texts; base64url. */
  readonly mac: string;
  /** Keyed hashes of the free texts, which may be erased. */
  readonly reasonHash?: string;
  readonly noteHash?: string;
}

/** One line of an item's history: what was asked, when, and what came of it. Times are Unix milliseconds. */
export interface AuditEntry extends Key, Partial<Chained> {
  readonly product: string;
  readonly change: string;
  readonly kind: string;
  readonly orderId?: string;
  readonly orderLineId?: string;
  readonly scene?: string;
  readonly acceptedAt: number;
  readonly sentAt: number;
  readonly attempt: number;
  readonly begunAt: number;
  readonly endedAt: number;
  readonly outcome: AuditOutcome;
  /** May be erased. */
  readonly reason?: string;
}

/** Action of an operator on an item. */
export interface ActionEntry extends Key, Partial<Chained> {
  readonly product: string;
  readonly action: string;
  /** Name of the operator, as their system or `--as` gives it. */
  readonly by: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Part of the item that was acted on, if not the whole: ids of changes, the name of a record. */
  readonly subject?: string;
  /** Sealed as `personal`: why, in the operator's words. May be erased. */
  readonly note?: string;
}

/** Records something about an image of an item, and gives the piece of the write that makes the record count. */
export type Recording = (image: OutboxItem) => Promise<Piece>;

/** Options of a write by an operator, which is recorded with it. */
export interface RecordedOptions extends WriteOptions {
  readonly record?: Recording;
}

/** The piece of a write without a chain. */
export const NO_PIECE: Piece = { conditions: [], values: {} };

/** Keeps the end of a change beside its item. Without a key it stands under the change's id, outside any chain. */
export function recordEnd(
  table: Table,
  { item, change }: Hold,
  end: Pick<AuditEntry, 'begunAt' | 'endedAt' | 'outcome' | 'reason'>,
  key: string | undefined,
  options: WriteOptions = {},
): Recording {
  const { id, requeuedAt: _, overtaken: _____, ...others } = change;
  // What a change holds of a buyer or a user must not outlive their record here.
  const {
    told: __,
    record: ___,
    fingerprint: ____,
    ...asked
  } = {
    // Stryker disable next-line ObjectLiteral: for the type checker, not every kind of change has these members
    ...{ told: undefined, record: undefined, fingerprint: undefined },
    ...others,
  };
  const { reason, ...ended } = end;
  const fields = { product: item.product, change: id, ...asked, attempt: item.attempts, ...ended };
  const texts = reason === undefined ? {} : { reason };
  if (key !== undefined) return chainEntry(table, { fields, texts, key }, options);
  return async () => {
    await putIf<AuditEntry>(
      table,
      {
        ...keys.audit(item.pk, id),
        type: ITEM_TYPE.auditEntry,
        ...fields,
        ...texts,
      },
      // If a later attempt has written here already, that one stays.
      { condition: 'attribute_not_exists(#pk) OR #begunAt <= :begunAt', values: { begunAt: end.begunAt } },
      options,
    );
    return NO_PIECE;
  };
}

/** Characters of a MAC that stand in a sort key. */
const MARK_LENGTH = 16;
/** Digits of a number in a sort key, so that entries sort by their numbers. */
const DIGITS = 8;

/** A free text that is sealed for the item that it is kept in. */
export interface Note {
  readonly text: string;
  seal(at: Key): Promise<string>;
}

/** Content of an entry: members that the chain covers, and free texts that it covers by their hashes alone. */
export interface EntryContent {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly texts?: { readonly reason?: string };
  readonly note?: Note;
  readonly key: string;
}

/** Writes the entry that follows the head of each image that is given, once a head. */
export function chainEntry(
  table: Table,
  { fields, texts = {}, note, key }: EntryContent,
  options: WriteOptions = {},
): Recording {
  let last: { readonly after: string; readonly mac: string; readonly piece: Piece } | undefined;
  return async ({ pk, sk, auditHead }) => {
    const { n, mac: prev } = auditHead ?? { n: 0, mac: '' };
    if (last?.after === prev) return last.piece;
    if (last?.mac === prev) return NO_PIECE; // the SDK repeated the write, whose answer was lost
    const covered = {
      ...fields,
      pk,
      of: sk,
      n: n + 1,
      prev,
      ...(texts.reason === undefined ? {} : { reasonHash: hashText(key, texts.reason) }),
      ...(note === undefined ? {} : { noteHash: hashText(key, note.text) }),
    };
    const mac = macOf(key, covered);
    const at: Key = {
      pk,
      sk: `${keys.audit(pk, String(n + 1).padStart(DIGITS, '0')).sk}#${mac.slice(0, MARK_LENGTH)}`,
    };
    const sealed = note && { note: await note.seal(at) };
    const item = { ...covered, ...at, type: ITEM_TYPE.auditEntry, mac, ...texts, ...sealed };
    await putIf(table, item, { condition: 'attribute_not_exists(#pk) OR #mac = :mac', values: { mac } }, options);
    const piece = moving(auditHead, { n: n + 1, mac });
    last = { after: prev, mac, piece };
    return piece;
  };
}

function moving(before: AuditHead | undefined, auditHead: AuditHead): Piece {
  return {
    conditions: [before === undefined ? 'attribute_not_exists(#auditHead)' : '#auditHead.#mac = :headMac'],
    sets: ['#auditHead = :auditHead'],
    values: { auditHead, ...(before === undefined ? {} : { headMac: before.mac }) },
  };
}

/** Members of an entry that its MAC does not cover: what it is kept under, and what may be erased. */
const NOT_COVERED: ReadonlySet<string> = new Set(['sk', 'type', 'mac', 'reason', 'note']);

/** Computes the MAC of an entry as it was read, or is to be written. */
export function macOf(key: string, entry: object): string {
  return createHmac('sha256', key)
    .update(`entry\n${canonical(entry)}`)
    .digest('base64url');
}

/** Computes the keyed hash of a free text. */
export function hashText(key: string, text: string): string {
  return createHmac('sha256', key).update(`text\n${text}`).digest('base64url');
}

function canonical(entry: object): string {
  const members = Object.entries(entry).filter(([name, value]) => !NOT_COVERED.has(name) && value !== undefined);
  return JSON.stringify(members.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
