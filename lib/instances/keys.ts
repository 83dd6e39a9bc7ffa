import { hash } from 'node:crypto';
import { Refusal } from '../protocol/refusal.ts';

/** Key of an item in the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Characters of a part at most: three times as many bytes in UTF-8 stay well below DynamoDB's limits for keys. */
const LONGEST_PART = 256;

/** The index `due` is spread over so many partitions. */
export const SHARDS = 8;

/** The keys of what is kept; tenants' records and usage have theirs in their own folders, and `ITEM_TYPE` names all kinds. */
export const keys = {
  instance: (product: string, instanceId: string): Key => key(['INSTANCE', product, instanceId], ['INSTANCE']),
  orderLine: (product: string, orderId: string, orderLineId: string): Key =>
    key(['ORDER', product, orderId], ['LINE', orderLineId]),
  /** Hashed: a nonce may be any text of any length. */
  nonce: (product: string, nonce: string): Key => key(['NONCE', product, hash('sha256', nonce)], ['NONCE']),
  /** Beside the item that the change belonged to: `pk` is the item's, encoded already. */
  audit: (pk: string, changeId: string): Key => ({ pk, sk: joined(['AUDIT', changeId]) }),
  license: (product: string, code: string): Key => key(['LICENSE', product, code], ['LICENSE']),
  /** Hashed: a fingerprint may have five kilobytes. */
  application: (product: string, eventId: string, fingerprint: string): Key =>
    key(['EVENT', product, eventId], ['LICENSE', hash('sha256', fingerprint)]),
  /** Hashed: it names a person or an enterprise. */
  apiKey: (product: string, customerId: string): Key =>
    key(['APIKEY', product, hash('sha256', customerId)], ['APIKEY']),
  /** `pk` is the instance's, encoded already. */
  customer: (pseudonym: string, pk: string): Key => ({ pk: joined(['CUSTOMER', pseudonym]), sk: pk }),
  notes: (product: string, noteKey: string): Key => key(['NOTE', product, noteKey], ['NOTE']),
};

/** The product that an item with an outbox belongs to, read from its key. */
export function productOf({ pk }: Key): string {
  return pk.split('#')[1] ?? '';
}

/** Which partition of `due` an item appears in; a function of its key, so that a rewrite never moves it. */
export function shardOf({ pk, sk }: Key): number {
  return hash('sha256', `${pk} ${sk}`, 'buffer').readUInt8(0) % SHARDS;
}

/**
 * Parts of one text, told apart by `#` whatever characters they hold.
 * @throws Refusal 000002 if a part is empty or absurdly long
 */
export function joined(parts: readonly string[]): string {
  return parts.map(escaped).join('#');
}

function key(pk: readonly string[], sk: readonly string[]): Key {
  return { pk: joined(pk), sk: joined(sk) };
}

function escaped(part: string): string {
  if (part === '') throw new Refusal('000002', 'an id is empty');
  if (part.length > LONGEST_PART) throw new Refusal('000002', `an id is longer than ${LONGEST_PART} characters`);
  return part.replaceAll('%', '%25').replaceAll('#', '%23');
}
