import { writeFileSync } from 'node:fs';
import {
  BYTE_ORDER_MARK,
  csvLine,
  EXPORT_COLUMNS,
  type ExportedInstance,
  exportInstances,
} from '../../../lib/operations/export.ts';
import { readArguments, readChoice } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { scanProgress } from './find.ts';
import { PLACE, productNamed, readPlace, withTableOf } from './place.ts';

const FORMATS = ['csv', 'jsonl'] as const;
const STATES = ['PENDING', 'ACTIVE', 'FROZEN', 'RELEASED', 'FAILED'] as const;

/** Writes all instances as CSV for a spreadsheet, or as lines of JSON. */
export async function exportAll(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out, note } = terminal;
  const { values, positionals } = readArguments(args, {
    ...PLACE,
    product: { type: 'string' },
    format: { type: 'string' },
    state: { type: 'string' },
    affected: { type: 'boolean' },
    out: { type: 'string' },
  });
  if (values.help) {
    out(say('help.export'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const format = readChoice('--format', values.format, FORMATS) ?? (values.json ? 'jsonl' : 'csv');
  const state = readChoice('--state', values.state, STATES);
  const at = await readPlace(values, terminal);
  const products = values.product === undefined ? [...at.config.products.keys()] : [productNamed(at, values.product)];
  return withTableOf(at, async ({ table, place }) => {
    const lines = format === 'csv' ? [`${BYTE_ORDER_MARK}${csvLine(EXPORT_COLUMNS)}`] : [];
    let count = 0;
    for await (const instance of exportInstances({ table, products }, scanProgress(terminal))) {
      if (state !== undefined && instance.state !== state) continue;
      if (values.affected && !isAffected(instance)) continue;
      count += 1;
      lines.push(format === 'csv' ? csvLine(EXPORT_COLUMNS.map((name) => instance[name])) : JSON.stringify(instance));
    }
    const text = lines.join(format === 'csv' ? '\r\n' : '\n');
    if (values.out === undefined) out(text);
    else write(values.out, `${text}${format === 'csv' ? '\r\n' : '\n'}`);
    note(say('export.done', { count, place }));
    return EXIT.good;
  });
}

/** Something failed and was not made good: an attempt, a change that was set aside, the purchase itself. */
function isAffected({ state, lastError, setAside }: ExportedInstance): boolean {
  return state === 'FAILED' || lastError !== '' || setAside > 0;
}

/** @throws Problem if the file is there already, or cannot be written */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new Problem('problem.unwritable', { file, detail: Object(error).message }, EXIT.found);
  }
}
