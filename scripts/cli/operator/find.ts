import type { InstanceItem } from '../../../lib/instances/item.ts';
import { waitingIn } from '../../../lib/instances/queue.ts';
import { type Found, findByCustomer, findInstances, scanForOrder } from '../../../lib/operations/find.ts';
import type { Table } from '../../../lib/table/table.ts';
import type { Say } from '../messages/index.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { keysAt } from './acting.ts';
import { PLACE, type Place, productNamed, readPlace, withTableOf } from './place.ts';
import { asTable, shortTime } from './usage/table-text.ts';

/** Options by which an instance is named, beside its id or its order. */
export const SOUGHT = {
  product: { type: 'string' },
  line: { type: 'string' },
  scan: { type: 'boolean' },
} as const;

/** Terms of a search for an instance. */
export interface Sought {
  readonly id: string;
  readonly product?: string | undefined;
  readonly line?: string | undefined;
  readonly scan?: boolean | undefined;
}

/** Items after which a note says how far a scan has come. */
const NOTED_ITEMS = 1_000;

/** Says how far a pass over the table has come, each thousand items. */
export function scanProgress({ note, say }: Terminal): (items: number) => void {
  let noted = 0;
  return (items) => {
    if (items < noted + NOTED_ITEMS) return;
    noted = items;
    note(say('operations.scanned', { items }));
  };
}

/** Finds instances by whatever id a person has, for every command that acts on one. */
export async function seek(at: Place, table: Table, sought: Sought, terminal: Terminal): Promise<Found> {
  const products = sought.product === undefined ? [...at.config.products.keys()] : [productNamed(at, sought.product)];
  const found = await findInstances({ table, products }, sought.id, sought.line);
  if (found.items.length > 0) return found;
  if (found.hasNoIndex && !sought.scan) terminal.note(terminal.say('find.no-index'));
  return sought.scan ? scanForOrder({ table, products }, sought.id, scanProgress(terminal)) : found;
}

/** The one instance that is meant. @throws Problem if there is none, or several */
export async function seekOne(at: Place, table: Table, sought: Sought, terminal: Terminal): Promise<InstanceItem> {
  const { items } = await seek(at, table, sought, terminal);
  const [item, ...more] = items;
  if (item === undefined) throw new Problem('problem.not-found', { id: sought.id }, EXIT.found);
  if (more.length > 0) {
    throw new Problem('problem.several', { id: sought.id, ids: items.map(({ instanceId }) => instanceId).join(', ') });
  }
  return item;
}

/** Finds instances by instance id, order, order line or customer, and lists them. */
export async function find(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, { ...PLACE, ...SOUGHT, customer: { type: 'string' } });
  if (values.help) {
    out(say('help.find'));
    return EXIT.good;
  }
  const [id, ...more] = positionals;
  const { customer } = values;
  if (more.length > 0 || (id === undefined) === (customer === undefined)) throw new Problem('problem.find-needed');
  const at = await readPlace(values, terminal);
  return withTableOf(at, async ({ table, place }) => {
    const { by, items } =
      customer === undefined
        ? await seek(at, table, { ...values, id: id ?? '' }, terminal)
        : await ofCustomer(at, table, customer, values.product);
    if (values.json) out(JSON.stringify({ place, by, found: items.map(summaryOf) }, null, 2));
    else if (items.length === 0) out(say('find.nothing', { id: id ?? '–', place }));
    else out(instanceTable(items, say));
    return items.length > 0 ? EXIT.good : EXIT.found;
  });
}

async function ofCustomer(at: Place, table: Table, customer: string, product: string | undefined): Promise<Found> {
  const keys = await keysAt(at);
  if (keys === undefined) throw new Problem('problem.no-customer-key', {}, EXIT.found);
  const products = product === undefined ? [...at.config.products.keys()] : [productNamed(at, product)];
  return findByCustomer({ table, products }, keys.customer, customer);
}

/** Picks what is shown of an instance: nothing sealed. */
export function summaryOf(item: InstanceItem) {
  const { product, instanceId, orderId, orderLineId, wanted, state, createdAt, expiresAt, failed, lastError } = item;
  return {
    ...{ product, instanceId, orderId, orderLineId, wanted, state, createdAt },
    ...(expiresAt !== undefined && { expiresAt }),
    waiting: waitingIn(item).length,
    setAside: Object.keys(failed).length,
    ...(lastError !== undefined && { lastError }),
  };
}

function instanceTable(items: readonly InstanceItem[], say: Say): string {
  const heads = ['product', 'instance', 'order', 'line', 'state', 'wanted', 'bought', 'expires', 'waiting', 'aside'];
  const rows = items
    .map(summaryOf)
    .map((item) => [
      ...[item.product, item.instanceId, item.orderId, item.orderLineId],
      ...[
        say(`state.${item.state}`),
        say(`state.${item.wanted}`),
        shortTime(item.createdAt),
        shortTime(item.expiresAt),
      ],
      ...[String(item.waiting), String(item.setAside)],
    ]);
  return asTable(
    heads.map((name) => say(`find.head.${name}`)),
    rows,
  );
}
