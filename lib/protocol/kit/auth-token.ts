import { readMembers } from '../json-text.ts';
import type { ClassedKey } from '../query-signature.ts';
import { Refusal } from '../refusal.ts';
import { isSameToken, signMembers } from '../v1/auth-token.ts';
import { hidesMember } from '../v1/joined.ts';
import { KIT_MEMBER_NAMES } from './names.ts';
import { parseKitTime } from './times.ts';
import { parseKitBody } from './x-sign.ts';

/**
 * The signature of the Kit's V1 calls: `authToken` as in V1.0, but in a header, and over the top-level members of the
 * body. Blank members are not signed, so they count as absent. Numbers enter with their source text; lists, which the
 * pages show as texts, with their compact JSON should they come as lists.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649159.html
 */

/** A V1 call as it came. */
export interface KitTokenCall {
  readonly keys: readonly ClassedKey[];
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Which key signed, and what: the members of the body that are not blank. */
export interface VerifiedKitToken extends ClassedKey {
  readonly body: Record<string, unknown>;
  /** The signed time, Unix milliseconds. */
  readonly sentAt: number;
  /** As it stood in the header. */
  readonly authToken: string;
}

/** `authToken` of a body, made as the marketplace makes it. @throws Refusal 000002 if it is not a JSON object. */
export function signKitBody(key: string, body: string): string {
  return signMembers(key, readSigned(Buffer.from(body)).members);
}

/**
 * The first key, in the order given, that signed the call; undefined if none did, or if one member hides another.
 * @throws Refusal 000002 for a body that is no JSON object or has no proper `timeStamp`, 000001 for a missing header.
 */
export function verifyKitToken({ keys, raw, headers }: KitTokenCall): VerifiedKitToken | undefined {
  const { members, body } = readSigned(raw);
  // Stryker disable next-line StringLiteral: any text will do that is no time
  const sentAt = parseKitTime(members.get('timeStamp') ?? '');
  if (sentAt === undefined) {
    throw new Refusal('000002', 'timeStamp must be a time of the form yyyyMMddHHmmssSSS in UTC+8');
  }
  const authToken = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authtoken')?.[1] ?? '';
  if (authToken === '') throw new Refusal('000001', 'authToken is missing in the headers');
  if (hidesMember(members, KIT_MEMBER_NAMES)) return undefined;
  for (const { keyClass, key } of keys) {
    if (isSameToken(authToken, signMembers(key, members))) return { keyClass, key, body, sentAt, authToken };
  }
  return undefined;
}

interface SignedMembers {
  readonly members: ReadonlyMap<string, string>;
  readonly body: Record<string, unknown>;
}

/** Text and value of every member that is signed. */
function readSigned(raw: Buffer): SignedMembers {
  const parsed = parseKitBody(raw);
  const texts = new Map(readMembers(raw.toString()).map(({ name, value }) => [name, value])); // what repeats is the same
  const members = new Map<string, string>();
  for (const [name, value] of texts) {
    const content = parsed[name];
    if (isBlank(content)) delete parsed[name];
    else members.set(name, typeof content === 'string' ? content : value);
  }
  return { members, body: parsed };
}

function isBlank(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}
