const FIRST = 1_000;
const LONGEST = 3_600_000;

/**
 * Milliseconds until the next attempt after `attempts` have failed: doubling from two seconds up to an hour, of which the
 * upper half is left to chance, so that what failed together does not come back together.
 * @param random at least 0, below 1
 */
export function backOff(attempts: number, random: number): number {
  const whole = Math.min(LONGEST, FIRST * 2 ** attempts);
  return Math.round(whole * (0.5 + 0.5 * random));
}
