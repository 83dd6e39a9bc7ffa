import { type Bytes, equalTexts, hmac } from './mac.ts';

/*
 * The signature of answers: `Body-Sign: sign_type="HMAC-SHA256", signature= "<base64>"` over every byte of the body.
 * Source: https://support.huaweicloud.com/intl/zh-cn/accessg-marketplace/zh-cn_topic_0070649067.html
 */

const FORM = /^sign_type="HMAC-SHA256", ?signature= ?"([A-Za-z0-9+/]{43}=)"$/;

/** Verdict on an answer's header. `foreign`: well-formed, but signed with another key or over other bytes. */
export type BodySignVerdict = 'holds' | 'missing' | 'malformed' | 'foreign';

export function bodySignature(key: string, body: Bytes): string {
  return hmac(key, body).toString('base64');
}

/** The header's whole value, as the documentation prints it. */
export function bodySignHeader(key: string, body: Bytes): string {
  return `sign_type="HMAC-SHA256", signature= "${bodySignature(key, body)}"`;
}

/** The base64 inside the header; undefined if the header has another form. */
export function readBodySign(header: string): string | undefined {
  return FORM.exec(header.trim())?.[1];
}

export function checkBodySign(key: string, body: Bytes, header: string | undefined): BodySignVerdict {
  if (header === undefined || header.trim() === '') return 'missing';
  const signature = readBodySign(header);
  if (signature === undefined) return 'malformed';
  return equalTexts(signature, bodySignature(key, body)) ? 'holds' : 'foreign';
}
