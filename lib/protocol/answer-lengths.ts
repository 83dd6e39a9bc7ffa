/**
 * The lengths that the marketplace has room for in an answer, and what becomes of a text that is longer: texts for people
 * are cut; what can be done without is left out; the rest would be wrong if it were shorter, so it is refused.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html (newInstance),
 * …/zh-cn_topic_0070649428.html (queryInstance, usageInfo).
 */

/** Rule of one member: most characters, and what becomes of more. */
interface LengthRule {
  readonly most: number;
  readonly beyond: 'cut' | 'leave-out' | 'refuse';
}

type Rules = Readonly<Record<string, LengthRule>>;

/** Members of every answer. The licence of License 1.0 has no length in any table. */
export const ANSWER_LENGTHS = {
  resultCode: { most: 6, beyond: 'refuse' },
  resultMsg: { most: 255, beyond: 'cut' },
  encryptType: { most: 3, beyond: 'refuse' },
  instanceId: { most: 64, beyond: 'refuse' },
} as const satisfies Rules;

/** Members of `appInfo`. */
export const ACCESS_LENGTHS = {
  frontEndUrl: { most: 512, beyond: 'refuse' },
  adminUrl: { most: 512, beyond: 'leave-out' },
  userName: { most: 128, beyond: 'refuse' },
  password: { most: 128, beyond: 'refuse' },
  memo: { most: 1024, beyond: 'cut' },
} as const satisfies Rules;

/** Members of an entry of `usageInfo`. */
export const USAGE_LENGTHS = {
  relatedInstanceId: { most: 64, beyond: 'refuse' },
  usageValue: { most: 20, beyond: 'refuse' },
  statisticalTime: { most: 20, beyond: 'refuse' },
  dashboardUrl: { most: 512, beyond: 'leave-out' },
} as const satisfies Rules;

/** Thrown for a member that is too long and may be neither cut nor left out; the text says which, never what it holds. */
export class MemberTooLong extends Error {
  override readonly name = 'MemberTooLong';

  constructor(member: string, { most }: LengthRule) {
    super(`${member} is longer than the ${most} characters that the marketplace has room for`);
  }
}

/** Brings the members of an object to their lengths. @throws MemberTooLong */
export function fitMembers<T extends object>(members: T, rules: Rules): T {
  const changes = new Map<string, string | undefined>();
  for (const [name, rule] of Object.entries(rules)) {
    const value: unknown = Reflect.get(members, name);
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const text = String(value);
    if (text.length <= rule.most) continue;
    if (rule.beyond === 'refuse') throw new MemberTooLong(name, rule);
    changes.set(name, rule.beyond === 'cut' ? cutTo(text, rule.most) : undefined);
  }
  return changes.size === 0 ? members : Object.assign({ ...members }, Object.fromEntries(changes));
}

/** The beginning of a text, ended by an ellipsis, without half a character. */
function cutTo(text: string, most: number): string {
  const beginning = text.slice(0, most - 1);
  const isHalf = /[\ud800-\udbff]$/.test(beginning);
  return `${isHalf ? beginning.slice(0, -1) : beginning}…`;
}
