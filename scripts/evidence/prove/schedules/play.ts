import fc from 'fast-check';
import { anyPlan } from './plan.ts';
import { type Played, runSchedule } from './run-schedule.ts';

/** Totals of many schedules. */
export interface Tally {
  readonly schedules: number;
  readonly accepted: number;
  readonly calls: number;
  readonly late: number;
}

/** Plays so many random schedules. @throws Error with the smallest schedule found that breaks a rule, and its seed */
export async function play(schedules: number, seed?: number): Promise<Tally> {
  const tally = { schedules: 0, accepted: 0, calls: 0, late: 0 };
  const count = ({ accepted, calls, late }: Played) => {
    tally.schedules += 1;
    tally.accepted += accepted;
    tally.calls += calls;
    tally.late += late;
  };
  await fc.assert(
    fc.asyncProperty(anyPlan, fc.scheduler(), async (plan, scheduler) => count(await runSchedule(plan, scheduler))),
    { numRuns: schedules, ...(seed === undefined ? {} : { seed }) },
  );
  return tally;
}
