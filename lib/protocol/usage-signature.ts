import { createHmac } from 'node:crypto';

/** Content of a new usage push: its headers `ts` and `nonce`, and the body exactly as it is sent. */
export interface UsagePush {
  /** Unix milliseconds in decimal digits. */
  readonly ts: string;
  readonly nonce: string;
  readonly body: string;
}

/**
 * Value of the header `signature` of a new usage push: base64 of an HMAC-SHA256 over `ts=…&nonce=…&body=…`. It stands
 * beside the AK/SK signature, not in its place.
 * @param key access key of the base interfaces
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 */
export function signUsagePush(key: string, { ts, nonce, body }: UsagePush): string {
  return createHmac('sha256', key).update(`ts=${ts}&nonce=${nonce}&body=${body}`).digest('base64');
}
