import type { FamilyName } from '../../marketplace/calls/family.ts';

/*
 * Schedules by which the marketplace repeats calls by itself, and what it does when that was in vain. Sources: online
 * License guide (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649282.html), V2.0 (…414.html),
 * V1.0 (…/intl/zh-cn/accessg-marketplace/zh-cn_topic_0182376880.html), License 2.0 (…167.html to …169.html).
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A schedule of repeats after the first failure. */
export interface Schedule {
  /** Milliseconds between two tries. */
  readonly every: number;
  /** Milliseconds after the first call during which it is repeated; 0: never. */
  readonly during: number;
  /** Consequence of the last failure. */
  readonly afterwards: 'unsubscribed' | 'restarted' | 'left';
}

/** Documents disagree about creations of V2.0: hourly for three hours, or every two minutes for two. */
export type CreationRetries = 'hourly' | 'two-minutes';

const restarted = (during: number, every = 2 * MINUTE): Schedule => ({ every, during, afterwards: 'restarted' });
const creation: Readonly<Record<CreationRetries, Schedule>> = {
  hourly: { every: HOUR, during: 3 * HOUR, afterwards: 'unsubscribed' },
  'two-minutes': { every: 2 * MINUTE, during: 2 * HOUR, afterwards: 'unsubscribed' },
};
const never: Schedule = { every: 0, during: 0, afterwards: 'left' };

/** The schedule of a call. Calls about which nothing is documented are not repeated. */
export function scheduleOf(family: FamilyName, activity: string, retries: CreationRetries): Schedule {
  if (family === 'saas-v2' || family === 'license-online') {
    if (activity === 'newInstance') return creation[retries];
    return /^(refreshInstance|updateInstanceStatus|releaseInstance)$/.test(activity) ? restarted(2 * HOUR) : never;
  }
  if (family === 'saas-v1') {
    if (activity === 'newInstance' || activity === 'upgrade') return creation.hourly;
    return /^(refreshInstance|expireInstance|releaseInstance|instanceStatus)$/.test(activity) ? restarted(HOUR) : never;
  }
  if (family === 'license-2') return restarted(2 * HOUR);
  if (family === 'license-1') return activity === 'getLicense' ? restarted(3 * HOUR, HOUR) : restarted(0);
  if (family === 'order-notify') return restarted(3 * HOUR, HOUR);
  return never;
}

/** The moments of a schedule, counted from the first call. */
export function repeatsOf({ every, during }: Schedule): number[] {
  const moments: number[] = [];
  for (let at = every; every > 0 && at <= during; at += every) moments.push(at);
  return moments;
}
