import { randomUUID } from 'node:crypto';
import { type Config, LOCAL_STAGE } from '../lib/config/config.ts';
import type { Product } from '../lib/config/products.ts';
import { DEFAULT_SITE, DEFAULT_USAGE_BATCH, resolveStage, sitesOf } from '../lib/config/stage.ts';
import type { FulfilDependencies } from '../lib/fulfilment/dependencies.ts';
import { createGate, type Gate } from '../lib/instances/gate.ts';
import { readSealingMark } from '../lib/instances/sealing-mark.ts';
import { createLog, type Log, writeLine } from '../lib/log.ts';
import type { OpenApis } from '../lib/open-api/open-api.ts';
import { queryOrder } from '../lib/open-api/query-order.ts';
import { siteOf } from '../lib/open-api/sites.ts';
import { MAX_RECORDS } from '../lib/open-api/usage-record.ts';
import { createSealer } from '../lib/sealing/sealer.ts';
import type { Alongside } from '../lib/secrets/create.ts';
import { type EnvironmentParts, secretsFromEnvironment } from '../lib/secrets/environment.ts';
import { hmacKeysOf } from '../lib/secrets/hmac-keys.ts';
import type { Secrets } from '../lib/secrets/secrets.ts';
import type { Seller } from '../lib/seller/contract.ts';
import { httpSeller } from '../lib/seller/http.ts';
import { createSourceMapper } from '../lib/source-maps.ts';
import { createTableClient } from '../lib/table/dynamodb.ts';
import type { Table } from '../lib/table/table.ts';
import { localAddresses, openApisBySite, type ReachedSite, siteFinder } from './sites.ts';

/** Environment variables of a function. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that the functions share. */
export interface Runtime extends FulfilDependencies {
  /** The door of the table, which is closed while the table is moved. */
  readonly gate: Gate;
  readonly secrets: Secrets;
  readonly log: Log;
  /** Site of a product, by the product's id. */
  siteOf(product: string): ReachedSite;
  /** Open APIs of the product's own site, signed with that site's account. */
  openApisOf(product: string): OpenApis;
  /** Usage records a push. */
  readonly usageBatch: number;
}

/** Parts of a runtime that differ between functions, and what a host has already in the place of what a function makes. */
export interface RuntimeParts {
  /** Secrets that a function's paths need beside the one that they ask for first. */
  readonly alongside?: (config: Config) => Alongside;
  /** Opens secrets at `csms://…`; hosts other than Lambda have it. */
  readonly csms?: EnvironmentParts['csms'];
  /** Opens the table, once the secrets can be read. */
  readonly table?: (secrets: Secrets, log: Log) => Table;
  /** Unix milliseconds. */
  readonly clock?: () => number;
  /** Takes the lines of the log; by default standard output, and in the local run the console. */
  readonly write?: (line: string) => void;
  /** Puts something before the log, such as what counts its lines. */
  readonly logged?: (log: Log) => Log;
}

/** Settings of the stage that a function runs in. */
interface Place {
  siteOf(product: string): ReachedSite;
  readonly usageBatch: number;
  /** Address of the backend of a product; undefined where the seller's own code serves it. */
  backendOf(product: Product): string | undefined;
  readonly allowsDemonstrations: boolean;
}

/** Variables that hold for the local run alone; anywhere else the settings of the stage count. */
const LOCAL_VARIABLES = [
  'KOOGATE_OPENAPI_URL',
  'KOOGATE_OPENAPI_SITES',
  'KOOGATE_SELLER_URL',
  'KOOGATE_SELLER_SECRET',
  'KOOGATE_USAGE_BATCH',
];

/**
 * Makes what all functions run on.
 * @param env `KOOGATE_STAGE`, `KOOGATE_TABLE`, and where the secrets are: `KOOGATE_PARAMETERS` or `KOOGATE_SECRETS`. In
 *   the local run (stage `local`) also `KOOGATE_OPENAPI_URL`, `KOOGATE_OPENAPI_SITES`, `KOOGATE_SELLER_URL` and `KOOGATE_USAGE_BATCH`.
 * @param parts what another host than Lambda brings along
 * @throws Error that names the variable which is missing or unfit
 */
export function createRuntime(config: Config, env: Environment, parts: RuntimeParts = {}): Runtime {
  const { alongside, csms, clock = Date.now, logged = (log: Log) => log } = parts;
  const { write = env.KOOGATE_STAGE === LOCAL_STAGE ? console.log : writeLine } = parts;
  const hidden = new Set<string>();
  const log = logged(createLog(write, hidden, clock, { Table: env.KOOGATE_TABLE ?? '' }, createSourceMapper()));
  const place = placeOf(config, env, log);
  const secrets = hiding(
    secretsFromEnvironment(env, clock, (message) => log.warn(message), {
      alongside: alongside?.(config),
      csms,
    }),
    hidden,
  );
  const openApisOf = openApisBySite(place.siteOf, secrets, clock);
  for (const product of config.products.keys()) openApisOf(product); // an unfit address is refused at the start
  const table = parts.table?.(secrets, log) ?? openTable(env);
  const gate = createGate(table, clock);
  const isMarked = async () => (await readSealingMark(table)) !== undefined;
  return {
    table,
    gate,
    isOpen: gate.isOpen,
    products: config.products,
    secrets,
    sealer: createSealer(secrets, clock, isMarked),
    sellerOf: sellers(place, secrets),
    queryOrder: async ({ product, orderId, orderLineId }, signal) =>
      queryOrder(openApisOf(product), orderId, orderLineId, signal, (members) =>
        log.warn('Members of an order could not be read and were left out.', { product, orderId, members }),
      ),
    sellerSecret: (name) => secrets.sellerOwn(name),
    hmacKeys: () => hmacKeysOf(secrets),
    clock,
    random: Math.random,
    newToken: randomUUID,
    log,
    siteOf: place.siteOf,
    openApisOf,
    usageBatch: place.usageBatch,
  };
}

