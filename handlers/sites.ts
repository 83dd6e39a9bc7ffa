import type { ProductSite } from '../lib/config/stage.ts';
import { MarketplaceError } from '../lib/open-api/error.ts';
import { createOpenApis, type OpenApis } from '../lib/open-api/open-api.ts';
import type { Site } from '../lib/open-api/sites.ts';
import type { Secrets } from '../lib/secrets/secrets.ts';

/** Place of a product among the sites of the marketplace. */
export interface ReachedSite {
  /** Addresses of the site's open APIs. */
  readonly addresses: Site;
  /** Site whose account signs the calls; absent: the installation's own. */
  readonly account?: string;
}

/** Reads addresses that take the place of sites, by site: JSON that the local run makes for itself. */
export function localAddresses(text: string | undefined): ReadonlyMap<string, string> {
  return new Map(Object.entries<string>(JSON.parse(text || '{}')));
}

/**
 * Gives each product the open APIs of its own site, signed with that site's account. Products of one site share a client.
 * @throws Error if the address of a site is not https
 */
export function openApisBySite(
  siteOf: (product: string) => ReachedSite,
  secrets: Pick<Secrets, 'account'>,
  clock: () => number,
): (product: string) => OpenApis {
  const clients = new Map<string, OpenApis>();
  return (product) => {
    const { addresses, account } = siteOf(product);
    const key = JSON.stringify([addresses.baseUrl, account]);
    const known = clients.get(key) ?? createOpenApis({ ...addresses, keys: () => secrets.account(account), clock });
    clients.set(key, known);
    return known;
  };
}

/**
 * Finds the site of a product. One that the settings no longer know is taken for the stage's own, unless products of several
 * sites are sold: then nobody knows whose it was, and no site is called about another's order.
 * @throws MarketplaceError for such a product
 */
export function siteFinder(
  sites: ReadonlyMap<string, ProductSite>,
  usual: ProductSite,
  addressesOf: (site: ProductSite) => Site,
): (product: string) => ReachedSite {
  const isMixed = [...sites.values()].some(({ site }) => site !== usual.site);
  return (product) => {
    const known = sites.get(product);
    if (known === undefined && isMixed) throw siteUnknown(product);
    const found = known ?? usual;
    return { addresses: addressesOf(found), ...(found.account === undefined ? {} : { account: found.account }) };
  };
}

function siteUnknown(product: string): MarketplaceError {
  const message = `The product "${product}" is not in koogate.config.ts, so its site is unknown.`;
  return new MarketplaceError({ code: 'unknown-product', permanent: true, message });
}
