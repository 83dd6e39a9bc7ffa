/** A lane of checks; its budget is one of CPU time or one of time that passes. */
export interface Lane {
  readonly command: string;
  readonly holds: string;
  readonly cpuSeconds?: number;
  readonly minutes?: number;
  readonly when: string;
}

export const LANES: {
  readonly test: Lane & { readonly cpuSeconds: number };
  readonly ci: Lane & { readonly minutes: number };
  readonly prove: Lane & { readonly minutes: number };
};

/** The budget of a lane in words. */
export function budgetText(lane: Lane): string;

/** @returns a sentence if the lane took more CPU time than it may. */
export function overCpuTime(lane: Pick<typeof LANES.test, 'command' | 'cpuSeconds'>, used: number): string | undefined;

/** @returns a sentence if the lane took longer than it may. */
export function overMinutes(lane: Pick<typeof LANES.prove, 'command' | 'minutes'>, used: number): string | undefined;

/** The table of all lanes in Markdown. */
export function lanesTable(): string;
