import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BUNDLES } from '../bundles.ts';
import { calls, type Figure } from '../figure.ts';
import { microseconds } from '../format.ts';
import { median, spreadOf } from '../statistics.ts';
import { inWorld } from '../world.ts';

const run = promisify(execFile);

type Bundle = Exclude<keyof typeof BUNDLES, 'fulfil'>;

/** Loads a bundle as Lambda does at a cold start and tells what that took, in microseconds. */
const PROGRAM = `
const before = process.cpuUsage();
const began = performance.now();
require(process.argv[1]);
const wall = (performance.now() - began) * 1000;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: user + system, wall }));
process.exit(0);
`;

/** Start of the function in a fresh process, over that of an empty handler, beside R. */
export const init: Figure = (effort, say) =>
  inWorld(async ({ environment }) => {
    const count = calls(effort, 21, 5);
    const costs: Record<Bundle, { cpu: number; wall: number }[]> = { produce: [], reference: [], empty: [] };
    const names = Object.keys(costs) as Bundle[];
    say(`starting ${count} × ${names.length} processes`);
    for (let round = -1; round < count; round += 1) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const { stdout } = await run(process.execPath, ['-e', PROGRAM, BUNDLES[name]], {
          env: { PATH: process.env.PATH, ...environment },
        });
        if (round >= 0) costs[name].push(JSON.parse(stdout));
      }
    }
    const over = (kind: 'cpu' | 'wall') => {
      const empty = median(costs.empty.map((one) => one[kind]));
      const theirs = median(costs.reference.map((one) => one[kind])) - empty;
      const ours = costs.produce.map((one) => one[kind] - empty);
      return { ours: median(ours), theirs, spread: spreadOf(ours.map((one) => one / theirs)) };
    };
    const [wall, cpu] = [over('wall'), over('cpu')];
    const goal = { atMost: 0.65 };
    const rowOf = (kind: string, { ours, theirs, spread }: typeof wall) => ({
      figure: `init over an empty handler ÷ R’s init, ${kind}`,
      value: spread.median,
      spread: [spread.low, spread.high] as const,
      goal,
      ours: microseconds(ours),
      theirs: microseconds(theirs),
      note: `fresh processes, median of ${count}`,
    });
    return [rowOf('wall', wall), rowOf('CPU', cpu)];
  });
