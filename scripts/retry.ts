import { parseArgs } from 'node:util';
import type { PendingChange } from '../lib/instances/item.ts';
import { type Key, keys } from '../lib/instances/keys.ts';
import { requeue } from '../lib/instances/requeue.ts';
import { products } from '../lib/seller/index.ts';
import { readSettings } from './local/settings.ts';
import { withTable } from './local/table.ts';
import { main, Problem } from './problem.ts';

const USAGE =
  'npm run retry -- <instanceId>, or --order <orderId> --line <orderLineId> for an order notification; ' +
  '--product <name> if several products are meant, --table <name> for a deployed table';

/** `npm run retry`: queues the changes that were set aside again; each keeps its idempotency key. */
await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      product: { type: 'string' },
      order: { type: 'string' },
      line: { type: 'string' },
      table: { type: 'string' },
    },
  });
  const keyOf = subject(positionals[0], values.order, values.line);
  const names = values.product === undefined ? [...products.keys()] : [values.product];
  await withTable(readSettings(process.env), values.table, async ({ table, place, live }) => {
    let found = false;
    for (const name of names) {
      const queued = await requeue(table, keyOf(name), Date.now());
      if (queued === undefined) continue;
      found = true;
      report(name, queued, place, live);
    }
    if (!found) throw new Problem(`There is nothing of that id under ${names.join(', ')} in ${place}.`);
  });
});

/** What is to be queued again, as a function of the product. */
function subject(
  instanceId: string | undefined,
  orderId: string | undefined,
  orderLineId: string | undefined,
): (product: string) => Key {
  if (instanceId !== undefined) return (product) => keys.instance(product, instanceId);
  if (orderId === undefined || orderLineId === undefined) throw new Problem(`Of which instance? ${USAGE}`);
  return (product) => keys.orderLine(product, orderId, orderLineId);
}

function report(product: string, queued: readonly PendingChange[], place: string, live: boolean): void {
  if (queued.length === 0) {
    console.log(`${product}: nothing had been set aside.`);
    return;
  }
  for (const { kind, id } of queued) console.log(`${product}: queued again: ${kind} (idempotency key ${id})`);
  console.log(live ? `It is carried out now by ${place}.` : `It is carried out when KooGate next runs on ${place}.`);
}
