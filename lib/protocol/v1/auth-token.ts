import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ClassedKey } from '../query-signature.ts';
import { Refusal } from '../refusal.ts';
import { hidesMember, joinMembers } from './joined.ts';
import { PARAMETER_NAMES } from './names.ts';
import { readParameters } from './parameters.ts';
import { parseTimeStamp } from './time-stamp.ts';

/**
 * `authToken`, the signature of V1.0 calls: base64(HMAC-SHA256(access key + timeStamp, joined parameters)).
 * Every parameter except authToken is signed, with its decoded value: encrypted ones as cipher text, empty ones too.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649135.html
 */

/** A V1.0 call as it came. */
export interface TokenCall {
  readonly keys: readonly ClassedKey[];
  /** The query string exactly as received, without the question mark. */
  readonly rawQueryString: string;
}

/** Which key signed, and what: the parameters in the reading that verified, without authToken. */
export interface VerifiedToken extends ClassedKey {
  readonly parameters: Readonly<Record<string, string>>;
  /** The signed time, Unix milliseconds. */
  readonly sentAt: number;
}

/** Token of members, `timeStamp` among them, as the marketplace makes it: 44 characters of base64. */
export function signMembers(key: string, members: ReadonlyMap<string, string>): string {
  return tokenOf(key, members.get('timeStamp') ?? '', joinMembers(members));
}

/** Token of members that are joined already. */
export function tokenOf(key: string, timeStamp: string, joined: string | Buffer): string {
  return createHmac('sha256', key + timeStamp)
    .update(joined)
    .digest('base64');
}

/** Checks whether two tokens are the same text; base64 that merely decodes to the same bytes is not. */
export function isSameToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `authToken` of decoded query parameters, `timeStamp` among them. */
export function signParameters(key: string, parameters: Readonly<Record<string, string>>): string {
  return signMembers(key, new Map(Object.entries(parameters)));
}

/**
 * The first key, in the order given, that signed the call in one of the readings of its query string (parameters.ts);
 * undefined if none did, or if one parameter hides another (joined.ts).
 * @throws Refusal 000001 (authToken) or 000002 (timeStamp) if one is missing or malformed; 000002 for a query string
 *   that cannot be read.
 */
export function verifyAuthToken({ keys, rawQueryString }: TokenCall): VerifiedToken | undefined {
  for (const reading of readParameters(rawQueryString)) {
    const { authToken, sentAt } = readSigned(reading);
    const members = new Map(reading);
    members.delete('authToken');
    if (hidesMember(members, PARAMETER_NAMES)) continue;
    for (const { keyClass, key } of keys) {
      if (isSameToken(authToken, signMembers(key, members))) {
        return { keyClass, key, parameters: Object.fromEntries(members), sentAt };
      }
    }
  }
  return undefined;
}

function readSigned(reading: ReadonlyMap<string, string>): { authToken: string; sentAt: number } {
  // Stryker disable next-line StringLiteral: any text will do that is no time
  const sentAt = parseTimeStamp(reading.get('timeStamp') ?? '');
  if (sentAt === undefined) {
    throw new Refusal('000002', 'timeStamp must be a UTC time of the form yyyyMMddHHmmssSSS');
  }
  const authToken = reading.get('authToken') ?? '';
  if (authToken === '') throw new Refusal('000001', 'authToken is missing in the query');
  return { authToken, sentAt };
}
