import { existsSync } from 'node:fs';
import { DEFAULT_SITE, sitesOf } from '../../../lib/config/stage.ts';
import { createOpenApis, type OpenApis } from '../../../lib/open-api/open-api.ts';
import { pushUsage } from '../../../lib/open-api/push-usage.ts';
import { type AskedOrder, queryOrder } from '../../../lib/open-api/query-order.ts';
import { siteOf } from '../../../lib/open-api/sites.ts';
import type { Secrets } from '../../../lib/secrets/secrets.ts';
import type { Order } from '../../../lib/seller/contract.ts';
import type { PushUsage } from '../../../lib/usage/dependencies.ts';
import { findRun } from '../../dev/local/run-file.ts';
import { ensureLocalSecrets } from '../../dev/local-secrets.ts';
import { startStandIn } from '../../marketplace/stand-in/server.ts';
import { Problem } from '../terminal/problem.ts';
import { isOnServer, type Place, secretsOf } from './place.ts';

/*
 * Site of the marketplace that an operator's command calls, and the account that it calls as: those of the product, as
 * the functions do.
 */

/** Site of a product, ready to be called. */
export interface ReachedSite {
  /** Address of its open APIs. */
  readonly place: string;
  readonly openApis: OpenApis;
  /** Access keys of the product's base interfaces, newest first. */
  accessKeys(): Promise<readonly string[]>;
}

/** The marketplace, or what stands in for it, and the secrets that go with it. */
export interface ReachedMarketplace {
  /** Addresses of all sites that the products are sold on. */
  readonly place: string;
  readonly secrets: Secrets;
  readonly pushUsage: PushUsage;
  queryOrder(asked: AskedOrder): Promise<Order>;
  /** Site of a product by its id; the stage's own where no product is named. */
  siteOf(product?: string): ReachedSite;
}

/**
 * Reaches the marketplace: each product's site in the stage; or KOOGATE_OPENAPI_URL, else the stand-ins of the KooGate
 * that runs here, with the keys of the secrets file; or, where KOOGATE_PARAMETERS names the secrets of a deployed
 * installation, the sites of the settings with those.
 * @throws Problem if there is nothing to reach
 */
export async function reachMarketplace(place: Place): Promise<ReachedMarketplace> {
  const { config, terminal } = place;
  const parameters = place.parameters ?? (terminal.env.KOOGATE_PARAMETERS || undefined);
  const addressOf = addresses(place, parameters);
  addressOf(undefined);
  const secrets = await secretsOf({ ...place, ...(parameters !== undefined && { parameters }) });
  const sites = new Map<string, ReachedSite>();
  const reach = (product?: string): ReachedSite => {
    const { address, account } = addressOf(product);
    const key = JSON.stringify([address, account, product]);
    const keys = () => secrets.account(account);
    const known = sites.get(key) ?? {
      place: address,
      openApis: createOpenApis({ baseUrl: address, keys, clock: Date.now }),
      accessKeys: async () => (product === undefined ? [] : ((await secrets.product(product)).accessKeys.base ?? [])),
    };
    sites.set(key, known);
    return known;
  };
  return {
    place: [...new Set([...config.products.keys()].map((id) => reach(id).place))].join(', '),
    secrets,
    siteOf: reach,
    pushUsage: async (product, records, signal) => {
      const { accessKeys } = await secrets.product(product);
      return pushUsage(reach(product).openApis, accessKeys.base ?? [], records, signal);
    },
    queryOrder: ({ product, orderId, orderLineId }) => queryOrder(reach(product).openApis, orderId, orderLineId),
  };
}

/** Address of a site, and the site whose account signs; undefined: the installation's own. */
interface Addressed {
  readonly address: string;
  readonly account: string | undefined;
}

/** Gives the address of a product's site. @throws Problem if there is none */
function addresses(place: Place, parameters: string | undefined): (product: string | undefined) => Addressed {
  const { config, stage, isNamed, settings } = place;
  const run = parameters === undefined ? findRun(settings.data) : undefined;
  const isLocal = stage === undefined && parameters === undefined;
  const sites = stage?.sites ?? sitesOf(config, {});
  return (product) => {
    const { site, account } = (product === undefined ? undefined : sites.get(product)) ?? { site: stage?.site };
    const real = siteOf(site ?? DEFAULT_SITE).baseUrl;
    const ofRun = (account !== undefined && run?.openApis?.[account]) || run?.openApi;
    const address = isNamed ? real : (settings.openApiUrl ?? (isLocal ? ofRun : real));
    if (address === undefined) throw new Problem('problem.marketplace');
    return { address, account };
  };
}

/** Lends the site of a product; where nothing runs, a stand-in that is started for the moment. @throws Problem */
export async function withSite<Result>(
  place: Place,
  product: string | undefined,
  use: (site: ReachedSite) => Promise<Result>,
): Promise<Result> {
  const { settings, config, parameters, terminal } = place;
  const isLocal = parameters === undefined && !terminal.env.KOOGATE_PARAMETERS && !isOnServer(place);
  if (!isLocal) return use((await reachMarketplace(place)).siteOf(product));
  const hasData = existsSync(settings.database);
  const { marketplace, products } = await ensureLocalSecrets(settings.secretsFile, config.products.values(), hasData);
  if (settings.openApiUrl !== undefined || findRun(settings.data) !== undefined) {
    return use((await reachMarketplace(place)).siteOf(product));
  }
  const { account } = (product === undefined ? undefined : sitesOf(config, {}).get(product)) ?? {};
  const keys = (account === undefined ? undefined : marketplace.sites?.[account]) ?? marketplace;
  const accessKey = Object.values(products).flatMap(({ accessKeys }) => accessKeys.base?.slice(0, 1) ?? []);
  const standIn = await startStandIn({ keys, accessKey });
  try {
    const openApis = createOpenApis({ baseUrl: standIn.url, keys: async () => keys, clock: Date.now });
    return await use({ place: standIn.url, openApis, accessKeys: async () => accessKey });
  } finally {
    await standIn.stop();
  }
}
