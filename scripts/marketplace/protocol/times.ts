/*
 * The marketplace writes times as digits without a zone mark. Base interfaces mean UTC, the Kit means UTC+8.
 */

const EIGHT_HOURS = 8 * 3_600_000;

/** `yyyyMMddHHmmss`, UTC. */
export function utcSeconds(at: number): string {
  return digits(at).slice(0, 14);
}

/** `yyyyMMddHHmmssSSS`, UTC. */
export function utcMillis(at: number): string {
  return digits(at);
}

/** `yyyyMMddHHmmssSSS` in Beijing time, as the Kit writes it. */
export function beijingMillis(at: number): string {
  return digits(at + EIGHT_HOURS);
}

/** `yyyy-MM-dd HH:mm:ss z`, the form of getLicenseAsync. */
export function spelledOut(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} z`;
}

/** Reads 14 or 17 digits as UTC; undefined if they name no moment. */
export function readUtc(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, milli = '000'] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
  return Number.isNaN(at) || digits(at).slice(0, text.length) !== text ? undefined : at;
}

function digits(at: number): string {
  return new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 17);
}
