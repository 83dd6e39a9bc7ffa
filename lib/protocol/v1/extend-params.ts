import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';

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
  const result = v.safeParse(v.array(entry), read(text));
  if (!result.success) return undefined;
  return result.output.map(({ name, value }) => ({ name, value: asText(value) }));
}

/** Decodes the text. The page encodes the value for the URL itself, so it may arrive encoded twice. */
function read(text: string): unknown {
  try {
    const base64 = decodeURIComponent(text).replaceAll(' ', '+'); // a blank in base64 can only have been a plus
    const json = Buffer.from(base64, 'base64');
    return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && isUtf8(json) ? JSON.parse(json.toString()) : undefined;
  } catch {
    // neither encoded for the URL nor JSON
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
