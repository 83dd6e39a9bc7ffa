import { parentPort, workerData } from 'node:worker_threads';
import { BUGS } from './bugs.ts';
import { plant } from './plant.ts';

/** Schedules to be played with one bug, if any, in a thread of its own. */
export interface PlantedJob {
  /** Place of the bug in the list; undefined to play the code as it is. */
  readonly bug: number | undefined;
  readonly schedules: number;
  readonly seed: number;
}

/** Result of such a job: how many schedules broke a rule, and which rules. */
export interface PlantedReport {
  readonly schedules: number;
  readonly found: number;
  readonly rules: readonly string[];
}

const { bug, schedules, seed } = workerData as PlantedJob;
const planted = bug === undefined ? undefined : BUGS[bug];
if (planted !== undefined) plant(planted);
// Loaded after the bug is there, and all that it imports.
const { countViolations } = await import('../schedules/count.ts');
parentPort?.postMessage((await countViolations(schedules, seed)) satisfies PlantedReport);
