/** The ways in which the checks disturb a hook. */
export const DISTURBANCES = [
  'twice',
  'lostAnswer',
  'concurrently',
  'aborted',
  'releaseOfNothing',
  'releaseOfHalf',
  'releaseOnceMore',
  'cleanUp',
  'older',
  'sameEnd',
  'whileFrozen',
  'afterRelease',
  'lateProvision',
] as const;

export type Disturbance = (typeof DISTURBANCES)[number];

/** A hook that did not stand a disturbance. */
export interface Finding {
  readonly hook: string;
  readonly disturbance: Disturbance;
  /** Kind of the fault: the customer has something else, the answer is another, or the hook threw. */
  readonly kind: 'view' | 'answer' | 'threw' | 'failed';
  readonly expected: unknown;
  readonly found: unknown;
}
