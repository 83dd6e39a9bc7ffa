import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openOrder } from '../../../lib/fulfilment/sealed-order.ts';
import type { Key } from '../../../lib/instances/keys.ts';
import type { Drift } from '../../../lib/reconcile/drift.ts';
import { reconcile } from '../../../lib/reconcile/reconcile.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { reachMarketplace } from './marketplace.ts';
import { PLACE, readPlace, withOpenTableOf, withTableOf } from './place.ts';
import { asTable } from './usage/table-text.ts';

const OPTIONS = {
  ...PLACE,
  repair: { type: 'boolean' },
  force: { type: 'boolean' },
  resume: { type: 'boolean' },
} as const;

/** Sentences about a run that did not finish, by how it ended. */
const UNFINISHED: Readonly<Record<string, string>> = {
  'slowed-down': 'problem.slowed-down',
  overtaken: 'problem.overtaken',
};

type Found = Omit<Drift, 'repair'> & { readonly repaired: boolean };

/** Compares every instance with the order that bought it; puts right what is safe if asked to. */
export async function reconcileOrders(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.reconcile'));
    return EXIT.good;
  }
  const [file] = positionals;
  if (positionals.length > (values.json ? 1 : 0)) throw new Problem('problem.reconcile-words');
  if (values.force && !values.repair) throw new Problem('problem.force-alone');
  const at = await readPlace(values, terminal);
  const { queryOrder, secrets, place: marketplace } = await reachMarketplace(at);
  const sealer = createSealer(secrets);
  const lend = values.repair ? withOpenTableOf : withTableOf;
  return lend(at, async ({ table, place }) => {
    const drifts: Found[] = [];
    const deps = {
      table,
      queryOrder,
      openOrder: (sealed: string, at: Key) => openOrder(sealer, sealed, at),
      clock: Date.now,
      sleep,
    };
    const { end, round } = await reconcile(deps, {
      repair: values.repair === true,
      force: values.force === true,
      every: values.resume ? Number.MAX_SAFE_INTEGER : 0,
      remaining: () => Number.POSITIVE_INFINITY,
      found: ({ repair: _, ...drift }, repaired) => drifts.push({ ...drift, repaired }),
    });
    if (end === 'not-due') throw new Problem('problem.not-due', {}, EXIT.found);
    const { next: _, ...counts } = round;
    const json = JSON.stringify({ end, ...counts, place, marketplace, drifts }, null, 2);
    if (values.json && file === undefined) {
      out(json);
    } else {
      if (drifts.length > 0) out(tableOf(drifts, terminal));
      out(`\n${say('reconcile.sum', { ...counts, place, marketplace })}`);
      if (file !== undefined) writeFileSync(file, `${json}\n`);
    }
    const trouble = UNFINISHED[end];
    if (trouble !== undefined) throw new Problem(trouble, {}, EXIT.found);
    return EXIT.good;
  });
}

function tableOf(drifts: readonly Found[], { say }: Terminal): string {
  const heads = ['product', 'instance', 'difference', 'stored', 'marketplace', 'todo'];
  const rows = drifts.map(({ product, instanceId, kind, stored, marketplace, advice, repaired }) => {
    const todo = repaired ? say('reconcile.repaired') : advice === 'repair' ? 'koogate reconcile --repair' : advice;
    return [product, instanceId, kind, stored, marketplace, todo];
  });
  return asTable(
    heads.map((name) => say(`reconcile.head.${name}`)),
    rows,
  );
}
