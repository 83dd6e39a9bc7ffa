import { type AlarmSettings, alarmProblems } from './alarm-settings.ts';
import type { Config, IamStatement, ServerSettings, StageSettings } from './config.ts';
import { loginProblems } from './login-problems.ts';
import type { Product } from './products.ts';

/** A stage with its defaults filled in. */
export interface Stage {
  readonly name: string;
  readonly purpose: 'production' | 'test' | 'demonstration';
  readonly host: 'aws' | 'server';
  readonly region: string | undefined;
  /** Name of the site, or the address given in its place, for products that name no other. */
  readonly site: string;
  /** Site of each product by the product's id. */
  readonly sites: ReadonlyMap<string, ProductSite>;
  readonly receivers: readonly string[];
  readonly webhooks: readonly string[];
  /** As the settings state it; see `readAlarmSettings`. */
  readonly alarms: AlarmSettings;
  readonly heartbeat: string | undefined;
  /** Ids of products that are not on sale. */
  readonly offSale: ReadonlySet<string>;
  readonly environment: Readonly<Record<string, string>>;
  readonly iamStatements: readonly IamStatement[];
  readonly domain: StageSettings['domain'] | undefined;
  readonly reservedConcurrency: number | undefined;
  readonly login: boolean;
  readonly usageBatch: number;
  readonly table: string;
  /** Prefix of the stage's secrets in Parameter Store; begins with a slash and ends without one. */
  readonly parameters: string;
  readonly hostRuleKnown: boolean;
  readonly server: Required<ServerSettings>;
  /** Address of each product's backend by the product's id; products that the seller's own code serves have none. */
  readonly backends: ReadonlyMap<string, string>;
}

/** Site that a product is sold on. */
export interface ProductSite {
  /** Name of the site, or its address. */
  readonly site: string;
  /** Site whose account signs the calls; absent: the installation's own account. */
  readonly account?: string;
}
/** Settings of the server, unless a stage says otherwise. */
export const DEFAULT_SERVER: Required<ServerSettings> = {
  address: '127.0.0.1',
  private: '127.0.0.1:9464', // the port that Prometheus' exporters of this kind have
  trustsProxy: false,
};

/** Usage records a push, unless a stage says otherwise. */
export const DEFAULT_USAGE_BATCH = 1000;

/**
 * Completes the settings of a stage.
 * @throws Error that lists the stages, if there is none of that name
 */
export function resolveStage(config: Config, name: string): Stage {
  const own = Object.hasOwn(config.stages, name) ? config.stages[name] : undefined;
  if (own === undefined) {
    const known = Object.keys(config.stages).join(', ') || 'none';
    throw new Error(`koogate.config.ts has no stage "${name}": add it to stages, or take one of these: ${known}.`);
  }
  return {
    name,
    purpose: own.purpose ?? 'production',
    host: own.host ?? 'aws',
    region: own.region,
    site: own.site ?? DEFAULT_SITE,
    sites: sitesOf(config, own),
    receivers: own.receivers ?? [],
    webhooks: own.webhooks ?? [],
    alarms: own.alarms ?? {},
    heartbeat: own.heartbeat,
    offSale: offSaleIn(config, own),
    environment: own.environment ?? {},
    iamStatements: own.iamStatements ?? [],
    domain: own.domain,
    reservedConcurrency: own.reservedConcurrency,
    login: own.login ?? false,
    usageBatch: own.usageBatch ?? DEFAULT_USAGE_BATCH,
    table: own.table ?? `${config.service}-${name}`,
    parameters: `/${config.service}/${name}`,
    hostRuleKnown: own.hostRuleKnown ?? false,
    server: { ...DEFAULT_SERVER, ...own.server },
    backends: backendsOf(config, own),
  };
}

function offSaleIn({ products }: Config, own: StageSettings): ReadonlySet<string> {
  const off = [...products.values()].filter(({ name }) => own.products?.[name]?.onSale === false);
  return new Set(off.map(({ id }) => id));
}

function backendsOf(config: Config, own: StageSettings): ReadonlyMap<string, string> {
  const backends = new Map<string, string>();
  for (const { id, name, backend: usual } of config.products.values()) {
    const backend = own.products?.[name]?.backend ?? own.backend ?? usual;
    if (backend !== undefined) backends.set(id, backend);
  }
  return backends;
}

/** Site of the marketplace, unless a stage says otherwise. */
export const DEFAULT_SITE = 'china';

/**
 * Sites of the products by id. The stage's own site is reached with the installation's account; each further one has an
 * account of its own, and none stands in for another.
 */
export function sitesOf({ products }: Config, stage: StageSettings): ReadonlyMap<string, ProductSite> {
  const usual = stage.site ?? DEFAULT_SITE;
  return new Map(
    [...products.values()].map(({ id, name, site: own }) => {
      const site = stage.products?.[name]?.site ?? own ?? usual;
      return [id, site === usual ? { site } : { site, account: site }];
    }),
  );
}

/** Sites that need an account of their own beside the installation's. */
export function furtherSites(sites: ReadonlyMap<string, ProductSite>): readonly string[] {
  return [...new Set([...sites.values()].flatMap(({ account }) => account ?? []))];
}