function placeOf(config: Config, env: Environment, log: Log): Place {
  const name = env.KOOGATE_STAGE;
  if (!name) throw new Error('KOOGATE_STAGE is not set: it names the stage of koogate.config.ts that holds.');
  if (name === LOCAL_STAGE) return localPlace(config, env);
  const ignored = LOCAL_VARIABLES.filter((variable) => env[variable]);
  if (ignored.length > 0) {
    log.warn(
      `${ignored.join(', ')} in the environment counts in the local run alone and is ignored: see koogate.config.ts.`,
    );
  }
  const stage = resolveStage(config, name);
  return {
    siteOf: siteFinder(stage.sites, { site: stage.site }, ({ site }) => siteOf(site)),
    usageBatch: stage.usageBatch,
    backendOf: ({ id }) => stage.backends.get(id),
    allowsDemonstrations: stage.purpose === 'demonstration',
  };
}

/** Products of a further site are sent to its own stand-in where there is one, else wherever all others are. */
function localPlace(config: Config, env: Environment): Place {
  const { KOOGATE_OPENAPI_URL: usual } = env;
  const addresses = localAddresses(env.KOOGATE_OPENAPI_SITES);
  return {
    siteOf: siteFinder(sitesOf(config, {}), { site: DEFAULT_SITE }, ({ site, account }) => {
      const baseUrl = (account && addresses.get(account)) || usual;
      return baseUrl ? { baseUrl } : siteOf(site);
    }),
    usageBatch: localUsageBatch(env),
    backendOf: ({ backend }) => env.KOOGATE_SELLER_URL || backend,
    allowsDemonstrations: true,
  };
}

function localUsageBatch({ KOOGATE_USAGE_BATCH: text }: Environment): number {
  if (!text) return DEFAULT_USAGE_BATCH;
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_RECORDS) return size;
  throw new Error(
    `KOOGATE_USAGE_BATCH is "${text}", but it is the number of usage records a push: 1 to ${MAX_RECORDS}.`,
  );
}

function openTable(env: Environment): Table {
  const name = env.KOOGATE_TABLE;
  if (!name) throw new Error('KOOGATE_TABLE is not set: it names the DynamoDB table.');
  return { client: createTableClient(), name };
}

/**
 * Gives the seller of a product: the HTTP seller where a backend is named, else the seller's own code.
 * A demo seller runs in demonstrations alone: for any other stage the function throws.
 */
function sellers(place: Place, secrets: Secrets): (product: Product) => Seller {
  const remote = new Map<string, Seller>();
  return (product) => {
    const url = place.backendOf(product);
    if (url !== undefined) {
      const known = remote.get(url) ?? httpSeller({ url, secret: () => secrets.seller() });
      remote.set(url, known);
      return known;
    }
    if (product.seller.demonstration && !place.allowsDemonstrations) {
      throw new Error(
        `Product "${product.name}" has a demo seller, and this stage is no demonstration: give it your own code or the ` +
          'address of your backend, or set the purpose of the stage to "demonstration" in koogate.config.ts.',
      );
    }
    return product.seller;
  };
}

/** Adds each secret that is read to the texts which the log never writes. */
function hiding(secrets: Secrets, hidden: Set<string>): Secrets {
  const hide = (secret: string): string => {
    if (secret !== '') hidden.add(secret);
    return secret;
  };
  return {
    ...secrets,
    product: async (id) => {
      const own = await secrets.product(id);
      for (const key of Object.values(own.accessKeys).flat()) hide(key);
      return own;
    },
    login: async () => hide(await secrets.login()),
    hmac: async () => {
      const keys = await secrets.hmac();
      for (const key of [keys.audit, keys.customer]) hide(key);
      return keys;
    },
    database: async () => hide(await secrets.database()),
    mail: async () => {
      const server = await secrets.mail();
      hide(server.password ?? '');
      return server;
    },
    receiver: async (name) => hide(await secrets.receiver(name)),
    account: async (site) => {
      const keys = await secrets.account(site);
      hide(keys.secretAccessKey);
      return keys;
    },
    sellerOwn: async (name) => hide(await secrets.sellerOwn(name)),
    seller: async () => hide(await secrets.seller()),
  };
}
