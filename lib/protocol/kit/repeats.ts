import { parseObject } from '../json.ts';
import { readMembers } from '../json-text.ts';

/**
 * The text of a body with every top-level member once. The documentation's own singleOrgSync example names `instanceId`
 * twice with the same value, so identical repeats are one member. Compact, members in the order received, numbers with
 * their source text. A text that is no JSON object, or whose repeats differ, stays as it is: that is for others to refuse.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649436.html
 */
export function collapseRepeats(text: string): string {
  if (parseObject(text) === undefined) return text;
  const members = new Map<string, string>();
  for (const { name, value } of readMembers(text)) {
    if ((members.get(name) ?? value) !== value) return text;
    members.set(name, value);
  }
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
