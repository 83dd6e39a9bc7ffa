import { parseMarketplaceTime } from '../times.ts';

const TIME_STAMP = /^\d{15,17}$/;

/**
 * Unix milliseconds of a V1.0 `timeStamp`: `yyyyMMddHHmmss`, then one to three digits of milliseconds (the page says three
 * and shows one, as Java prints a number without padding). UTC. Undefined for anything else.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649135.html
 */
export function parseTimeStamp(text: string): number | undefined {
  if (!TIME_STAMP.test(text)) return undefined;
  const seconds = parseMarketplaceTime(text.slice(0, 14));
  return seconds === undefined ? undefined : seconds + Number(text.slice(14));
}
