import { readFileSync } from 'node:fs';
import { findConflicts, type ImportedInstance, importInstance } from '../../../lib/instances/import.ts';
import { keys } from '../../../lib/instances/keys.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import type { Secrets } from '../../../lib/secrets/secrets.ts';
import type { Table } from '../../../lib/table/table.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { compareExport } from './import/compare.ts';
import { COLUMNS, type Line, readLines } from './import/read-lines.ts';
import { PLACE, readPlace, secretsOf, withOpenTableOf } from './place.ts';

const OPTIONS = {
  ...PLACE,
  check: { type: 'boolean' },
  orders: { type: 'boolean' },
  column: { type: 'string' },
} as const;

/** Faults of a file that are shown; more would leave the screen. */
const SHOWN_FAULTS = 50;

/**
 * Imports a file of instances, or compares an export of orders with the table. Of instances each line is checked before the first is written. Running it again changes nothing, or
 * completes what was broken off. No value of the file is ever printed.
 */
export async function importInstances(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.import', { columns: COLUMNS.join(', ') }));
    return EXIT.good;
  }
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new Problem('problem.import-needed');
  const at = await readPlace(values, terminal);
  if (values.orders) return compareExport(at, path, values, terminal);
  const read = readLines(readText(path), at.config.products, say);
  if ('faults' in read) throw refused(path, read.faults, terminal);
  const secrets = await secretsOf(at);
  return withOpenTableOf(at, async ({ table, place }) => {
    const instances = await seal(read.lines, secrets);
    const conflicts = await findConflicts(table, instances);
    if (conflicts.size > 0) {
      const line = (index: number) => read.lines[index]?.at ?? 0;
      const faults = [...conflicts].map(([index, why]) => say('import.conflict', { line: line(index), why, place }));
      throw refused(path, faults, terminal);
    }
    const count = instances.length;
    if (values.check) {
      out(values.json ? JSON.stringify({ place, fit: count }) : say('import.checked', { count, place }));
      return EXIT.good;
    }
    const added = await write(table, instances, read.lines);
    const counts = { added, known: count - added, place };
    out(values.json ? JSON.stringify({ place, imported: added, known: counts.known }) : say('import.done', counts));
    return EXIT.good;
  });
}

/** In the order of the file; the first line that fails ends it and says how far it came. */
async function write(table: Table, instances: readonly ImportedInstance[], lines: readonly Line[]): Promise<number> {
  let added = 0;
  for (const [index, instance] of instances.entries()) {
    try {
      if (await importInstance(table, instance, Date.now())) added += 1;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new Problem('problem.import-broken', { line: lines[index]?.at ?? 0, detail, count: index }, EXIT.found);
    }
  }
  return added;
}

async function seal(lines: readonly Line[], secrets: Secrets): Promise<readonly ImportedInstance[]> {
  const sealer = createSealer(secrets);
  return Promise.all(
    lines.map(async ({ instance, access }) =>
      access === undefined
        ? instance
        : {
            ...instance,
            access: await sealer.seal('credentials', access, keys.instance(instance.product, instance.instanceId)),
          },
    ),
  );
}

function refused(path: string, faults: readonly string[], { say }: Terminal): Problem {
  const rest = faults.length - SHOWN_FAULTS;
  const more = rest > 0 ? [say('import.more', { count: rest })] : [];
  const list = [...faults.slice(0, SHOWN_FAULTS), ...more].join('\n  ');
  return new Problem('problem.import-refused', { path, list }, EXIT.found);
}

function readText(path: string): string {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    throw new Problem('problem.unreadable', { file: path });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new Problem('problem.utf-8', { file: path });
  }
}
