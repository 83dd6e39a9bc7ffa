import { spawnSync } from 'node:child_process';
import { printsHelp } from '../language/npm-help.ts';
import { cpuSecondsOfChildren } from './cpu-time.mjs';
import { budgetText, LANES, overCpuTime } from './lanes.mjs';
import { runJest } from './run-jest.mjs';
import { measureYardstick, slowness } from './yardstick.mjs';

if (printsHelp('test')) process.exit();

/*
 * `npm test`: the quick lane, cheapest checks first. Stops at the first step that fails and says which it was; fails also
 * when all of it took more CPU time than its budget; on a machine that is slower just now, for others are at work on it, the budget
 * is longer by as much. Arguments go to Jest.
 */

const node = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
const steps = [
  ['type check', () => node('node_modules/typescript/bin/tsc', '-p', '.')],
  ['type check of the console page', () => node('node_modules/typescript/bin/tsc', '-p', 'scripts/console/page')],
  ['lint and format', () => node('node_modules/@biomejs/biome/bin/biome', 'check', '.')],
  ['build', () => node('scripts/build/main.ts', '--bundles')],
  ['tests', () => runJest(['--config', 'jest.quick.mjs', ...process.argv.slice(2)])],
];

const { test: lane } = LANES;
const SAMPLE_MS = 5_000;
const measured = [];
const sampling = setInterval(() => measured.push(measureYardstick()), SAMPLE_MS); // while tests run, which wait for no other step
const used = () => cpuSecondsOfChildren() ?? 0;
for (const [name, run] of steps) {
  console.log(`\n▸ ${name}`);
  const before = used();
  const code = await run();
  if (cpuSecondsOfChildren() !== undefined) console.log(`  ${(used() - before).toFixed(1)} s of CPU time`);
  if (code !== 0) {
    console.error(`\n✗ ${name} failed`);
    process.exit(code);
  }
}
clearInterval(sampling);
if (cpuSecondsOfChildren() === undefined) {
  console.log(`\nThe budget of ${budgetText(lane)} cannot be measured here: this system has no /proc.`);
} else {
  const slower = slowness(measured);
  const spent = used() / slower;
  console.log(
    `\n${used().toFixed(1)} s of CPU time in all, on a machine ${slower.toFixed(2)} times as slow as the budget’s:`,
  );
  console.log(`${spent.toFixed(1)} s of its time; the budget is ${lane.cpuSeconds} s.`);
  const over = overCpuTime(lane, spent);
  if (over !== undefined) {
    console.error(`\n✗ ${over}`);
    process.exit(1);
  }
}
