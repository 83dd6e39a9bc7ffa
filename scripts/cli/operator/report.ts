import { writeFileSync } from 'node:fs';
import { mask } from '../../../lib/mask.ts';
import { readHistory } from '../../../lib/operations/verify-audit.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { keysAt } from './acting.ts';
import { SOUGHT, seekOne } from './find.ts';
import { PLACE, readPlace, withTableOf } from './place.ts';
import { shownOf } from './show.ts';

/** Writes what is known of an instance for the marketplace's support: ids, states, times and reasons, each text masked. */
export async function report(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out, note } = terminal;
  const { values, positionals } = readArguments(args, { ...PLACE, ...SOUGHT, out: { type: 'string' } });
  if (values.help) {
    out(say('help.report'));
    return EXIT.good;
  }
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw new Problem('problem.report-of');
  const at = await readPlace(values, terminal);
  return withTableOf(at, async ({ table }) => {
    const item = await seekOne(at, table, { ...values, id }, terminal);
    const { chain: _, ...shown } = shownOf(item, await readHistory(table, item), (await keysAt(at))?.audit);
    const bundle = { printedAt: new Date(terminal.clock()).toISOString(), ...(readable(shown) as object) };
    const text = JSON.stringify(bundle, null, 2);
    if (values.out === undefined) out(text);
    else {
      write(values.out, `${text}\n`);
      note(say('report.written', { file: values.out }));
    }
    return EXIT.good;
  });
}

/** Members whose numbers are moments. */
const TIME = /(At|^at)$/;
/** Ids, in which nothing is masked. */
const KEPT: ReadonlySet<string> = new Set([
  'product',
  'instanceId',
  'orderId',
  'orderLineId',
  'productId',
  'change',
  'id',
]);

/** Times as texts, and texts without personal data; who acted is left out. */
function readable(value: unknown, name = ''): unknown {
  if (typeof value === 'number' && TIME.test(name)) return new Date(value).toISOString();
  if (typeof value === 'string') return KEPT.has(name) ? value : mask(value);
  if (Array.isArray(value)) return value.map((one) => readable(one));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([member]) => member !== 'by');
  return Object.fromEntries(members.map(([member, inner]) => [member, readable(inner, member)]));
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new Problem('problem.unwritable', { file, detail: Object(error).message }, EXIT.found);
  }
}