/** Result of a stage's check: what stops a deployment, and what somebody should know of. */
export interface StageCheck {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Product families of software that is used over the network. */
const SAAS = /^(saas|kit)-/;

/**
 * Checks a stage before it is packaged, deployed or served: settings that are missing or contradict each other.
 * @returns sentences that say what to set
 */
export function checkStage(config: Config, stage: Stage): StageCheck {
  const products = [...config.products.values()];
  return {
    problems: [
      ...regionProblems(stage),
      ...sellerProblems(stage, products),
      ...backendProblems(stage, products),
      ...receiverProblems(stage),
      ...loginProblems(stage, products),
      ...domainProblems(stage),
      ...concurrencyProblems(stage),
    ],
    warnings: [...hostWarnings(stage, products), ...siteWarnings(stage, products)],
  };
}

function regionProblems({ name, host, region }: Stage): string[] {
  if (host !== 'aws' || region !== undefined) return [];
  return [
    `Stage "${name}" has no region: set stages.${name}.region to the one it is deployed to, such as ap-southeast-1.`,
  ];
}

function sellerProblems(stage: Stage, products: readonly Product[]): string[] {
  if (stage.purpose === 'demonstration') return [];
  return products
    .filter(({ id, seller }) => seller.demonstration === true && !stage.backends.has(id))
    .map(
      ({ name }) =>
        `Product "${name}" still has a demo seller: give it your own code in products.${name}.seller, or the address of ` +
        `your backend in stages.${stage.name}.backend, or set stages.${stage.name}.purpose to "demonstration".`,
    );
}

function backendProblems({ name, host, backends }: Stage, products: readonly Product[]): string[] {
  if (host !== 'aws') return [];
  return products
    .filter(({ id }) => new URL(backends.get(id) ?? 'https://none').protocol === 'http:')
    .map(
      (product) =>
        `Product "${product.name}" has a backend on this machine (${backends.get(product.id)}), which nothing in the cloud ` +
        `can reach: set stages.${name}.backend to its public https address.`,
    );
}

function receiverProblems(stage: Stage): string[] {
  const { name, purpose, receivers, webhooks, alarms } = stage;
  const problems = alarmProblems(stage);
  if (problems.length > 0) return [...problems];
  const heard = receivers.length + webhooks.length + Object.keys(alarms.robots ?? {}).length;
  if (purpose !== 'production' || heard > 0) return [];
  return [
    `Stage "${name}" is in production, and nobody hears of its alarms: name who does in stages.${name}.receivers, such ` +
      'as ["ops"]; the address of each goes into the secrets file as receivers.<name>.',
  ];
}

function domainProblems({ name, host, domain }: Stage): string[] {
  if (host === 'aws' || domain === undefined) return [];
  return [
    `Stage "${name}" runs on a server, and its domain would be set up on AWS: take stages.${name}.domain out and point ` +
      'the domain to the server.',
  ];
}

function concurrencyProblems({ name, host, reservedConcurrency }: Stage): string[] {
  if (host === 'aws' || reservedConcurrency === undefined) return [];
  return [
    `Stage "${name}" runs on a server, where there is no Lambda concurrency to reserve: take ` +
      `stages.${name}.reservedConcurrency out.`,
  ];
}

/** The marketplace demands that the production servers of SaaS and API products run on Huawei Cloud. */
function hostWarnings({ name, host, purpose, hostRuleKnown }: Stage, products: readonly Product[]): string[] {
  if (host !== 'aws' || purpose !== 'production' || hostRuleKnown) return [];
  const saas = products.filter(({ families }) => families.some((family) => SAAS.test(family)));
  if (saas.length === 0) return [];
  const names = saas.map((product) => `"${product.name}"`).join(', ');
  return [
    `Stage "${name}" hosts SaaS products on AWS (${names}). The marketplace's release rules demand that the production ` +
      'server of a SaaS product runs on Huawei Cloud, and it may refuse the listing ' +
      '(https://support.huaweicloud.com/intl/en-us/accessg-marketplace/topic_0000001128397945.html). ' +
      `Set stages.${name}.host to "server", or stages.${name}.hostRuleKnown to true if the marketplace has agreed.`,
  ];
}

/** The production server of a SaaS product must run on the cloud of the site that it is sold on. */
function siteWarnings({ name, purpose, hostRuleKnown, sites }: Stage, products: readonly Product[]): string[] {
  if (purpose !== 'production' || hostRuleKnown) return [];
  const saas = products.filter(({ families }) => families.some((family) => SAAS.test(family)));
  const bySite = new Map<string, string[]>();
  for (const product of saas) {
    const { site } = sites.get(product.id) ?? { site: '' };
    bySite.set(site, [...(bySite.get(site) ?? []), `"${product.name}"`]);
  }
  if (bySite.size < 2) return [];
  const list = [...bySite].map(([site, names]) => `${site}: ${names.join(', ')}`).join('; ');
  return [
    `Stage "${name}" serves SaaS products of several sites (${list}). Each site demands that the production server of a ` +
      'SaaS product runs on the cloud of that very site, so one installation can be right for one of them only: give each ' +
      `site a stage of its own. License products and order notices may stay together. Set stages.${name}.hostRuleKnown to ` +
      'true if the marketplace has agreed.',
  ];
}
