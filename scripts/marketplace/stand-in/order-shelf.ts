import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type OrderTraits, readOrders } from './order-traits.ts';

/** Keeps the stand-in's own orders, by their numbers. */
export interface OrderShelf {
  all(): Readonly<Record<string, OrderTraits>>;
  put(orderId: string, traits: OrderTraits): void;
}

export function memoryShelf(): OrderShelf {
  const orders: Record<string, OrderTraits> = {};
  return {
    all: () => orders,
    put: (orderId, traits) => {
      orders[orderId] = traits;
    },
  };
}

/**
 * Keeps orders in a file of JSON, which a person may edit meanwhile: it is read again when it has changed.
 * @throws Error from each call if the file holds something else
 */
export function fileShelf(file: string): OrderShelf {
  let known: { readonly changed: number; readonly orders: Readonly<Record<string, OrderTraits>> } | undefined;
  const all = () => {
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (known?.changed !== changed) known = { changed, orders: changed === 0 ? {} : readFile(file) };
    return known.orders;
  };
  return {
    all,
    put: (orderId, traits) => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, `${JSON.stringify({ ...all(), [orderId]: traits }, null, 2)}\n`);
      renameSync(`${file}.new`, file);
      known = undefined;
    },
  };
}

function readFile(file: string): Readonly<Record<string, OrderTraits>> {
  try {
    return readOrders(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
