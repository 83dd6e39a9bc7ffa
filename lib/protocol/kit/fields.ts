import * as v from 'valibot';
import { isObject } from '../json.ts';
import { id, present } from '../message-fields.ts';
import { readPseudoJson } from './pseudo-json.ts';
import { parseKitTime } from './times.ts';

/**
 * Building blocks of the Kit's schemas. Pages and examples contradict each other, so a list may be a list or a text that
 * holds one, and a flag a number or its digits. Messages complete the sentence "<member> …".
 */

/** Longest text that is kept, in characters: far beyond any documented length. */
const MAX_TEXT = 4_096;

/** Effect of a call on its record. `cancel` takes back a user's authorisation. */
export type SyncChange = 'delete' | 'add' | 'modify' | 'cancel';

const CHANGES = ['delete', 'add', 'modify', 'cancel'] as const;

/** A text or a number, as a text. */
export const label = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.finite())], 'must be a text'),
  v.transform(String),
  v.maxLength(MAX_TEXT, `must have at most ${MAX_TEXT} characters`),
);

export const optionalLabel = v.exactOptional(label);

/** `flag`: 0 delete, 1 add, 2 modify, 3 cancel. */
export const flagUpTo = (highest: 2 | 3) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d$/), v.transform(Number))], `must be 0 to ${highest}`),
    v.integer(`must be 0 to ${highest}`),
    v.minValue(0, `must be 0 to ${highest}`),
    v.maxValue(highest, `must be 0 to ${highest}`),
    v.transform((flag): SyncChange => CHANGES[flag as 0 | 1 | 2 | 3]),
  );

/** A time in UTC+8; becomes Unix milliseconds. */
const kitTime = v.pipe(
  label,
  v.transform(parseKitTime),
  v.number('must be a time of the form yyyyMMddHHmmssSSS in UTC+8'),
);

/** A list, or a text that holds one. A lone object is a list of one. */
export const list = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === 'string' ? readPseudoJson(value) : value)),
  v.transform((value) => (isObject(value) ? [value] : value)),
  v.array(v.unknown(), 'must be a list, or a text that holds one'),
);

/** An object of a list, null and empty members taken out. */
export const listed = v.pipe(v.unknown(), v.transform(present));

/** An id, or nothing where there is none yet or none above. */
export const idOrEmpty = v.optional(
  v.pipe(
    v.string('must be a text'),
    v.check((text) => text === '' || v.is(id, text), 'must be a text of at most 256 characters'),
  ),
  '',
);

/** Members of all five calls. The instance is empty while the seller applies for a credential: no order exists yet. */
export const common = {
  instanceId: idOrEmpty,
  tenantId: id,
  timeStamp: v.exactOptional(kitTime),
};

export const syncTime = v.exactOptional(kitTime);
