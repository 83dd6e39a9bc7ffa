import { createHmac } from 'node:crypto';

/** Name of the header that carries an answer's signature. */
export const BODY_SIGN = 'Body-Sign';

/**
 * Value of the `Body-Sign` header for an answer: HMAC-SHA256 with the access key over every byte of the body, base64.
 * Sign exactly the bytes that are sent. The blank before the signature is the documentation's own.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649177.html
 */
export function bodySign(key: string, body: string | Uint8Array): string {
  return `sign_type="HMAC-SHA256", signature= "${createHmac('sha256', key).update(body).digest('base64')}"`;
}
