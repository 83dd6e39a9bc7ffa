/*
 * The lanes of checks, the quickest first: what each holds, what it may cost, and when it is run. CONTRIBUTING.md shows them
 * as one table, and a test compares the two. A lane that takes more than its budget fails, and says so.
 */

/** A budget is one of CPU time, of all processes of the lane together, or one of time that passes. */
export const LANES = {
  test: {
    command: 'npm test',
    holds:
      'types, lint, format, build, and every `*.test.ts` that is no `*.ci.test.ts`: behaviour in one process, on the ' +
      'embedded engine. Needs what `npm ci` installs, and nothing else',
    cpuSeconds: 180,
    when: 'before every commit',
  },
  ci: {
    command: '.ci/run',
    holds:
      'the lock file, the same checks, and every test once: also `*.ci.test.ts` (whole systems, other programs as the ' +
      'other side, long proofs) and the store on further engines, with what the tests reach of `lib/`; the browser, ' +
      'the packages in shops of their own, a foreign product in the place of the samples, the demo of each family and ' +
      'the rehearsal, on both hosts; both once more on the packaged functions, under Lambda’s own runtime client and with ' +
      'their roles’ statements enforced',
    minutes: 45,
    when: 'before a change is taken',
  },
  prove: {
    command: 'npm run prove',
    holds:
      'races, crashes, forged and broken input, load with faults: [proof](docs/proof.md). The load’s own length counts apart',
    minutes: 20,
    when: 'by hand, and every night',
  },
};

/** The budget of a lane in words. */
export function budgetText({ cpuSeconds, minutes }) {
  return cpuSeconds === undefined ? `${minutes} minutes` : `${cpuSeconds} s of CPU time`;
}

/** @returns a sentence if the lane took more CPU time than it may. */
export function overCpuTime({ command, cpuSeconds }, used) {
  if (used <= cpuSeconds) return undefined;
  return (
    `${command} took ${used.toFixed(1)} s of CPU time; its budget is ${cpuSeconds} s. Find what has become slower, or ` +
    'leave a slow test to .ci/run by naming it *.ci.test.ts.'
  );
}

/** @returns a sentence if the lane took longer than it may. */
export function overMinutes({ command, minutes }, used) {
  return used <= minutes
    ? undefined
    : `${command} took ${used.toFixed(1)} minutes; its budget is ${minutes} minutes. Find what has become slower.`;
}

/** The table of all lanes in Markdown. */
export function lanesTable() {
  const rows = Object.values(LANES).map((lane) => [`\`${lane.command}\``, lane.holds, budgetText(lane), lane.when]);
  return [['Command', 'Holds', 'Budget', 'When'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
