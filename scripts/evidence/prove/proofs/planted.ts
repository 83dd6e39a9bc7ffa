import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BUGS } from '../planted/bugs.ts';
import type { PlantedJob, PlantedReport } from '../planted/worker.ts';
import type { Line, Proof } from '../proof.ts';

/** Schedules of one thread's life, and seconds that it may take. */
const BATCH = 100;
const PATIENCE_MS = 300_000;
/** A bug that no schedule of the effort has found is looked for in so many times as many. */
const LONGER = 10;
const SEED = 20_261_130;

/** Shows that the schedules find bugs: each of a list is planted, and the schedules that break a rule are counted. */
export const planted: Proof = async ({ planted: schedules }, say) => {
  const lines = new Map<number, Line>();
  let next = 0;
  const lane = async () => {
    while (next < BUGS.length) {
      const bug = next++;
      const what = BUGS[bug]?.what ?? '';
      let { played, found, rules } = await hunted(bug, schedules, 0);
      if (found === 0) ({ played, found, rules } = await hunted(bug, schedules * LONGER, schedules));
      say(`${what}: ${found} of ${played}${rules[0] === undefined ? '' : ` (${rules.join('; ')})`}`);
      lines.set(bug, {
        statement: `found when planted: ${what}`,
        ran: `broke a rule in ${found} of ${played} random schedules`,
        verdict: found > 0 ? 'holds' : 'BROKEN',
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  return [...lines].sort(([a], [b]) => a - b).map(([, line]) => line);
};

/** Plays schedules with a bug, or without any, batch by batch. */
export async function hunted(bug: number | undefined, schedules: number, from: number) {
  const sum = { played: 0, found: 0, rules: [] as string[] };
  while (sum.played < schedules) {
    const job = { bug, schedules: Math.min(BATCH, schedules - sum.played), seed: SEED + from + sum.played };
    const report = await played(job);
    sum.played += report.schedules;
    sum.found += report.found;
    sum.rules = [...new Set([...sum.rules, ...report.rules])];
  }
  return sum;
}

async function played(job: PlantedJob): Promise<PlantedReport> {
  const worker = new Worker(new URL('../planted/worker.ts', import.meta.url), { workerData: job });
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const [report] = (await once(worker, 'message', { signal })) as [PlantedReport];
    return report;
  } finally {
    await worker.terminate();
  }
}
