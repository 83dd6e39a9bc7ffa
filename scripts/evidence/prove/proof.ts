/** One line of the table: a statement, what was done to break it, and whether it held. */
export interface Line {
  readonly statement: string;
  /** Amount of what was run, in numbers. */
  readonly ran: string;
  /** `not run`: something that it needs is not there; the note says what. */
  readonly verdict: 'holds' | 'BROKEN' | 'not run';
  /** Another stack's verdict on the same case. */
  readonly beside?: string;
  readonly note?: string;
}

/** Amount of what is to be done. */
export interface Effort {
  readonly schedules: number;
  /** Schedules that look for each planted bug. */
  readonly planted: number;
  /** Purchases that are played through outages. */
  readonly outages: number;
  /** Minutes of load, and calls a second. */
  readonly minutes: number;
  readonly rate: number;
  /** Day of the largest seller: minutes of its peak, calls a second, and seconds between two servers' deaths. */
  readonly day: { readonly minutes: number; readonly rate: number; readonly killEveryS: number };
  readonly histories: number;
  /** Inputs for each target of the fuzzing. */
  readonly inputs: number;
}

/** A group of statements that are tested together; tells how far it is. */
export type Proof = (effort: Effort, say: (text: string) => void) => Promise<readonly Line[]>;
