/**
 * The text that an `authToken` signs: `name=value` of every parameter, sorted by name, joined with `&`, nothing escaped.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649135.html
 */
export function joinMembers(members: ReadonlyMap<string, string>): string {
  return [...members.keys()]
    .sort() // by UTF-16 code units, as Java does
    .map((name) => `${name}=${members.get(name)}`)
    .join('&');
}

/**
 * Checks whether a parameter could be hidden inside another one. Since nothing is escaped in the signed text, `a=1` and
 * `testFlag=1` sign the same as one parameter `a` with the value `1&testFlag=1`: somebody who saw a signed debugging
 * call could send it again as a real one. No documented name holds `&` or `=`, and no honest value `&` + such a name +
 * `=`.
 * @param known names that must not vanish.
 */
export function hidesMember(members: ReadonlyMap<string, string>, known: readonly string[]): boolean {
  for (const [name, value] of members) {
    if (/[&=]/.test(name) || known.some((one) => value.includes(`&${one}=`))) return true;
  }
  return false;
}
