import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openOrder } from '../../../lib/fulfilment/sealed-order.ts';
import type { Drift } from '../../../lib/reconcile/drift.ts';
import { reconcile } from '../../../lib/reconcile/reconcile.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { withTable } from '../../dev/local/table.ts';
import { main, Problem } from '../../dev/problem.ts';
import { reachMarketplace } from './usage/marketplace.ts';
import { asTable } from './usage/table-text.ts';

/** What a run that did not finish means, by how it ended. */
const ENDS: Readonly<Record<string, string>> = {
  'slowed-down': 'The marketplace asks for fewer calls. Go on later with --resume.',
  overtaken: 'A later round has begun meanwhile; this one was given up.',
};

const HELP = `npm run reconcile                    compares every instance with the order that bought it, and shows what differs
npm run reconcile -- --repair        puts right what is safe, too
npm run reconcile -- --resume        goes on with a round that had to end
Everywhere: --json <file> writes what was found, --table <name> takes a deployed table`;

/**
 * `npm run reconcile`: compares every instance with the order that bought it, and shows what differs. `--repair` puts
 * right what is safe, `--json <file>` writes what was found, `--resume` goes on with a round that had to end, `--table
 * <name>` takes a deployed table.
 */
await main(async () => {
  const { values } = parseArgs({
    options: {
      repair: { type: 'boolean' },
      resume: { type: 'boolean' },
      json: { type: 'string' },
      table: { type: 'string' },
    },
  });
  const settings = readSettings(process.env);
  const { queryOrder, secrets, place: marketplace } = reachMarketplace(settings);
  const sealer = createSealer(secrets);
  await withTable(settings, values.table, async ({ table, place }) => {
    const drifts: (Omit<Drift, 'repair'> & { readonly repaired: boolean })[] = [];
    const deps = {
      table,
      queryOrder,
      openOrder: (sealed: string) => openOrder(sealer, sealed),
      clock: Date.now,
      sleep,
    };
    const { end, round } = await reconcile(deps, {
      repair: values.repair === true,
      every: values.resume ? Number.MAX_SAFE_INTEGER : 0,
      remaining: () => Number.POSITIVE_INFINITY,
      found: ({ repair: _, ...drift }, repaired) => drifts.push({ ...drift, repaired }),
    });
    if (end === 'not-due') throw new Problem('The last round was finished; there is nothing to go on with.');
    const rows = drifts.map(({ product, instanceId, kind, stored, marketplace: shown, advice, repaired }) => {
      const todo = repaired ? 'repaired' : advice === 'repair' ? 'npm run reconcile -- --repair' : advice;
      return [product, instanceId, kind, stored, shown, todo];
    });
    if (rows.length > 0) {
      console.log(asTable(['product', 'instance', 'difference', 'stored', 'marketplace', 'what to do'], rows));
    }
    const { checked, found, repaired } = round;
    console.log(
      `\n${checked} instances in ${place} compared with ${marketplace}: ${found} differences, ${repaired} repaired.`,
    );
    if (values.json !== undefined) {
      const { next: _, ...counts } = round;
      writeFileSync(values.json, `${JSON.stringify({ end, ...counts, place, marketplace, drifts }, null, 2)}\n`);
    }
    const trouble = ENDS[end];
    if (trouble !== undefined) throw new Problem(trouble);
  });
}, HELP);
