import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main, Problem } from '../../dev/problem.ts';
import { bundleProduct, bundleReferences, installReferences, OUT } from './bundles.ts';
import type { Row } from './figure.ts';
import { FIGURES } from './figures/index.ts';
import { machine } from './machine.ts';
import { writeProof } from './proof.ts';
import { type Judged, judged, machineText, mergedRows, type Results, summary, table } from './report.ts';
import type { Report } from './worker.ts';

const USAGE = `npm run bench [-- --quick] [-- --proof] [-- --only ${Object.keys(FIGURES).join(',')}]

Measures KooGate side by side with R, the usual stack for the same job (middy, http-json-body-parser, zod, Powertools
idempotency, a nonce write and a business write), and with F, the bare protocol as a plain function.
--quick  a minute or two, to see that everything runs; too short to be quoted
--only   some groups of figures
--proof  keep the results in docs/proof, and write docs/proof.md anew from them`;

/** `npm run bench`: one table of ratios, and whether each meets its goal. */
await main(async () => {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      proof: { type: 'boolean' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const quick = values.quick === true;
  const names = values.only?.split(',') ?? Object.keys(FIGURES);
  for (const name of names) {
    if (FIGURES[name] === undefined) throw new Problem(`There is no figure "${name}".\n\n${USAGE}`);
  }
  const began = Date.now();
  const at = machine();
  const say = (text: string) =>
    console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${text}`);
  say('building');
  await bundleProduct();
  if (names.some((name) => FIGURES[name]?.references)) {
    await installReferences(say);
    await bundleReferences();
  }
  const file = join(OUT, quick ? 'quick.json' : 'last.json');
  const rows: Judged[] = [];
  for (const name of names) {
    const measuredRows = await measured(name, quick, (text) => say(`${name}: ${text}`));
    rows.push(...measuredRows.map((row) => judged(row, name, new Date().toISOString())));
  }
  const results: Results = { date: new Date().toISOString(), quick, machine: at, rows };
  mkdirSync(OUT, { recursive: true });
  const kept = { ...results, rows: quick ? rows : mergedRows(earlierRows(file), rows, Object.keys(FIGURES)) };
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
  console.log(`\n${machineText(at)}\n\n${table(results.rows)}\n\n${summary(results.rows)}`);
  if (quick) console.log('This was a quick run: it shows that everything works, not how fast it is.');
  if (values.proof) writeProof(rows, { quick, machine: at }, Object.keys(FIGURES));
  say(`written to ${file}`);
});

/** Runs one group in a process of its own. @throws Error if that ends without a result */
async function measured(name: string, quick: boolean, say: (text: string) => void): Promise<readonly Row[]> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', join(import.meta.dirname, 'worker.ts'), name, ...(quick ? ['--quick'] : [])],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  let rows: readonly Row[] | undefined;
  child.on('message', (report: Report) => {
    if ('say' in report) say(report.say);
    else rows = report.rows;
  });
  await once(child, 'close');
  process.off('exit', end);
  if (rows === undefined) throw new Error(`The figure "${name}" ended without a result.`);
  return rows;
}

function earlierRows(file: string): readonly Judged[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results).rows : [];
}
