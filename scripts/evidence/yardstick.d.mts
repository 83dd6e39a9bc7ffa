/** CPU time, in seconds, of the fixed piece of work on the machine that the budgets are set for. */
export const YARDSTICK_SECONDS: number;

/** CPU time, in seconds, of this process for the fixed piece of work. */
export function measureYardstick(): number;

/**
 * Computes how much slower than the budgets' machine this one was, by the median of what was measured, in seconds.
 * @returns 1 or more
 */
export function slowness(measured: readonly number[]): number;
