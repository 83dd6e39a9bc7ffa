const FIRST_MS = 1_000;
const LONGEST_MS = 3_600_000;
/** Milliseconds that a purchase pauses at most: with a sweep each minute it is tried at least every two minutes. */
export const LONGEST_PURCHASE_PAUSE_MS = 60_000;

/**
 * Milliseconds until the next attempt after `attempts` have failed: doubling from two seconds up to an hour, of which the
 * upper half is left to chance, so that what failed together does not come back together.
 * @param random at least 0, below 1
 */
export function backOff(attempts: number, random: number, longestMs = LONGEST_MS): number {
  const whole = Math.min(longestMs, FIRST_MS * 2 ** attempts);
  return Math.round(whole * (0.5 + 0.5 * random));
}
