import { availableParallelism } from 'node:os';
import { crashOnce } from '../crash/crash-once.ts';
import type { Life } from '../crash/scenario.ts';
import type { Line, Proof } from '../proof.ts';

/** A process killed with SIGKILL at each moment at which it waits, with the real engine on disk. */
export const crash: Proof = async (_, say) => [
  await everyMoment(
    'living',
    'killed at any await of accept, fulfil, complete: all is carried out, in order, once',
    say,
  ),
  await everyMoment('released', 'the same for a life that ends with a release: nothing comes after it', say),
];

async function everyMoment(life: Life, statement: string, say: (text: string) => void): Promise<Line> {
  let [next, deaths, survived] = [1, 0, false];
  const wrong: string[] = [];
  const lane = async () => {
    while (!survived) {
      const at = next;
      next += 1;
      const { died, wrong: what } = await crashOnce(at, life);
      if (died === undefined) survived = true;
      else deaths += 1;
      if (what !== undefined) wrong.push(`moment ${at} (${died ?? 'survived'}): ${what}`);
      if (at % 10 === 0) say(`${life}: ${at} moments`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  return {
    statement,
    ran: `${deaths} processes killed, one at each moment, the engine restarted on its file each time`,
    verdict: wrong.length === 0 ? 'holds' : 'BROKEN',
    note: wrong.slice(0, 3).join('; '),
  };
}
