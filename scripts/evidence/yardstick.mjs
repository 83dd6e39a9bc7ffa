import { createHash } from 'node:crypto';
import { Script } from 'node:vm';

/*
 * A fixed piece of work of the kinds that tests consist of. What it costs tells how slow this machine is just now: a core
 * whose other half is busy counts more CPU time for the same work.
 */

/** CPU time of {@link measureYardstick}, in seconds, on the machine that the budgets are set for, while tests run on it. */
export const YARDSTICK_SECONDS = 0.048;

const ROUNDS = 60;

/** CPU time, in seconds, of this process for the fixed piece of work. */
export function measureYardstick() {
  const before = process.cpuUsage();
  let text = 'x';
  for (let round = 0; round < ROUNDS; round += 1) {
    const members = Array.from({ length: 400 }, (_, index) => [`member${index}`, { index, text, round }]);
    text = createHash('sha256')
      .update(JSON.stringify(Object.fromEntries(members)))
      .digest('hex');
    const functions = members.map(
      ([name], index) => `function ${name}(a) { return a ? ${name}(a - 1) : [${index}, "${text}"]; }`,
    );
    new Script(`${functions.join('\n')}\nmember0(9)`).runInThisContext();
    members.sort(([a], [b]) => (a < b ? 1 : -1));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/**
 * Computes how much slower than the budgets' machine this one was, by the median of what was measured.
 * @returns 1 or more: on a faster machine the budget stays as it is
 */
export function slowness(measured) {
  const sorted = measured.toSorted((a, b) => a - b);
  return Math.max(1, (sorted[sorted.length >> 1] ?? YARDSTICK_SECONDS) / YARDSTICK_SECONDS);
}
