import fc from 'fast-check';
import { anyPlan } from './plan.ts';
import { runSchedule } from './run-schedule.ts';

/** Seconds after which a schedule that does not come to its end counts as one that never does. */
const ENDLESS_S = 5;

/** Plays so many random schedules to their end, whatever they break. @returns how many broke a rule, and the rules */
export async function countViolations(schedules: number, seed: number) {
  const rules = new Set<string>();
  let found = 0;
  for (let index = 0; index < schedules; index += 1) {
    const [drawn] = fc.sample(fc.tuple(anyPlan, fc.scheduler()), { numRuns: 1, seed: seed + index });
    if (drawn === undefined) throw new Error('fast-check gave no schedule.');
    try {
      await inTime(runSchedule(...drawn));
    } catch (error) {
      found += 1;
      rules.add(
        error instanceof Error ? error.message.replaceAll(/[\w-]*\d[\w-]*/g, '…').slice(0, 100) : String(error),
      );
    }
  }
  return { schedules, found, rules: [...rules].slice(0, 5) };
}

async function inTime(run: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('a schedule never ends')), ENDLESS_S * 1_000);
  });
  try {
    await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}
