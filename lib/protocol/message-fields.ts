import * as v from 'valibot';
import { isObject, parseObject } from './json.ts';
import { findFault } from './json-text.ts';
import { parseMarketplaceTime } from './times.ts';

/**
 * Building blocks of the message schemas. Documented lengths are not enforced, since real values exceed them; but an id
 * becomes part of a key, so it has an end. Texts complete the sentence "<member> …".
 */
const MAX_ID = 256;
const MAX_IDS = 100;

const isId = (text: string) => text.length <= MAX_ID && /\S/.test(text) && !/\p{Surrogate}/u.test(text);

/** An id: 1 to 256 characters, not only blanks, no half of a surrogate pair (two ids could become one in UTF-8). */
export const id = v.pipe(v.string('must be a text'), v.check(isId, `must be a text of 1 to ${MAX_ID} characters`));

/** One id or several joined by commas, trimmed, each once, in the order given. */
export const idList = v.pipe(
  v.string('must be a text'),
  v.transform((text) => [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '')),
  v.check((ids) => ids.length >= 1 && ids.length <= MAX_IDS, `must hold 1 to ${MAX_IDS} ids, joined by commas`),
  v.check((ids) => ids.every(isId), `must hold ids of at most ${MAX_ID} characters`),
);

/** A time of 14 or 17 digits, UTC; becomes Unix milliseconds. */
export const time = v.pipe(
  v.string('must be a text'),
  v.transform(parseMarketplaceTime),
  v.number('must be a UTC time of the form yyyyMMddHHmmss or yyyyMMddHHmmssSSS'),
);

const NO_NUMBER = 'must be a number';

/** A number, or a text that is one. */
const amount = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d+(?:\.\d+)?$/, NO_NUMBER))], NO_NUMBER),
  v.transform(Number),
  v.finite(NO_NUMBER),
);

/**
 * Target of a renewal change: an object, or a text that holds one as JSON. No page lists its members; these are the order
 * query's (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0000002411753620.html).
 */
export const productInfo = v.pipe(
  v.unknown(),
  v.transform((value) => present(typeof value === 'string' ? parseInner(value) : value)),
  v.object(
    {
      productId: v.exactOptional(id),
      skuCode: v.exactOptional(id),
      linearValue: v.exactOptional(amount),
      productName: v.exactOptional(v.string('must be a text')),
    },
    'must be a JSON object',
  ),
);

function parseInner(text: string): unknown {
  const object = parseObject(text);
  return object !== undefined && findFault(text) === undefined ? object : undefined;
}

/** The members of an object that say something: null and the empty text count as absent. Undefined for no object. */
export function present(value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== ''));
}
