import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findConflicts, type ImportedInstance, importInstance } from '../../../lib/instances/import.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { secretsFromEnvironment } from '../../../lib/secrets/environment.ts';
import type { Table } from '../../../lib/table/table.ts';
import { readSettings, type Settings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { withTable } from '../../dev/local/table.ts';
import { main, Problem } from '../../dev/problem.ts';
import { COLUMNS, type Line, readLines } from './import/read-lines.ts';

const USAGE = `npm run import -- <file.csv> [--check] [--table <name> [--parameters <prefix>]]
  brings in instances that were given out before KooGate; columns: ${COLUMNS.join(', ')}
  --check       looks at everything and writes nothing
  --table       a deployed table, such as koogate-prod; its sealing keys are read from /koogate/prod, or from --parameters`;

/**
 * `npm run import`: a file of instances, each line checked before the first is written. Running it again changes nothing,
 * or completes what was broken off. No value of the file is ever printed.
 */
await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: 'boolean' }, table: { type: 'string' }, parameters: { type: 'string' } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new Problem(USAGE);
  const settings = readSettings(process.env);
  const { config } = await readProject(settings);
  const read = readLines(readText(path), config.products);
  if ('faults' in read) throw refused(path, read.faults);
  await withTable(settings, values.table, async ({ table, place }) => {
    const instances = await seal(read.lines, secretsOf(settings, values.table, values.parameters));
    const conflicts = await findConflicts(table, instances);
    if (conflicts.size > 0) {
      throw refused(
        path,
        [...conflicts].map(([index, why]) => `line ${read.lines[index]?.at}: ${why} in ${place}`),
      );
    }
    if (values.check) return console.log(`All ${instances.length} lines are fit for ${place}. Nothing was written.`);
    const added = await write(table, instances, read.lines);
    console.log(`${added} imported into ${place}, ${instances.length - added} had been there already.`);
  });
});

/** In the order of the file; the first line that fails ends it and says how far it came. */
async function write(table: Table, instances: readonly ImportedInstance[], lines: readonly Line[]): Promise<number> {
  let added = 0;
  for (const [index, instance] of instances.entries()) {
    try {
      if (await importInstance(table, instance, Date.now())) added += 1;
    } catch (error) {
      throw new Problem(
        `Line ${lines[index]?.at} could not be written whole: ${error instanceof Error ? error.message : error} ` +
          `The ${index} lines before it are in, those behind it are not. Run the same again: what is in stays as it is.`,
      );
    }
  }
  return added;
}

async function seal(
  lines: readonly Line[],
  secrets: ReturnType<typeof secretsFromEnvironment>,
): Promise<readonly ImportedInstance[]> {
  const sealer = createSealer(secrets);
  return Promise.all(
    lines.map(async ({ instance, access }) =>
      access === undefined ? instance : { ...instance, access: await sealer.seal('credentials', access) },
    ),
  );
}

/** Whose sealing keys are used: those of the installation that the table belongs to. */
function secretsOf({ secretsFile }: Settings, table: string | undefined, parameters: string | undefined) {
  const stage = /^koogate-(.+)$/.exec(table ?? '')?.[1];
  const prefix = parameters ?? (stage === undefined ? undefined : `/koogate/${stage}`);
  if (table !== undefined && prefix === undefined && !process.env.KOOGATE_SECRETS) {
    throw new Problem(`Where are the secrets of ${table}? Name their prefix in Parameter Store with --parameters.`);
  }
  const env = { ...process.env };
  const file = table === undefined ? secretsFile : env.KOOGATE_SECRETS;
  return secretsFromEnvironment(
    { ...env, KOOGATE_SECRETS: file, KOOGATE_PARAMETERS: prefix ?? env.KOOGATE_PARAMETERS },
    Date.now,
  );
}

function refused(path: string, faults: readonly string[]): Problem {
  const shown = faults.slice(0, 50);
  const rest = faults.length - shown.length;
  const more = rest > 0 ? [`… and ${rest} more`] : [];
  return new Problem([`${path} was not imported, nothing was written:`, ...shown, ...more].join('\n  '));
}

function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    throw new Problem(`${path} cannot be read as UTF-8.`);
  }
}
