import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { withTable } from '../../dev/local/table.ts';
import { main, Problem } from '../../dev/problem.ts';
import { listUsage } from './usage/list.ts';
import { reachMarketplace } from './usage/marketplace.ts';
import { pushDue, pushTest } from './usage/push.ts';
import { reportFrom } from './usage/report.ts';

const USAGE = `npm run usage -- report <instanceId> --begin 2025-09-01T08:00Z --end 2025-09-01T09:00Z --value 12.5 --id <your id>
                        [--package <instanceId>]      stores one report; without --id it is its period
npm run usage -- report --file reports.json           stores a list of reports, shaped as for the queue
npm run usage -- list [instanceId] [--all]            what is due; all of one instance; all there is
npm run usage -- push                                 pushes what is due, now
npm run usage -- push --test [instanceId]             one push for the console's debugging case; stores nothing
Everywhere: --product <name> if there are several, --table <name> for a deployed table, --json for programs`;

/** `npm run usage`: what a person does with usage by hand; the functions do it by themselves. */
await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      product: { type: 'string' },
      table: { type: 'string' },
      begin: { type: 'string' },
      end: { type: 'string' },
      value: { type: 'string' },
      id: { type: 'string' },
      package: { type: 'string' },
      file: { type: 'string' },
      all: { type: 'boolean' },
      test: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const [command, instanceId] = positionals;
  const settings = readSettings(process.env);
  const { products } = (await readProject(settings)).config;
  const say = (text: string, data: unknown) => console.log(values.json ? JSON.stringify(data, null, 2) : text);
  const product = values.product ?? [...products.keys()][0] ?? '';
  if (!products.has(product))
    throw new Problem(`There is no product "${product}": ${[...products.keys()].join(', ')}.`);

  if (command === 'report') {
    const { begin, end, value, file } = values;
    const one = { product, instanceId, begin, end, value, id: values.id ?? `${begin}/${end}` };
    const packaged = values.package === undefined ? one : { ...one, packageInstanceId: values.package };
    const reports = file === undefined ? [packaged] : readReports(file);
    await withTable(settings, values.table, ({ table, place }) => reportFrom({ table, products, place, reports, say }));
  } else if (command === 'list') {
    const all = values.all === true;
    await withTable(settings, values.table, ({ table, place }) =>
      listUsage({ table, place, product, instanceId, all, say }),
    );
  } else if (command === 'push' && values.test) {
    await pushTest({ ...reachMarketplace(settings), product, instanceId, say });
  } else if (command === 'push') {
    const { pushUsage, place } = reachMarketplace(settings);
    await withTable(settings, values.table, ({ table }) => pushDue({ table, products, pushUsage, place, say }));
  } else {
    throw new Problem(USAGE);
  }
}, USAGE);

function readReports(file: string): readonly unknown[] {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`);
  }
  return Array.isArray(read) ? read : [read];
}
