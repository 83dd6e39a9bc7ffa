import { type Bytes, equalTexts, hmac } from './mac.ts';

/*
 * Request signatures of the POST families. Base interfaces, License, online License and order notification sign in the
 * query string over the body's digest; the Kit signs in headers over the body itself.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */

/** Signed time and nonce of a POST. */
export interface Stamp {
  /** Unix milliseconds as text; signed as sent. */
  readonly timestamp: string;
  readonly nonce: string;
}

/** `signature` of the query string: 64 upper-case hex digits. */
export function querySignature(key: string, body: Bytes, { timestamp, nonce }: Stamp): string {
  const digest = hmac(key, body).toString('hex');
  return hmac(key, key + nonce + timestamp + digest)
    .toString('hex')
    .toUpperCase();
}

/** Header `x-sign` of the Kit: here the payload stands where the base interfaces put its digest. */
export function kitSignature(key: string, body: Bytes, { timestamp, nonce }: Stamp): string {
  return hmac(key, key + nonce + timestamp, body)
    .toString('hex')
    .toUpperCase();
}

/** Hex digits of either case are one signature. */
export function sameSignature(a: string, b: string): boolean {
  return equalTexts(a.toLowerCase(), b.toLowerCase());
}
