import { type CompactMember, compactMembers, MAX_MEMBERS } from '../compact-members.ts';
import { MAX_DEPTH } from '../json-text.ts';
import type { ClassedKey } from '../query-signature.ts';
import { Refusal } from '../refusal.ts';
import { isSameToken, tokenOf } from '../v1/auth-token.ts';
import { hidesMember, joinMembers } from '../v1/joined.ts';
import { KIT_MEMBER_NAMES } from './names.ts';
import { identicalOnce } from './repeats.ts';
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
  const members = readSigned(Buffer.from(body));
  return tokenOf(key, members.get('timeStamp') ?? '', joinMembers(members));
}

/**
 * The first key, in the order given, that signed the call; undefined if none did, or if one member hides another. The body
 * is parsed only once a key has signed it.
 * @throws Refusal 000002 for a body that is no JSON object or has no proper `timeStamp`, 000001 for a missing header.
 */
export function verifyKitToken({ keys, raw, headers }: KitTokenCall): VerifiedKitToken | undefined {
  const members = readSigned(raw);
  const timeStamp = members.get('timeStamp') ?? '';
  const sentAt = parseKitTime(timeStamp);
  if (sentAt === undefined) {
    throw new Refusal('000002', 'timeStamp must be a time of the form yyyyMMddHHmmssSSS in UTC+8');
  }
  const authToken = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authtoken')?.[1] ?? '';
  if (authToken === '') throw new Refusal('000001', 'authToken is missing in the headers');
  const joined = Buffer.from(joinMembers(members));
  const signer = keys.find(({ key }) => isSameToken(authToken, tokenOf(key, timeStamp, joined)));
  if (signer === undefined || hidesMember(members, KIT_MEMBER_NAMES)) return undefined;
  return { ...signer, body: signedPart(parseKitBody(raw), members), sentAt, authToken };
}

function signedPart(body: Record<string, unknown>, members: ReadonlyMap<string, string>): Record<string, unknown> {
  for (const name of Object.keys(body)) if (!members.has(name)) delete body[name];
  return body;
}

/** Text of every member that is signed. @throws Refusal 000002 */
function readSigned(raw: Buffer): ReadonlyMap<string, string> {
  const read = compactMembers(raw);
  if ('fault' in read) throw new Refusal('000002', FAULTS[read.fault]);
  const unique = identicalOnce(read.members);
  if (unique === undefined) throw new Refusal('000002', 'body holds a member name twice');
  return new Map(unique.map((member) => [member.name, textOf(member)] as const).filter(([, text]) => !isBlank(text)));
}

const FAULTS = {
  empty: 'body is empty; a JSON object is expected',
  'not UTF-8': 'body is not valid UTF-8',
  'not an object': 'body is not a JSON object',
  'too deep': `body is nested deeper than ${MAX_DEPTH} levels`,
  'too many members': `body has more than ${MAX_MEMBERS} members`,
} as const;

/** Content of a text, source text of a number, compact JSON of anything else; nothing for null. */
function textOf({ value }: CompactMember): string {
  const source = value.toString();
  if (source === 'null') return '';
  return source.startsWith('"') ? parsedText(source) : source;
}

/** Bytes behind a string are not looked at before the signature holds, so it may be no JSON after all. */
function parsedText(source: string): string {
  try {
    return JSON.parse(source);
  } catch {
    throw new Refusal('000002', FAULTS['not an object']);
  }
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
