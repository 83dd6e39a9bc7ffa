import { parentPort, workerData } from 'node:worker_threads';
import { play, type Tally } from './play.ts';

/** Job of a thread, and its report. */
export interface Job {
  readonly schedules: number;
  readonly seed: number;
}
export type Report = { readonly tally: Tally } | { readonly broken: string };

const { schedules, seed } = workerData as Job;
try {
  parentPort?.postMessage({ tally: await play(schedules, seed) } satisfies Report);
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `\n${error.cause.message}` : '';
  parentPort?.postMessage({ broken: `${error instanceof Error ? error.message : error}${cause}` } satisfies Report);
}
