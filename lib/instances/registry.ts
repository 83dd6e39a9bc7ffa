import type { Config } from '../config/config.ts';
import { ITEM_TYPE, type NewItem } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { Key } from './keys.ts';
import { putIf, readItem } from './write.ts';

/*
 * The one item that remembers the ids of all products which a table has ever served. Keys, instance ids and idempotency
 * keys are made of a product's id; were a product renamed without its former name being kept, its instances would be out
 * of reach, and an order delivered again would buy a second one. So whoever starts or deploys compares the settings first.
 */

interface RegistryItem extends Key {
  /** Products by id, and since when each has been served: ISO 8601, UTC. */
  readonly products: Readonly<Record<string, string>>;
  /** Counts the writes. */
  readonly version: number;
}

const KEY: Key = { pk: 'REGISTRY', sk: 'REGISTRY' };

/** Attempts to write against others who start at the same time. */
const MAX_ATTEMPTS = 5;

/** Thrown where the settings lack a product that the table has served; the message says what to do. */
export class ProductsMissing extends Error {
  override readonly name = 'ProductsMissing';
}

/**
 * Compares the settings with the ids that the table has served.
 * @throws ProductsMissing
 */
export async function checkRegistry(table: Table, config: Config): Promise<void> {
  refuseMissing(await readItem<RegistryItem>(table, KEY), table, config);
}

/**
 * Compares the settings with the ids that the table has served, and adds the new ones.
 * @throws ProductsMissing
 */
export async function registerProducts(table: Table, config: Config, now: Date): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const item = await readItem<RegistryItem>(table, KEY);
    refuseMissing(item, table, config);
    const known = item?.products ?? {};
    const added = [...config.products.keys()].filter((id) => !Object.hasOwn(known, id));
    if (added.length === 0) return;
    const since = Object.fromEntries(added.map((id) => [id, now.toISOString()]));
    const next: NewItem<RegistryItem> = {
      ...KEY,
      type: ITEM_TYPE.registry,
      products: { ...known, ...since },
      version: (item?.version ?? 0) + 1,
    };
    const condition =
      item === undefined
        ? { condition: 'attribute_not_exists(#pk)', values: {} }
        : { condition: '#version = :version', values: { version: item.version } };
    if ((await putIf<RegistryItem>(table, next, condition)).done) return;
  }
  throw new Error(`The registry of ${table.name} changed under ${MAX_ATTEMPTS} writes in a row: start again.`);
}

function refuseMissing(item: RegistryItem | undefined, table: Table, { products, retired }: Config): void {
  const served = Object.keys(item?.products ?? {}).sort();
  const missing = served.filter((id) => !products.has(id) && !retired.includes(id));
  if (missing.length === 0) return;
  const named = missing.map((id) => `"${id}"`).join(', ');
  throw new ProductsMissing(
    `The table ${table.name} has served ${missing.length === 1 ? 'the product' : 'the products'} ${named}, which ` +
      'koogate.config.ts lacks: instances sold under that id could no longer be reached. If it was renamed, give the product ' +
      `under its new name formerNames: ['${missing[0]}']. If it is sold no more, add it to retired: ['${missing[0]}'].`,
  );
}
