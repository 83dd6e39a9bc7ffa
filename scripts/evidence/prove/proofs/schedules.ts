import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Proof } from '../proof.ts';
import type { Tally } from '../schedules/play.ts';
import type { Job, Report } from '../schedules/worker.ts';

/** Schedules of one thread's life; a batch that fails names its own seed. */
const BATCH = 5_000;

/** Random schedules over the store and fulfilment, on the model of the table. */
export const schedules: Proof = async (effort, say) => {
  const first = Math.floor(Math.random() * 2 ** 30);
  const batches = Math.ceil(effort.schedules / BATCH);
  const sum = { schedules: 0, accepted: 0, calls: 0, late: 0 };
  const broken: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < batches && broken.length === 0) {
      const job = { schedules: Math.min(BATCH, effort.schedules - next * BATCH), seed: first + next };
      next += 1;
      const report = await played(job);
      if ('broken' in report) broken.push(report.broken);
      else add(sum, report.tally);
      say(`${sum.schedules} of ${effort.schedules}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  for (const text of broken) say(text);
  return [
    {
      statement: 'each accepted change has its effect: once per key, in order, recorded by the holder alone',
      ran: `${sum.schedules} random schedules: ${sum.accepted} changes, ${sum.calls} effects asked for, seeds from ${first}`,
      verdict: broken.length === 0 ? 'holds' : 'BROKEN',
      note:
        broken[0] ??
        `${sum.late} first effects came from attempts that stood still past their hold while a release overtook them: ` +
          'nothing can call back a hook that has been called',
    },
  ];
};

async function played(job: Job): Promise<Report> {
  const worker = new Worker(new URL('../schedules/worker.ts', import.meta.url), { workerData: job });
  const [report] = (await once(worker, 'message')) as [Report];
  await worker.terminate();
  return report;
}

function add(sum: Record<keyof Tally, number>, { schedules, accepted, calls, late }: Tally): void {
  sum.schedules += schedules;
  sum.accepted += accepted;
  sum.calls += calls;
  sum.late += late;
}
