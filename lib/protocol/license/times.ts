import { parseMarketplaceTime } from '../times.ts';

/** The zone's letter stands in the page's example as it does in a pattern, `z`. */
const WITH_ZONE = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2}) ?(?:z|UTC|GMT)?$/i;

/**
 * Unix milliseconds of a licence time, UTC: `yyyy-MM-dd HH:mm:ss z` as the page's example, or `yyyyMMddHHmmss` with or
 * without milliseconds as everywhere else. Undefined for anything else; another zone is not guessed at.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649255.html
 */
export function parseLicenseTime(text: string): number | undefined {
  const parts = WITH_ZONE.exec(text.trim());
  return parseMarketplaceTime(parts === null ? text : parts.slice(1).join(''));
}
