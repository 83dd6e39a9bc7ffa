import { readFileSync } from 'node:fs';
import { noteDone } from '../open-api/cases.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { ACTING, recorderOf } from './acting.ts';
import { reachMarketplace } from './marketplace.ts';
import { PLACE, productNamed, readPlace, withOpenTableOf, withTableOf } from './place.ts';
import { listUsage } from './usage/list.ts';
import { operateOn } from './usage/operate.ts';
import { pushDue, pushTest } from './usage/push.ts';
import { reportFrom } from './usage/report.ts';

const OPTIONS = {
  ...PLACE,
  ...ACTING,
  product: { type: 'string' },
  begin: { type: 'string' },
  end: { type: 'string' },
  value: { type: 'string' },
  id: { type: 'string' },
  package: { type: 'string' },
  file: { type: 'string' },
  reason: { type: 'string' },
  all: { type: 'boolean' },
  day: { type: 'string' },
  test: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

const ACTIONS = ['report', 'list', 'push', 'reject', 'requeue'];

/** Does by hand what the functions do with usage by themselves. Ends with 1 if something is refused or stays due. */
export async function usage(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  const [action, instanceId] = positionals;
  if (values.help) {
    out(say('help.usage'));
    return EXIT.good;
  }
  if (action === undefined || !ACTIONS.includes(action)) {
    throw new Problem('problem.usage-needed', { choices: ACTIONS.join(', ') });
  }
  const at = await readPlace(values, terminal);
  const { products } = at.config;
  const product = values.product === undefined ? ([...products.keys()][0] ?? '') : productNamed(at, values.product);
  const tell = (text: string, data: unknown) => out(values.json ? JSON.stringify(data, null, 2) : text);

  if (action === 'report') {
    const reports = readReports(product, instanceId, values);
    return withOpenTableOf(at, ({ table, place }) => reportFrom({ table, products, place, reports, tell, say }));
  }
  if (action === 'list') {
    const { all = false, day } = values;
    const isDay = day === undefined || (/^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)));
    if (!isDay) throw new Problem('problem.day', { given: day });
    return withTableOf(at, ({ table, place }) => listUsage({ table, place, product, instanceId, all, day, tell, say }));
  }
  if (values.test) {
    const { pushUsage, siteOf } = await reachMarketplace(at);
    const { place } = siteOf(product);
    const code = await pushTest({ pushUsage, place, product, instanceId, tell, say });
    if (code === EXIT.good) noteDone(at.settings.data, { case: 'usage', product, place, at: terminal.clock() });
    return code;
  }
  if (action === 'reject' || action === 'requeue') {
    const [, name] = positionals;
    const { reason = say('usage.by-hand') } = values;
    return withOpenTableOf(at, async ({ table, place }) => {
      const recorder = await recorderOf(at, values, terminal);
      return operateOn({ action, table, products, place, product, name, reason, recorder, tell, say });
    });
  }
  const { pushUsage, place } = await reachMarketplace(at);
  return withOpenTableOf(at, ({ table }) => pushDue({ table, products, pushUsage, place, tell, terminal }));
}

/** The one report that the options state, or those of the file. @throws Problem */
function readReports(product: string, instanceId: string | undefined, values: Values): readonly unknown[] {
  const { begin, end, value, file } = values;
  if (file !== undefined) return readFileReports(file);
  if (instanceId === undefined || begin === undefined || end === undefined || value === undefined) {
    throw new Problem('problem.report-needed');
  }
  const one = { product, instanceId, begin, end, value, id: values.id ?? `${begin}/${end}` };
  return [values.package === undefined ? one : { ...one, packageInstanceId: values.package }];
}

function readFileReports(file: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(read) ? read : [read];
  } catch (error) {
    throw new Problem('problem.json-file', { file, detail: error instanceof Error ? error.message : String(error) });
  }
}
