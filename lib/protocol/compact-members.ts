import { isUtf8 } from 'node:buffer';
import { CompactCopy, Ended } from './compact-copy.ts';

/**
 * The members of a JSON object, found on its bytes in one pass, for callers who are not proven yet: nothing is parsed, the
 * work ends at the first byte that no documented body could have, and all that is made is one buffer no longer than the
 * body. Brackets are counted and strings are read; whether the rest is JSON shows only when it is parsed, and what is
 * parsed must be the form that was signed.
 */

/** Most members of the outermost object; documented bodies have up to twenty. */
export const MAX_MEMBERS = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A member as compact JSON: no blanks, no escapes but those that JSON demands, numbers with their source text. */
export interface CompactMember {
  /** Decoded. */
  readonly name: string;
  /** The name as a JSON string. */
  readonly nameJson: Buffer;
  readonly value: Buffer;
}

/** Members in the order received; or what no call's body looks like, and the byte at which the reading ended. */
export type CompactMembers =
  | { readonly members: readonly CompactMember[] }
  | { readonly fault: 'empty' | 'not UTF-8' | 'not an object' | 'too deep' | 'too many members'; readonly at: number };

/** Reads the members of a body. @throws nothing, whatever the bytes are */
export function compactMembers(raw: Buffer): CompactMembers {
  if (raw.length === 0) return { fault: 'empty', at: 0 };
  if (!isUtf8(raw)) return { fault: 'not UTF-8', at: 0 };
  const copy = new CompactCopy(raw);
  try {
    return { members: membersOf(copy) };
  } catch (error) {
    if (error instanceof Ended) return { fault: error.fault, at: copy.at };
    throw error;
  }
}

function membersOf(copy: CompactCopy): CompactMember[] {
  const members: CompactMember[] = [];
  copy.expect(OPEN_OBJECT);
  if (copy.skipBlanks() === CLOSE_OBJECT) copy.at += 1;
  else {
    let next: number | undefined;
    do {
      if (members.length === MAX_MEMBERS) throw new Ended('too many members');
      if (copy.skipBlanks() !== QUOTE) throw new Ended('not an object');
      const nameJson = copy.piece(() => copy.string());
      copy.expect(COLON);
      const value = copy.piece(() => copy.value());
      if (value.length === 0) throw new Ended('not an object');
      members.push({ name: JSON.parse(nameJson.toString()), nameJson, value });
      next = copy.raw[copy.at]; // a comma or the bracket
      copy.at += 1;
    } while (next === COMMA);
  }
  if (copy.skipBlanks() !== undefined) throw new Ended('not an object');
  return members;
}

/** Length of a member's compact JSON besides its name and value: the colon, and the comma or bracket before it. */
const PUNCTUATION = 2;

/** One object of these members, in their order. */
export function joinCompact(members: readonly CompactMember[]): Buffer {
  if (members.length === 0) return Buffer.from('{}');
  const sizes = members.map(({ nameJson, value }) => nameJson.length + value.length + PUNCTUATION);
  const joined = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 1));
  let end = 0;
  for (const { nameJson, value } of members) {
    joined[end] = end === 0 ? OPEN_OBJECT : COMMA;
    end += 1;
    end += nameJson.copy(joined, end);
    joined[end] = COLON;
    end += 1;
    end += value.copy(joined, end);
  }
  joined[end] = CLOSE_OBJECT;
  return joined;
}
