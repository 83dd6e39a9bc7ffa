import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../dev/local/settings.ts';
import { main, Problem } from '../../dev/problem.ts';
import { machine } from '../bench/machine.ts';
import { machineText } from '../bench/report.ts';
import { keepMeasured, type Measured } from './measured.ts';
import { MADE_PAGES, writePages } from './write.ts';

const USAGE = `npm run proof [-- --coverage]

Writes ${MADE_PAGES.map(({ file }) => file).join(', ')} anew from the results in docs/proof, which bench, prove and mutate
write with --proof.
--coverage  takes in what the last "npm run coverage" counted`;

/** Goals of `npm run coverage`, in percent. */
const GOALS = { lines: 99, branches: 98 } as const;

await main(async () => {
  const { values } = parseArgs({ options: { coverage: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return console.log(USAGE);
  if (values.coverage) keepMeasured('coverage', counted(), ['coverage']);
  writePages();
  for (const { file } of MADE_PAGES) console.log(`written: ${file}`);
});

/** Counts of the last run of the tests. @throws Problem if there was none */
function counted(): readonly Measured[] {
  const file = join(ROOT, 'coverage/coverage-summary.json');
  if (!existsSync(file)) throw new Problem('Nothing has been counted yet: run "npm run coverage" first.');
  const { total } = JSON.parse(readFileSync(file, 'utf8'));
  return (Object.keys(GOALS) as (keyof typeof GOALS)[]).map((kind) => {
    const { pct, covered, total: all } = total[kind];
    return {
      group: 'coverage',
      title: `${kind} of lib/ that tests reach`,
      value: `${pct} % (${covered} of ${all})`,
      goal: `≥ ${GOALS[kind]} %`,
      verdict: pct >= GOALS[kind] ? 'met' : 'missed',
      command: 'npm run coverage',
      date: statSync(file).mtime.toISOString(),
      machine: machineText(machine()),
    };
  });
}
