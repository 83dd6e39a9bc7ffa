import type { Goal } from './statistics.ts';

/** One line of the table. */
export interface Row {
  readonly figure: string;
  /** Measured value that the goal is about: a ratio, a size, a number of calls. */
  readonly value: number;
  /** The middle half of the rounds' values; absent where nothing varies. */
  readonly spread?: readonly [number, number];
  /** Absent where the value turns with the machine: it is printed and not judged. */
  readonly goal?: Goal;
  /** Measurement behind the value, as people read it: `0.41 ms` and the like. */
  readonly ours: string;
  readonly theirs: string;
  /** Method of measurement, or what the remainder is made of; one line. */
  readonly note?: string;
}

/** Thoroughness of a run. */
export interface Effort {
  /** Rounds of each comparison. */
  readonly rounds: number;
  /** Share of the calls that a full run makes. */
  readonly share: number;
}

export const FULL: Effort = { rounds: 11, share: 1 };

/** Shows within a minute or two whether everything runs; too short to be quoted. */
export const QUICK: Effort = { rounds: 3, share: 0.1 };

/** Measures one group of figures in a process of its own. */
export type Figure = (effort: Effort, say: (text: string) => void) => Promise<readonly Row[]>;

/** A number of calls at the given effort, at least `least`. */
export function calls({ share }: Effort, full: number, least = 20): number {
  return Math.max(least, Math.round(full * share));
}
