import type { ProductSite } from '../lib/config/stage.ts';
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

/** Addresses that take the place of a site's, in the local run. @throws Error unless the text is addresses by site */
export function localAddresses(text: string | undefined): ReadonlyMap<string, string> {
  if (!text) return new Map();
  try {
    const read: Readonly<Record<string, unknown>> = JSON.parse(text);
    return new Map(Object.entries(read).map(([site, address]) => [site, String(address)]));
  } catch {
    throw new Error('KOOGATE_OPENAPI_SITES must be a JSON object of addresses by site, such as {"europe":"http://…"}.');
  }
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

/** Finds the site of a product; one that the settings no longer know is taken for the stage's own. */
export function siteFinder(
  sites: ReadonlyMap<string, ProductSite>,
  usual: ProductSite,
  addressesOf: (site: ProductSite) => Site,
): (product: string) => ReachedSite {
  return (product) => {
    const found = sites.get(product) ?? usual;
    return { addresses: addressesOf(found), ...(found.account === undefined ? {} : { account: found.account }) };
  };
}
