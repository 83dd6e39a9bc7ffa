import { waitingIn } from '../instances/queue.ts';
import type { Place } from './find.ts';
import { isInstance } from './order-index.ts';
import { everyItem } from './scan.ts';

/** An instance as it leaves KooGate: nothing sealed, times as ISO 8601. */
export interface ExportedInstance {
  readonly product: string;
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly productId: string;
  readonly state: string;
  readonly wanted: string;
  readonly chargingMode: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly releasedAt: string;
  readonly waiting: number;
  readonly setAside: number;
  readonly lastError: string;
}

/** Columns of the export, in order. */
export const EXPORT_COLUMNS = [
  'product',
  'instanceId',
  'orderId',
  'orderLineId',
  'productId',
  'state',
  'wanted',
  'chargingMode',
  'createdAt',
  'expiresAt',
  'releasedAt',
  'waiting',
  'setAside',
  'lastError',
] as const satisfies readonly (keyof ExportedInstance)[];

/** Reads all instances of the products, in the order of the table. */
export async function* exportInstances(
  { table, products }: Place,
  progress?: (items: number) => void,
): AsyncGenerator<ExportedInstance, void, undefined> {
  for await (const item of everyItem(table, progress)) {
    if (!isInstance(item) || !products.includes(item.product)) continue;
    const { product, instanceId, orderId, orderLineId, state, wanted } = item;
    yield {
      ...{ product, instanceId, orderId, orderLineId, productId: item.productId ?? '', state, wanted },
      chargingMode: item.chargingMode ?? '',
      createdAt: timeText(item.createdAt),
      expiresAt: timeText(item.expiresAt),
      releasedAt: timeText(item.releasedAt),
      waiting: waitingIn(item).length,
      setAside: Object.keys(item.failed).length,
      lastError: item.lastError ?? '',
    };
  }
}

function timeText(ms: number | undefined): string {
  return ms === undefined ? '' : new Date(ms).toISOString();
}

/** Marks a text as UTF-8 to programs that guess. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Writes a line of CSV (RFC 4180) that a spreadsheet takes for texts: a cell that it would read as a formula begins with an
 * apostrophe.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map(csvCell).join(',');
}

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
