import type { AnswerShape } from '../../marketplace/calls/family.ts';
import { readUtc } from '../../marketplace/protocol/times.ts';
import { type Check, fail, isJson, type Json, judge, ok, warn } from './check.ts';
import { type CredentialScheme, checkCredentials, type Opened } from './credentials.ts';

/** Login data that an answer carried, per instance. */
export interface OpenedInstance extends Opened {
  readonly instanceId: string;
  readonly frontEndUrl?: string;
}

export interface ContentOptions extends CredentialScheme {
  /** Ids that were asked for. */
  readonly asked?: readonly string[];
  /** True for a debugging call. */
  readonly test: boolean;
  /** True if usage has to be reported (on-demand and packages). */
  readonly usage: boolean;
}

interface Content {
  readonly checks: Check[];
  readonly opened: OpenedInstance[];
}

const nothing: Content = { checks: [], opened: [] };

/** The members that an answer of this shape has to hold when it says success. */
export function checkContent(shape: AnswerShape, members: Json, options: ContentOptions): Content {
  if (shape === 'instance') return { checks: [...idCheck(members), ...strayAccess(members)], opened: [] };
  if (shape === 'instance-with-access') return instanceWithAccess(members, options);
  if (shape === 'instances') return instances(members, options);
  return shape === 'apikey' ? { checks: [keyCheck(members)], opened: [] } : nothing;
}

function keyCheck({ Apikey }: Json): Check {
  if (Apikey === undefined || Apikey === null || Apikey === '') return fail('apikey-missing');
  return typeof Apikey === 'string' ? ok('apikey') : fail('member-type', { name: 'Apikey' });
}

function idCheck({ instanceId }: Json): Check[] {
  if (instanceId === undefined || instanceId === null || instanceId === '') return [fail('instance-id-missing')];
  if (typeof instanceId !== 'string') return [fail('member-type', { name: 'instanceId' })];
  return [
    judge(instanceId.length <= 64, instanceId.length <= 64 ? 'instance-id' : 'instance-id-long', {
      length: instanceId.length,
    }),
  ];
}

/** V2.0 hands out login data through queryInstance only. */
function strayAccess(members: Json): Check[] {
  return members.appInfo === undefined ? [] : [warn('app-info-stray')];
}

function instanceWithAccess(members: Json, options: ContentOptions): Content {
  const { appInfo, encryptType } = members;
  const checks = idCheck(members);
  if (encryptType !== undefined && encryptType !== '1' && encryptType !== '2')
    checks.push(fail('encrypt-type', { value: String(encryptType) }));
  // The table calls `appInfo` optional; the console's list of errors asks for its `frontEndUrl`.
  if (appInfo === undefined || appInfo === null) {
    return { checks: [...checks, options.test ? fail('app-info-missing') : warn('app-info-missing')], opened: [] };
  }
  const found = accessOf(appInfo, members, options);
  return {
    checks: [...checks, ...found.checks],
    opened: [{ instanceId: String(members.instanceId), ...found.opened }],
  };
}

function instances(members: Json, options: ContentOptions): Content {
  const { info } = members;
  if (info === undefined || info === null)
    return { checks: [options.test ? warn('info-missing') : fail('info-missing')], opened: [] };
  if (!Array.isArray(info)) return { checks: [fail('info-type')], opened: [] };
  const checks: Check[] = [judge(info.every(isJson), 'info')];
  const opened: OpenedInstance[] = [];
  for (const entry of info.filter(isJson)) {
    checks.push(...idCheck(entry), ...usageChecks(entry.usageInfo, options.usage));
    if (entry.appInfo === undefined || entry.appInfo === null) {
      checks.push(warn('app-info-missing'));
      continue;
    }
    const found = accessOf(entry.appInfo, members, options);
    checks.push(...found.checks);
    opened.push({ instanceId: String(entry.instanceId), ...found.opened });
  }
  const given = new Set(info.filter(isJson).map(({ instanceId }) => instanceId));
  const strangers = options.asked === undefined ? [] : [...given].filter((id) => !options.asked?.includes(String(id)));
  if (strangers.length > 0) checks.push(fail('info-stranger'));
  if (given.size < info.length) checks.push(fail('info-repeated'));
  return { checks, opened };
}

function accessOf(
  appInfo: unknown,
  answer: Json,
  options: ContentOptions,
): { checks: Check[]; opened: Opened & { frontEndUrl?: string } } {
  if (!isJson(appInfo)) return { checks: [fail('app-info-type')], opened: {} };
  const { frontEndUrl, adminUrl, memo } = appInfo;
  const credentials = checkCredentials(appInfo, answer, options);
  const checks = [
    typeof frontEndUrl === 'string' && frontEndUrl !== '' ? ok('front-end-url') : fail('front-end-url-missing'),
    ...lengths(appInfo, { frontEndUrl: 512, adminUrl: 512, memo: 1024 }),
    ...[frontEndUrl, adminUrl]
      .filter((url) => typeof url === 'string' && url !== '' && !URL.canParse(url))
      .map(() => warn('url-form')),
    ...(memo !== undefined && memo !== null && typeof memo !== 'string' ? [fail('member-type', { name: 'memo' })] : []),
    ...credentials.checks,
  ];
  return { checks, opened: { ...credentials.opened, ...(typeof frontEndUrl === 'string' && { frontEndUrl }) } };
}

function lengths(members: Json, longest: Readonly<Record<string, number>>): Check[] {
  return Object.entries(longest).flatMap(([name, limit]) => {
    const value = members[name];
    return typeof value === 'string' && value.length > limit
      ? [fail('member-long', { name, length: value.length, limit })]
      : [];
  });
}

/** Most characters of the members of `usageInfo`. */
const USAGE_LENGTHS = { usageValue: 20, relatedInstanceId: 64, dashboardUrl: 512 } as const;

function usageChecks(usage: unknown, needed: boolean): Check[] {
  if (usage === undefined || usage === null) return needed ? [fail('usage-missing')] : [];
  if (!Array.isArray(usage)) return [fail('usage-type')];
  return usage.flatMap((record): Check[] => {
    if (!isJson(record)) return [fail('usage-type')];
    const { usageValue, statisticalTime, relatedInstanceId, dashboardUrl } = record;
    const value =
      typeof usageValue === 'number' || (typeof usageValue === 'string' && /^\d+(\.\d{1,4})?$/.test(usageValue));
    const time =
      typeof statisticalTime === 'string' && statisticalTime.length === 17 && readUtc(statisticalTime) !== undefined;
    return [
      judge(value, value ? 'usage-value' : 'usage-value-form'),
      judge(time, time ? 'usage-time' : 'usage-time-form'),
      ...lengths({ usageValue: String(usageValue), relatedInstanceId, dashboardUrl }, USAGE_LENGTHS),
    ];
  });
}
