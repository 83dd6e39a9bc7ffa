import { type CompactMember, compactMembers, joinCompact } from '../compact-members.ts';

/**
 * Members with every name once. The documentation's own singleOrgSync example names `instanceId` twice with the same value,
 * so identical repeats are one member. Undefined if repeats differ.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649436.html
 */
export function identicalOnce(members: readonly CompactMember[]): readonly CompactMember[] | undefined {
  const unique = new Map<string, CompactMember>();
  for (const member of members) {
    const known = unique.get(member.name);
    if (known === undefined) unique.set(member.name, member);
    else if (!known.value.equals(member.value)) return undefined;
  }
  return [...unique.values()];
}

/**
 * A body with every top-level member once, compact, members in the order received. A body that is no JSON object, has more
 * members than any call, or whose repeats differ, stays as it is: that is for others to refuse.
 */
export function collapseRepeats(form: Buffer): Buffer {
  const read = compactMembers(form);
  const members = 'members' in read ? identicalOnce(read.members) : undefined;
  return members === undefined ? form : joinCompact(members);
}
