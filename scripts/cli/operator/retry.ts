import type { Recording } from '../../../lib/instances/audit.ts';
import { type Key, keys } from '../../../lib/instances/keys.ts';
import { requeue } from '../../../lib/instances/requeue.ts';
import { wakeAt } from '../../../lib/instances/wake.ts';
import { recordAction } from '../../../lib/operations/record-action.ts';
import type { Table } from '../../../lib/table/table.ts';
import { requeueTenant } from '../../../lib/tenants/requeue.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { ACTING, recorderOf } from './acting.ts';
import { SOUGHT, type Sought, seek } from './find.ts';
import { PLACE, type Place, productNamed, readPlace, withOpenTableOf } from './place.ts';

const OPTIONS = {
  ...PLACE,
  ...SOUGHT,
  ...ACTING,
  order: { type: 'string' },
  tenant: { type: 'string' },
  license: { type: 'string' },
  event: { type: 'string' },
  fingerprint: { type: 'string' },
} as const;

/** Queues the changes that were set aside again, and makes due at once what waits for its next attempt. */
export function retry(args: readonly string[], terminal: Terminal): Promise<number> {
  return retryBy(args, terminal, 'retry');
}

/** Queues the changes that were set aside again, and leaves alone what waits for its next attempt. */
export function requeueAside(args: readonly string[], terminal: Terminal): Promise<number> {
  return retryBy(args, terminal, 'requeue');
}

type Name = 'retry' | 'requeue';

async function retryBy(args: readonly string[], terminal: Terminal, name: Name): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say(`help.${name}`));
    return EXIT.good;
  }
  const [id] = positionals;
  const keyOf = id === undefined ? subject(values) : undefined;
  const at = await readPlace(values, terminal);
  const ids = values.product === undefined ? [...at.config.products.keys()] : [productNamed(at, values.product)];
  return withOpenTableOf(at, async ({ table, place, live }) => {
    const recorder = await recorderOf(at, values, terminal);
    const deps = { table, wakes: name === 'retry', record: () => recordAction(table, recorder(name)) };
    const found: ({ readonly product: string } & Retried)[] = [];
    for (const { product, key } of keyOf === undefined
      ? await instancesNamed(at, table, { ...values, id: id ?? '' }, terminal)
      : ids.map((product) => ({ product, key: keyOf(product) }))) {
      const retried =
        typeof key === 'string' ? await retryTenant(deps, { product, tenantId: key }) : await retryItem(deps, key);
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

/** Parts of a retry that all items share. */
interface Retrying {
  readonly table: Table;
  /** True if what waits for its next attempt becomes due at once, too. */
  readonly wakes: boolean;
  record(): Recording;
}

async function retryItem({ table, wakes, record }: Retrying, key: Key): Promise<Retried | undefined> {
  const queued = await requeue(table, key, Date.now(), { record: record() });
  if (queued === undefined) return undefined;
  const woken = queued.length > 0 || !wakes ? undefined : await wakeAt(table, key, Date.now(), { record: record() });
  return { queued, woken: woken === undefined ? [] : [woken] };
}

function retryTenant(
  { table, wakes, record }: Retrying,
  tenant: { readonly product: string; readonly tenantId: string },
) {
  return requeueTenant(table, tenant, Date.now(), { wakes, record: (image) => record()(image) });
}

async function instancesNamed(at: Place, table: Table, sought: Sought, terminal: Terminal) {
  const { items } = await seek(at, table, sought, terminal);
  return items.map(({ product, pk, sk }) => ({ product, key: { pk, sk } }));
}

type Subject = {
  readonly [Name in 'order' | 'line' | 'tenant' | 'license' | 'event' | 'fingerprint']?: string | undefined;
};

/** Finds out what is meant beside instances, for one product: the key of an item, or the id of a tenant. */
function subject({
  order,
  line,
  tenant,
  license,
  event,
  fingerprint = '',
}: Subject): (product: string) => Key | string {
  if (tenant !== undefined) return () => tenant;
  if (license !== undefined) return (product) => keys.license(product, license);
  if (event !== undefined) return (product) => keys.application(product, event, fingerprint);
  if (order === undefined || line === undefined) throw new Problem('problem.retry-needed');
  return (product) => keys.orderLine(product, order, line);
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
