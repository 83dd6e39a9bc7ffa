/** The classic faults of the usual stack, each as what must be so instead. */
export const CASES = {
  'refused duplicate': 'a refused duplicate does not free the holder’s lock',
  'zombie answer': 'a worker that was overtaken does not overwrite the stored answer',
  'no time left': 'a call with no time left does not block its repeats',
  'late failure': 'a late failure does not erase a finished record',
} as const;

export type Case = keyof typeof CASES;

/** Result of a case: undefined if all is as it must be, otherwise what happened instead. */
export type Finding = string | undefined;

export type Findings = Readonly<Record<Case, Finding>>;
