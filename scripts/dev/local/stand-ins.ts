import type { Config } from '../../../lib/config/config.ts';
import { DEFAULT_SITE, sitesOf } from '../../../lib/config/stage.ts';
import { type SiteAccount, startSites } from '../../marketplace/stand-in/sites.ts';
import type { LocalSecrets } from '../local-secrets.ts';

/** Stand-ins of a local run: the one of its own site, and one for each further site that a product is sold on. */
export interface LocalStandIns {
  readonly openApi: string;
  /** Addresses by further site. */
  readonly openApis: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts the stand-ins; each knows the account of its site, and the access keys of the products that are sold there.
 * @param ordersFile file with orders of their own
 */
export async function startStandIns(
  config: Config,
  secrets: LocalSecrets,
  ordersFile?: string,
): Promise<LocalStandIns> {
  const { sites, stop } = await startSites(accountsOf(config, secrets), Date.now, ordersFile);
  const { [DEFAULT_SITE]: own, ...further } = sites;
  const openApis = Object.fromEntries(Object.entries(further).map(([site, { url }]) => [site, url]));
  return { openApi: own?.url ?? '', openApis, stop };
}

function accountsOf(config: Config, { marketplace, products }: LocalSecrets): Readonly<Record<string, SiteAccount>> {
  const siteOf = sitesOf(config, {});
  const keysOf = (site: string): readonly string[] =>
    Object.entries(products)
      .filter(([id]) => (siteOf.get(id)?.account ?? DEFAULT_SITE) === site)
      .flatMap(([, { accessKeys }]) => accessKeys.base?.slice(0, 1) ?? []);
  const accounts: Record<string, SiteAccount> = {
    [DEFAULT_SITE]: { keys: marketplace, accessKey: keysOf(DEFAULT_SITE) },
  };
  for (const [site, keys] of Object.entries(marketplace.sites ?? {})) {
    accounts[site] = { keys, accessKey: keysOf(site) };
  }
  return accounts;
}
