import { readFileSync } from 'node:fs';
import { compareOrders } from '../../../../lib/operations/compare-orders.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { scanProgress } from '../find.ts';
import { type Place, withTableOf } from '../place.ts';
import { asTable } from '../usage/table-text.ts';
import { readOrders } from './read-orders.ts';

/** Compares an export of the seller console's orders with the table, and writes nothing. @returns 1 if they differ */
export async function compareExport(
  at: Place,
  path: string,
  options: { readonly column?: string | undefined; readonly json?: boolean | undefined },
  terminal: Terminal,
): Promise<number> {
  const { say, out } = terminal;
  const read = readOrders(contentOf(path), options.column);
  if ('heads' in read) throw new Problem('problem.no-order-column', { path, heads: read.heads.join(', ') || '–' });
  return withTableOf(at, async ({ table, place }) => {
    const products = [...at.config.products.keys()];
    const { unknown, unlisted } = await compareOrders(table, products, read.orders, scanProgress(terminal));
    const count = read.orders.size;
    if (options.json) out(JSON.stringify({ place, orders: count, unknown, unlisted }, null, 2));
    else {
      const heads = ['product', 'instance', 'order', 'state'].map((name) => say(`import.head.${name}`));
      const rows = unlisted.map(({ product, instanceId, orderId, state }) => [product, instanceId, orderId, state]);
      out(
        [
          say('import.compared', { count, place }),
          unknown.length === 0 ? say('import.all-known') : [say('import.unknown-orders'), ...unknown].join('\n  '),
          unlisted.length === 0 ? say('import.all-listed') : `${say('import.unlisted')}\n\n${asTable(heads, rows)}`,
        ].join('\n\n'),
      );
    }
    return unknown.length + unlisted.length > 0 ? EXIT.found : EXIT.good;
  });
}

function contentOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new Problem('problem.unreadable', { file: path });
  }
}
