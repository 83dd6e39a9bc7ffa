import * as v from 'valibot';
import { decodeUtf8 } from '../json.ts';

const entry = v.object({
  name: v.string(),
  value: v.optional(v.unknown()),
});

/** A field of the product's purchase form. */
export interface ExtendParam {
  readonly name: string;
  readonly value: string;
}

/**
 * The fields of the purchase form from `saasExtendParams`: base64 of a JSON array of `{ name, value }`. Values that are
 * not texts become their JSON. Undefined if it is anything else: an order must not fail for its form.
 * Source: https://support.huaweicloud.com/intl/zh-cn/accessg-marketplace/zh-cn_topic_0070649013.html
 */
export function decodeExtendParams(text: string): ExtendParam[] | undefined {
  const json = decodeBase64(text.includes('%') ? decodeOnceMore(text) : text);
  const result = v.safeParse(v.array(entry), json === undefined ? undefined : parse(json));
  if (!result.success) return undefined;
  return result.output.map(({ name, value }) => ({ name, value: asText(value) }));
}

/** The page encodes the value for the URL itself, so it may arrive encoded twice. */
function decodeOnceMore(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function decodeBase64(text: string): string | undefined {
  const base64 = text.replaceAll(' ', '+'); // a blank in base64 can only have been a plus
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? decodeUtf8(Buffer.from(base64, 'base64')) : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
