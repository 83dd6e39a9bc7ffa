import { formatMillis, parseMarketplaceTime } from '../times.ts';

/** The Kit's clock runs eight hours ahead of UTC and knows no summer time. */
const AHEAD_MS = 8 * 3_600_000;

/**
 * Unix milliseconds of a Kit time: `yyyyMMddHHmmssSSS`, or without milliseconds, in UTC+8 (the base interfaces use UTC).
 * Undefined for anything else.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649435.html
 */
export function parseKitTime(text: string): number | undefined {
  const ms = parseMarketplaceTime(text);
  return ms === undefined ? undefined : ms - AHEAD_MS;
}

/** `yyyyMMddHHmmssSSS` in UTC+8 of Unix milliseconds. @throws RangeError outside the years 0 to 9999. */
export function formatKitTime(ms: number): string {
  return formatMillis(ms + AHEAD_MS);
}
