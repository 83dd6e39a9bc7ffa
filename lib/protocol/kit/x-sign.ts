import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalForm } from '../canonical-form.ts';
import { parseBody } from '../json.ts';
import type { ClassedKey } from '../query-signature.ts';
import { Refusal } from '../refusal.ts';
import { isSignedTime } from '../signed-time.ts';
import { collapseRepeats, identicalOnce } from './repeats.ts';

/**
 * The signature of the Kit's V2 calls, in headers: HMAC(K, K + nonce + timestamp + payload). Unlike the query signature it
 * takes the payload itself, not its digest. `readSignedTime` of signed-time.ts judges its timestamp.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */

/** The three headers that sign a call. */
export interface SignatureHeaders {
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
}

/** A call as it came: its headers, and the exact octets of its body. */
export interface KitCall extends SignatureHeaders {
  readonly keys: readonly ClassedKey[];
  readonly raw: Buffer;
}

/** Which key signed, and the form of the body it signed: hand it to {@link parseKitBody}. */
export interface VerifiedKit extends ClassedKey {
  readonly form: Buffer;
}

/** `x-sign` of a payload as the marketplace makes it: 64 upper-case hex digits. */
export function signKit(key: string, payload: Uint8Array | string, timestamp: string, nonce: string): string {
  return digest(key, payload, timestamp, nonce).toString('hex').toUpperCase();
}

/**
 * The first key, in the order given, that signed the call; undefined if none did. The bytes as received come first, for
 * every key; only then the canonical form, in which identical repeats of a member are one.
 */
export function verifyKit(call: KitCall): VerifiedKit | undefined {
  if (!/^[0-9a-fA-F]{64}$/.test(call.signature) || !isSignedTime(call.timestamp)) return undefined;
  const wanted = Buffer.from(call.signature, 'hex');
  return matchForm(call, call.raw, wanted) ?? matchCanonical(call, wanted);
}

/**
 * The members of a verified call; a member that is repeated with the same value counts once.
 * @throws Refusal 000002 with a text that says what is wrong with the body.
 */
export function parseKitBody(form: Buffer | string): Record<string, unknown> {
  return parseBody(collapseRepeats(typeof form === 'string' ? Buffer.from(form) : form));
}

/**
 * The three headers, whatever the case of their names.
 * @throws Refusal 000002 (x-timestamp, x-nonce) or 000001 (x-sign) if one is missing.
 */
export function readKitHeaders(headers: Readonly<Record<string, string | undefined>>): SignatureHeaders {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const read = (name: string, code: '000001' | '000002') => {
    const value = values.get(name);
    if (value === undefined || value === '') throw new Refusal(code, `${name} is missing in the headers`);
    return value;
  };
  return {
    timestamp: read('x-timestamp', '000002'),
    nonce: read('x-nonce', '000002'),
    signature: read('x-sign', '000001'),
  };
}

function matchCanonical(call: KitCall, wanted: Buffer): VerifiedKit | undefined {
  const form = canonicalForm(call.raw, identicalOnce);
  // Stryker disable next-line MethodExpression,ConditionalExpression: spares trying once more what did not verify as received
  const isTried = form?.equals(call.raw) === true;
  return form === undefined || isTried ? undefined : matchForm(call, form, wanted);
}

function matchForm({ keys, timestamp, nonce }: KitCall, form: Buffer, wanted: Buffer): VerifiedKit | undefined {
  for (const { keyClass, key } of keys) {
    if (timingSafeEqual(digest(key, form, timestamp, nonce), wanted)) return { keyClass, key, form };
  }
  return undefined;
}

function digest(key: string, payload: Uint8Array | string, timestamp: string, nonce: string): Buffer {
  return createHmac('sha256', key)
    .update(key + nonce + timestamp)
    .update(payload)
    .digest();
}
