import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyClass } from './call.ts';
import { canonicalForm } from './canonical-form.ts';
import { Refusal } from './refusal.ts';
import { isSignedTime } from './signed-time.ts';

export { readSignedTime } from './signed-time.ts';

/**
 * The query-string signature of the V2.0 interfaces: `?signature=…&timestamp=…&nonce=…`.
 * The access key is the MAC key of both HMACs and the first part of the second one's message:
 * HMAC(K, K + nonce + timestamp + hex(HMAC(K, payload))).
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */

/** An access key together with the class of interfaces it is bound to. */
export interface ClassedKey {
  readonly keyClass: KeyClass;
  readonly key: string;
}

/** The three parameters that sign a call. */
export interface SignatureParameters {
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
}

/** A call as it came: the exact octets of its body and the parameters of its query. */
export interface SignedCall extends SignatureParameters {
  readonly keys: readonly ClassedKey[];
  readonly raw: Buffer;
}

/** Which key signed, and the form of the body it signed: parse this form and no other. */
export interface Verified extends ClassedKey {
  readonly form: Buffer;
}

/** Signature of a payload as the marketplace makes it: 64 upper-case hex digits. */
export function signQuery(key: string, payload: Uint8Array | string, timestamp: string, nonce: string): string {
  return digest(key, payload, timestamp, nonce).toString('hex').toUpperCase();
}

/**
 * The first key, in the order given, that signed the call; undefined if none did. The bytes as received come first,
 * for every key; only then their canonical form, since whoever signs what it sends must not depend on our reading of it.
 */
export function verifyQuery(input: SignedCall): Verified | undefined {
  if (!/^[0-9a-fA-F]{64}$/.test(input.signature) || !isSignedTime(input.timestamp)) return undefined;
  const wanted = Buffer.from(input.signature, 'hex');
  return matchForm(input, input.raw, wanted) ?? matchCanonical(input, wanted);
}

function matchCanonical(input: SignedCall, wanted: Buffer): Verified | undefined {
  const form = canonicalForm(input.raw);
  // Stryker disable next-line MethodExpression,ConditionalExpression: spares trying once more what did not verify as received
  const isTried = form?.equals(input.raw) === true;
  return form === undefined || isTried ? undefined : matchForm(input, form, wanted);
}

function matchForm({ keys, timestamp, nonce }: SignedCall, form: Buffer, wanted: Buffer): Verified | undefined {
  for (const { keyClass, key } of keys) {
    if (timingSafeEqual(digest(key, form, timestamp, nonce), wanted)) return { keyClass, key, form };
  }
  return undefined;
}

function digest(key: string, payload: Uint8Array | string, timestamp: string, nonce: string): Buffer {
  const bodyHash = createHmac('sha256', key).update(payload).digest('hex');
  return createHmac('sha256', key)
    .update(key + nonce + timestamp + bodyHash)
    .digest();
}

/**
 * Reads the three parameters from a query string exactly as received. Each must be there exactly once, whichever way its
 * name is written; `+` is a plus sign, `%XX` is decoded, and a value that cannot be decoded stays as it is.
 * @throws Refusal 000002 (timestamp, nonce) or 000001 (signature) if one is missing, empty or repeated.
 */
export function readQuery(rawQueryString: string): SignatureParameters {
  const found = { signature: [] as string[], timestamp: [] as string[], nonce: [] as string[] };
  for (const pair of rawQueryString.split('&')) {
    const equals = `${pair}=`.indexOf('='); // a name alone has an empty value
    const name = decode(pair.slice(0, equals));
    if (name === 'signature' || name === 'timestamp' || name === 'nonce') {
      found[name].push(decode(pair.slice(equals + 1)));
    }
  }
  return {
    timestamp: single('timestamp', found.timestamp, '000002'),
    nonce: single('nonce', found.nonce, '000002'),
    signature: single('signature', found.signature, '000001'),
  };
}

function single(name: string, values: readonly string[], code: '000001' | '000002'): string {
  const [value, ...more] = values;
  if (more.length > 0) throw new Refusal(code, `${name} is given more than once in the query`);
  if (value === undefined || value === '') throw new Refusal(code, `${name} is missing in the query`);
  return value;
}

function decode(text: string): string {
  try {
    // Stryker disable next-line StringLiteral: where nothing is encoded, looking is faster than decoding
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}
