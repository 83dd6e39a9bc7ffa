import { parseArgs } from 'node:util';
import { type Key, keys } from '../../../lib/instances/keys.ts';
import { requeue } from '../../../lib/instances/requeue.ts';
import type { Table } from '../../../lib/table/table.ts';
import { requeueTenant } from '../../../lib/tenants/requeue.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { withTable } from '../../dev/local/table.ts';
import { main, Problem } from '../../dev/problem.ts';

const USAGE =
  'npm run retry -- <instanceId>, or --order <orderId> --line <orderLineId> for an order notification, or --tenant <tenantId> for all records ' +
  'of a tenant, or --license <code> for a licence code, or --event <eventId> [--fingerprint <text>] for an online licence; ' +
  '--product <name> if several products are meant, --table <name> for a deployed table';

/** `npm run retry`: queues the changes that were set aside again; each keeps its idempotency key. */
await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      product: { type: 'string' },
      order: { type: 'string' },
      line: { type: 'string' },
      tenant: { type: 'string' },
      license: { type: 'string' },
      event: { type: 'string' },
      fingerprint: { type: 'string' },
      table: { type: 'string' },
    },
  });
  const requeueOf = subject(positionals[0], values);
  const settings = readSettings(process.env);
  const { config } = await readProject(settings);
  const names = values.product === undefined ? [...config.products.keys()] : [values.product];
  await withTable(settings, values.table, async ({ table, place, live }) => {
    let found = false;
    for (const name of names) {
      const queued = await requeueOf(table, name);
      if (queued === undefined) continue;
      found = true;
      report(name, queued, place, live);
    }
    if (!found) throw new Problem(`There is nothing of that id under ${names.join(', ')} in ${place}.`);
  });
});

type Queued = readonly { readonly kind: string; readonly id: string }[];

type Subject = {
  readonly [Name in 'order' | 'line' | 'tenant' | 'license' | 'event' | 'fingerprint']?: string | undefined;
};

/** Queues again what is meant, for one product. */
function subject(
  instanceId: string | undefined,
  { order, line, tenant, license, event, fingerprint = '' }: Subject,
): (table: Table, product: string) => Promise<Queued | undefined> {
  const ofItem = (keyOf: (product: string) => Key) => (table: Table, product: string) =>
    requeue(table, keyOf(product), Date.now());
  if (instanceId !== undefined) return ofItem((product) => keys.instance(product, instanceId));
  if (tenant !== undefined) return (table, product) => requeueTenant(table, { product, tenantId: tenant }, Date.now());
  if (license !== undefined) return ofItem((product) => keys.license(product, license));
  if (event !== undefined) return ofItem((product) => keys.application(product, event, fingerprint));
  if (order === undefined || line === undefined) throw new Problem(`Of which instance? ${USAGE}`);
  return ofItem((product) => keys.orderLine(product, order, line));
}

function report(product: string, queued: Queued, place: string, live: boolean): void {
  if (queued.length === 0) {
    console.log(`${product}: nothing had been set aside.`);
    return;
  }
  for (const { kind, id } of queued) console.log(`${product}: queued again: ${kind} (idempotency key ${id})`);
  console.log(live ? `It is carried out now by ${place}.` : `It is carried out when KooGate next runs on ${place}.`);
}
