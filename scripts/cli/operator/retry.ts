import { type Key, keys } from '../../../lib/instances/keys.ts';
import { requeue } from '../../../lib/instances/requeue.ts';
import { wakeAt } from '../../../lib/instances/wake.ts';
import type { Table } from '../../../lib/table/table.ts';
import { requeueTenant } from '../../../lib/tenants/requeue.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { PLACE, productNamed, readPlace, withOpenTableOf } from './place.ts';

const OPTIONS = {
  ...PLACE,
  product: { type: 'string' },
  order: { type: 'string' },
  line: { type: 'string' },
  tenant: { type: 'string' },
  license: { type: 'string' },
  event: { type: 'string' },
  fingerprint: { type: 'string' },
} as const;

/** Queues the changes that were set aside again, and makes due at once what waits for its next attempt. */
export async function retry(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.retry'));
    return EXIT.good;
  }
  const retryOf = subject(positionals[0], values);
  const at = await readPlace(values, terminal);
  const ids = values.product === undefined ? [...at.config.products.keys()] : [productNamed(at, values.product)];
  return withOpenTableOf(at, async ({ table, place, live }) => {
    const found: ({ readonly product: string } & Retried)[] = [];
    for (const product of ids) {
      const retried = await retryOf(table, product);
      if (retried !== undefined) found.push({ product, ...retried });
    }
    if (found.length === 0) throw new Problem('problem.no-item', { products: ids.join(', '), place }, EXIT.found);
    if (values.json) out(JSON.stringify({ place, live, found }, null, 2));
    else for (const { product, ...retried } of found) report(terminal, product, retried, place, live);
    return EXIT.good;
  });
}

type Changes = readonly { readonly kind: string; readonly id: string }[];

/** Changes that were set aside and are queued again, and those that waited for its next attempt and is due now. */
interface Retried {
  readonly queued: Changes;
  readonly woken: Changes;
}

type Subject = {
  readonly [Name in 'order' | 'line' | 'tenant' | 'license' | 'event' | 'fingerprint']?: string | undefined;
};

/** Retries what is meant, for one product; undefined if there is no such item. */
function subject(
  instanceId: string | undefined,
  { order, line, tenant, license, event, fingerprint = '' }: Subject,
): (table: Table, product: string) => Promise<Retried | undefined> {
  const ofItem = (keyOf: (product: string) => Key) => async (table: Table, product: string) => {
    const queued = await requeue(table, keyOf(product), Date.now());
    if (queued === undefined) return undefined;
    const woken = queued.length > 0 ? undefined : await wakeAt(table, keyOf(product), Date.now());
    return { queued, woken: woken === undefined ? [] : [woken] };
  };
  if (instanceId !== undefined) return ofItem((product) => keys.instance(product, instanceId));
  if (tenant !== undefined) return (table, product) => requeueTenant(table, { product, tenantId: tenant }, Date.now());
  if (license !== undefined) return ofItem((product) => keys.license(product, license));
  if (event !== undefined) return ofItem((product) => keys.application(product, event, fingerprint));
  if (order === undefined || line === undefined) throw new Problem('problem.retry-needed');
  return ofItem((product) => keys.orderLine(product, order, line));
}

function report(
  { say, out }: Terminal,
  product: string,
  { queued, woken }: Retried,
  place: string,
  live: boolean,
): void {
  if (queued.length + woken.length === 0) {
    out(say('retry.nothing', { product }));
    return;
  }
  for (const { kind, id } of queued) out(say('retry.queued', { product, kind, id }));
  for (const { kind, id } of woken) out(say('retry.woken', { product, kind, id }));
  out(say(live ? 'retry.live' : 'retry.later', { place }));
}
