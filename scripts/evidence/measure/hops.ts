import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../build/roots.ts';
import { createTestShop } from '../../testing/shop.ts';

/**
 * Files of `lib/` and `handlers/` of which any function runs while one more purchase is accepted, in process and on the
 * table in memory, by V8's own count. The table and the test's own side do not count.
 */
export async function filesOfOnePurchase(): Promise<readonly string[]> {
  const done = async () => undefined;
  const seller = {
    provision: async () => ({}),
    renew: done,
    freeze: done,
    unfreeze: done,
    upgrade: done,
    release: done,
  };
  const shop = createTestShop({ products: { crm: { families: ['saas-v2'], seller } } });
  await shop.marketplace.buy(); // what is made once is made
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await shop.marketplace.buy();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  return result
    .filter(
      ({ url, functions }) => url.startsWith('file:') && functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0),
    )
    .map(({ url }) => fileURLToPath(url).slice(PACKAGE_ROOT.length).replace(/^\//, ''))
    .filter((file) => /^(lib|handlers)\//.test(file) && !file.startsWith('lib/table/'))
    .sort();
}
