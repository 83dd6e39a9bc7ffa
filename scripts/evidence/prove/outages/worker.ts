import { parentPort, workerData } from 'node:worker_threads';
import { type OutageTally, playOutages } from './play.ts';

/** Work of one thread. */
export interface OutageJob {
  readonly stories: number;
  readonly seed: number;
}

const { stories, seed } = workerData as OutageJob;
parentPort?.postMessage((await playOutages(stories, seed)) satisfies OutageTally);
