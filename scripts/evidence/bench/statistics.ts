/** The value in the middle; the mean of the two in the middle of an even number. @throws RangeError if there is none */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` (0 to 1) of the values lies, interpolated. @throws RangeError if there is none */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('no value was measured');
  return below + (above - below) * (place - Math.floor(place));
}

/** A median with the middle half of the values around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * Compares one row of values with another measured beside it: the ratio of each round, so that whatever slows the
 * machine for a while slows both sides of a ratio. @throws RangeError if the rows differ in length
 */
export function ratiosOf(ours: readonly number[], theirs: readonly number[]): readonly number[] {
  if (ours.length !== theirs.length) throw new RangeError('the rows have different numbers of rounds');
  return ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
}

/** Goal of a figure. `atMost` unless `atLeast`. */
export interface Goal {
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly stretch?: number;
}

export type Verdict = 'stretch met' | 'met' | 'missed' | 'not judged';

/** Judges whether a value meets its goal, if it has one: the value itself, as measured, not rounded in its favour. */
export function verdictOf(value: number, goal: Goal | undefined): Verdict {
  if (goal === undefined) return 'not judged';
  const { atMost, atLeast, stretch } = goal;
  const meets = (limit: number) => (atLeast === undefined ? value <= limit : value >= limit);
  if (stretch !== undefined && meets(stretch)) return 'stretch met';
  const limit = atLeast ?? atMost;
  return limit !== undefined && meets(limit) ? 'met' : 'missed';
}
