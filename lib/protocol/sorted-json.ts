import { isObject } from './json.ts';

/**
 * Compact JSON whose member names ascend (UTF-16 code units) at every depth. The usage push is signed over a body "in
 * natural order", and whether nested members are meant is not said: sorted everywhere, both readings give these bytes.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 *
 * Members that are undefined are left out. Built as text, since an object would move names like "10" to its front.
 * @throws TypeError for a value that JSON cannot express.
 */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (isObject(value)) {
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    return `{${names
      .sort()
      .map((name) => `${JSON.stringify(name)}:${sortedJson(value[name])}`)
      .join(',')}}`;
  }
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError('Only objects, arrays, texts, numbers, booleans and null become JSON.');
  return text;
}
