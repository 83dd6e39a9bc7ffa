import { hmac } from './mac.ts';

/*
 * `authToken` of V1.0: a query parameter of GET calls, a header of the V1 Kit's POST calls. The MAC key is the access
 * key followed by the call's own timeStamp.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649135.html and …159.html
 */

/** Names and decoded values, in any order. */
export type Parameters = Iterable<readonly [name: string, value: string]>;

/** The text that is signed: names ascending, values decoded, `authToken` itself left out. */
export function joinParameters(parameters: Parameters): string {
  return [...parameters]
    .filter(([name]) => name !== 'authToken')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Token of a GET call; empty values are signed as `name=`. */
export function queryToken(key: string, parameters: Parameters): string {
  const pairs = [...parameters];
  const timeStamp = pairs.find(([name]) => name === 'timeStamp')?.[1] ?? '';
  return hmac(key + timeStamp, joinParameters(pairs)).toString('base64');
}

/** Token of a V1 Kit call over the top-level members of its body; blank values are skipped. */
export function bodyToken(key: string, body: Readonly<Record<string, unknown>>): string {
  return queryToken(key, textMembers(body));
}

/** Top-level members as the texts that are signed; blank ones are left out. */
export function textMembers(body: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(body)
    .map(([name, value]): [string, string] => [name, asText(value)])
    .filter(([, value]) => value.trim() !== '');
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
