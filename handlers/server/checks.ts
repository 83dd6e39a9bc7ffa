import type { Config } from '../../lib/config/config.ts';
import { ProductsMissing, registerProducts } from '../../lib/instances/registry.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import type { Runtime } from '../runtime.ts';
import { clockOffset, clockSentence, judgeClock } from './clock-watch.ts';
import { StartRefused } from './start-refused.ts';

/**
 * Looks at the table before anything is served: whether it can be reached and relied on, whether the settings have all
 * products that it has ever served, and whether its clock and this machine's agree.
 * @throws StartRefused
 */
export async function checkTable(table: OpenTable, config: Config, clock: () => number): Promise<void> {
  await orRefuse(`The table ${table.name} cannot be used`, () => table.check());
  const offset = await orRefuse("The table's clock cannot be read", () => clockOffset(table, clock));
  if (judgeClock(offset) !== 'right') throw new StartRefused(1, clockSentence(offset));
  await orRefuse('The products cannot be compared with the table', () =>
    registerProducts(table, config, new Date(clock())),
  );
}

/** Reads what calls are proven and answers are signed with. @throws StartRefused naming what cannot be had */
export async function checkKeys({ products, secrets }: Runtime): Promise<void> {
  await orRefuse('The keys cannot be read', async () => {
    for (const { id } of products.values()) await secrets.product(id);
    await secrets.sealing('personal', 'public');
    await secrets.sealing('credentials', 'public');
  });
}

async function orRefuse<T>(what: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    if (error instanceof ProductsMissing) throw new StartRefused(1, error.message);
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw new StartRefused(1, `${what}: ${message || name}`, { cause: error });
  }
}
