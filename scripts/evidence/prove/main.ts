import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../dev/local/settings.ts';
import { main, Problem } from '../../dev/problem.ts';
import { machine } from '../bench/machine.ts';
import { machineText } from '../bench/report.ts';
import { LANES, overMinutes } from '../lanes.mjs';
import { keepMeasured } from '../page/measured.ts';
import { writePages } from '../page/write.ts';
import type { Effort, Line } from './proof.ts';
import { PROOFS } from './proofs/index.ts';
import { measuredOf, type Results, summary, table } from './report.ts';

const USAGE = `npm run prove [-- --only ${Object.keys(PROOFS).join(',')}] [-- --minutes 5] [-- --rate 40] [-- --quick] [-- --full] [-- --proof]

Tries to break what KooGate promises: never twice, never lost, in order, never an unsigned answer.
--only     some of the proofs
--minutes  how long the load lasts (half a minute otherwise), at --rate calls a second (20)
--quick    a hundredth of everything, to see that it runs; proves little
--full     a million schedules, ten thousand for each planted bug, and ten minutes of 200 calls/s on the largest day: takes hours
--proof    keep the results in docs/proof, and write docs/proof.md anew from them`;

/** `npm run prove`: one table of statements, and whether each held. */
await main(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      minutes: { type: 'string' },
      rate: { type: 'string' },
      quick: { type: 'boolean' },
      full: { type: 'boolean' },
      proof: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const [quick, full] = [values.quick === true, values.full === true];
  const effort: Effort = {
    schedules: quick ? 1_000 : full ? 1_000_000 : 100_000,
    planted: quick ? 50 : full ? 10_000 : 200,
    outages: quick ? 100 : 10_000,
    minutes: positive(values.minutes ?? (quick ? '0.1' : '0.5')),
    rate: positive(values.rate ?? '20'),
    day: quick
      ? { minutes: 0.25, rate: 10, killEveryS: 8 }
      : full
        ? { minutes: 10, rate: 200, killEveryS: 60 }
        : { minutes: 1, rate: 20, killEveryS: 15 },
    histories: quick ? 10 : 200,
    inputs: quick ? 1_000 : 50_000,
  };
  const names = values.only?.split(',') ?? Object.keys(PROOFS);
  for (const name of names) {
    if (PROOFS[name] === undefined) throw new Problem(`There is no proof "${name}".\n\n${USAGE}`);
  }
  const began = Date.now();
  const at = machine();
  const seconds = () => Math.round((Date.now() - began) / 1_000);
  const say = (text: string) => console.error(`${String(seconds()).padStart(5)} s  ${text}`);
  say('building');
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/build/main.ts')], { stdio: 'ignore' });
  if (status !== 0) throw new Problem('The functions cannot be built: npm run build says why.');

  const lines: Line[] = [];
  for (const name of names) {
    say(`${name} …`);
    const found = (await PROOFS[name]?.(effort, (text) => say(`${name}: ${text}`))) ?? [];
    lines.push(...found);
    if (!values.proof) continue;
    keepMeasured('prove', measuredOf(found, name, at), Object.keys(PROOFS));
    writePages();
  }
  const command = ['npm run prove', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
  const results: Results = { date: new Date().toISOString(), command, seconds: seconds(), machine: at, lines };
  const out = join(ROOT, '.local/prove');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'last.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`\n${machineText(at)}\n\n${table(lines)}\n\n${summary(lines)}`);
  say('written to .local/prove/last.json');
  const over = full ? undefined : overMinutes(LANES.prove, (Date.now() - began) / 60_000 - effort.minutes);
  if (over !== undefined) console.error(`✗ ${over}`);
  process.exitCode = over === undefined && lines.every(({ verdict }) => verdict === 'holds') ? 0 : 1;
});

function positive(text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new Problem(`"${text}" is no number above 0.\n\n${USAGE}`);
}
