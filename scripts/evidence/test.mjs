import { spawnSync } from 'node:child_process';
import { cpuSecondsOfChildren } from './cpu-time.mjs';
import { budgetText, LANES, overCpuTime } from './lanes.mjs';
import { runJest } from './run-jest.mjs';

/*
 * `npm test`: the quick lane, cheapest checks first. Stops at the first step that fails and says which it was; fails also
 * when all of it took more CPU time than its budget. Arguments go to Jest.
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
if (cpuSecondsOfChildren() === undefined) {
  console.log(`\nThe budget of ${budgetText(lane)} cannot be measured here: this system has no /proc.`);
} else {
  console.log(`\n${used().toFixed(1)} s of CPU time in all; the budget is ${lane.cpuSeconds} s.`);
  const over = overCpuTime(lane, used());
  if (over !== undefined) {
    console.error(`\n✗ ${over}`);
    process.exit(1);
  }
}
