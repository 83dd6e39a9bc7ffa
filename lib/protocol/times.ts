/**
 * The marketplace's times: digits without separators, always UTC, in seconds or milliseconds.
 * Source: `expireTime` of refreshInstance
 * (https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649429.html), whose table shows 14 digits and
 * whose example shows 17; both are read.
 */
const MARKETPLACE_TIME = /^\d{14}(?:\d{3})?$/;

/** Unix milliseconds of `yyyyMMddHHmmss` or `yyyyMMddHHmmssSSS`; undefined for anything else, 30 February included. */
export function parseMarketplaceTime(text: string): number | undefined {
  if (!MARKETPLACE_TIME.test(text)) return undefined;
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const ms = Date.UTC(
    part(0, 4),
    part(4, 6) - 1,
    part(6, 8),
    part(8, 10),
    part(10, 12),
    part(12, 14),
    part(14, 17), // empty, hence 0, where there are no milliseconds
  );
  // Date.UTC carries overflow into the next field: only a date that exists comes back as it was written.
  return plain(new Date(ms)).startsWith(text) ? ms : undefined;
}

/** `yyyyMMddHHmmss` of Unix milliseconds. @throws RangeError outside the years 0 to 9999. */
export function formatSeconds(ms: number): string {
  return digits(ms).slice(0, 14);
}

/** `yyyyMMddHHmmssSSS` of Unix milliseconds. @throws RangeError outside the years 0 to 9999. */
export function formatMillis(ms: number): string {
  return digits(ms);
}

/**
 * `yyyyMMdd'T'HHmmss'Z'` of Unix milliseconds: the open APIs' format, also that of `X-Sdk-Date`.
 * @throws RangeError outside the years 0 to 9999.
 */
export function formatSdkDate(ms: number): string {
  const text = digits(ms);
  return `${text.slice(0, 8)}T${text.slice(8, 14)}Z`;
}

function digits(ms: number): string {
  const text = plain(new Date(ms));
  if (text.length !== 17) throw new RangeError(`${ms} ms lie outside the years 0 to 9999.`);
  return text;
}

function plain(date: Date): string {
  return date.toISOString().replace(/[-:TZ.]/g, ''); // a year beyond 9999 begins with + and two more digits
}
