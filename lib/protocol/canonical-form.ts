import { parseObject } from './json.ts';
import { findFault, readMembers } from './json-text.ts';

/**
 * The form of a body that the vendor's sample signs instead of the bytes received: top-level names ascending (UTF-16
 * code units), top-level nulls dropped, nested values in the order received, no blanks, nothing escaped that need not be.
 * Numbers keep their source text (`1.0` stays `1.0`): reading them as doubles would change what was signed.
 *
 * Undefined where there is no such form: not a JSON object, nested too deeply, or a name that occurs twice (which of the
 * two was meant is nobody's to guess).
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */
export function canonicalForm(text: string): string | undefined {
  if (parseObject(text) === undefined || findFault(text) !== undefined) return undefined;
  // A map and text: an object would move names like "10" to the front and take `__proto__` for its prototype.
  const values = new Map(readMembers(text).map(({ name, value }) => [name, value]));
  const names = [...values.keys()].filter((name) => values.get(name) !== 'null').sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${values.get(name)}`).join(',')}}`;
}
