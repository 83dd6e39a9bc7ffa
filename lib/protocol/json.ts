import { isUtf8 } from 'node:buffer';
import { findFault, MAX_DEPTH } from './json-text.ts';
import { Refusal } from './refusal.ts';

/** The text of UTF-8 bytes, a byte order mark included; undefined if they are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/**
 * The members of a call's body: what is executed. Names are unique at every depth, because the form that was signed
 * must have one meaning only; `__proto__` is an ordinary own member. Unknown members are kept.
 * @param form the bytes or text that verified.
 * @throws Refusal 000002 with a text that says what is wrong with the body.
 */
export function parseBody(form: Buffer | string): Record<string, unknown> {
  const text = typeof form === 'string' ? form : decodeUtf8(form);
  if (text === undefined) throw new Refusal('000002', 'body is not valid UTF-8');
  if (text === '') throw new Refusal('000002', 'body is empty; a JSON object is expected');
  const value = parseObject(text);
  if (value === undefined) throw new Refusal('000002', 'body is not a JSON object');
  switch (findFault(text)) {
    case 'repeated name':
      throw new Refusal('000002', 'body holds a member name twice');
    case 'too deep':
      throw new Refusal('000002', `body is nested deeper than ${MAX_DEPTH} levels`);
  }
  return value;
}

/** The object of a JSON text, own `__proto__` included; undefined if the text is not JSON or not an object. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // what is not JSON is no object either
  }
  return isObject(value) ? value : undefined;
}

/** Checks whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON in ASCII alone: everything beyond is written `\uXXXX`, as the marketplace asks for Chinese in `memo`
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html), so no charset can spoil an answer.
 * @throws TypeError for a value that JSON cannot express.
 */
export function asciiJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError('Only objects, arrays, texts, numbers, booleans and null become JSON.');
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
