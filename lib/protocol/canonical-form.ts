import { type CompactMember, compactMembers, joinCompact } from './compact-members.ts';

/**
 * The form of a body that the vendor's sample signs instead of the bytes received: top-level names ascending (UTF-16
 * code units), top-level nulls dropped, nested values in the order received, no blanks, nothing escaped that need not be.
 * Numbers keep their source text (`1.0` stays `1.0`): reading them as doubles would change what was signed.
 *
 * Undefined where there is no such form: no JSON object, nested too deeply, too many members, or a top-level name that
 * occurs twice (which of the two was meant is nobody's to guess). It is made for callers who are not proven yet, so what
 * it holds is not looked into further: verify this form, then parse it and nothing else.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 * @param unique picks one of the members of the same name, or answers undefined
 */
export function canonicalForm(raw: Buffer, unique: Unique = onlyOnce): Buffer | undefined {
  const read = compactMembers(raw);
  const members = 'members' in read ? unique(read.members) : undefined;
  if (members === undefined) return undefined;
  const said = members.filter(({ value }) => !value.equals(NULL));
  return joinCompact(said.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

/** The members of a body, each name once; undefined if that cannot be. */
export type Unique = (members: readonly CompactMember[]) => readonly CompactMember[] | undefined;

const NULL = Buffer.from('null');

function onlyOnce(members: readonly CompactMember[]): readonly CompactMember[] | undefined {
  return new Set(members.map(({ name }) => name)).size === members.length ? members : undefined;
}
