import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PROMISED_MS } from '../outages/outage.ts';
import type { OutageTally } from '../outages/play.ts';
import type { OutageJob } from '../outages/worker.ts';
import type { Proof } from '../proof.ts';

/** Purchases of one thread's life. */
const BATCH = 500;

/** Purchases through outages of what they need, with the marketplace's own schedules and a clock that runs ahead. */
export const outages: Proof = async (effort, say) => {
  const first = Math.floor(Math.random() * 2 ** 30);
  const tallies: OutageTally[] = [];
  let begun = 0;
  const lane = async () => {
    while (begun < effort.outages) {
      const job = { stories: Math.min(BATCH, effort.outages - begun), seed: first + begun };
      begun += job.stories;
      tallies.push(await played(job));
      say(`${begun} of ${effort.outages}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  const sum = (of: (tally: OutageTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const broken = tallies.flatMap((tally) => tally.broken);
  for (const text of broken.slice(0, 3)) say(text);
  return [
    {
      statement: `no order is lost whose outages end ${PROMISED_MS / 60_000} minutes before the marketplace gives up; no tenant is left over`,
      ran: `${sum(({ stories }) => stories)} purchases, ${sum(({ inTime }) => inTime)} of them with outages that end in time, ${sum(({ attempts }) => attempts)} attempts, seeds from ${first}`,
      verdict: broken.length === 0 ? 'holds' : 'BROKEN',
      note:
        broken[0] ?? `${sum(({ savedLate }) => savedLate)} others were saved too, though something failed until later`,
    },
  ];
};

async function played(job: OutageJob): Promise<OutageTally> {
  const worker = new Worker(new URL('../outages/worker.ts', import.meta.url), { workerData: job });
  const [tally] = (await once(worker, 'message')) as [OutageTally];
  await worker.terminate();
  return tally;
}
