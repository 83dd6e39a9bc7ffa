import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../lib/config.ts';
import type { FulfilDependencies } from '../lib/fulfilment/dependencies.ts';
import { fulfilInline, issueInline } from '../lib/fulfilment/inline.ts';
import { openOrder } from '../lib/fulfilment/sealed-order.ts';
import { createLog, type Log } from '../lib/log.ts';
import { createMarketplace } from '../lib/open-api/client.ts';
import { createOpenApis } from '../lib/open-api/open-api.ts';
import { pushUsage } from '../lib/open-api/push-usage.ts';
import { SITES } from '../lib/open-api/sites.ts';
import { uploadText } from '../lib/open-api/upload.ts';
import { MAX_RECORDS } from '../lib/open-api/usage-record.ts';
import type { ReconcileDependencies } from '../lib/reconcile/reconcile.ts';
import { createSealer } from '../lib/sealing/sealer.ts';
import { secretsFromEnvironment } from '../lib/secrets/environment.ts';
import type { Secrets } from '../lib/secrets/secrets.ts';
import type { Seller } from '../lib/seller/contract.ts';
import { httpSeller } from '../lib/seller/http.ts';
import { createTableClient } from '../lib/table/dynamodb.ts';
import type { Table } from '../lib/table/table.ts';
import { clientSecretOpener } from '../lib/tenants/client-secrets.ts';
import type { UsageDependencies } from '../lib/usage/dependencies.ts';
import { flushUsage } from '../lib/usage/sweep.ts';
import { products } from '../scripts/dev/samples/index.ts';
import type { LoginDependencies } from './create-login.ts';
import type { ProduceDependencies } from './create-produce.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the route runs on in Lambda and locally. @throws Error naming the variable that is missing */
export function produceDependencies(env: Environment): ProduceDependencies {
  const common = commonDependencies(env);
  return {
    ...common,
    openClientSecret: clientSecretOpener(common.secrets),
    fulfilInline: (...purchase) => fulfilInline(common, ...purchase),
    issueInline: (...application) => issueInline(common, ...application),
  };
}

/** What fulfilment runs on in Lambda and locally. @throws Error naming the variable that is missing */
export function fulfilDependencies(env: Environment): FulfilDependencies {
  const common = commonDependencies(env);
  const openApis = createOpenApis({ ...openApi(env), keys: () => common.secrets.account(), clock: Date.now });
  return {
    ...common,
    deliverLicense: (eventId, license, signal) => uploadText(openApis, eventId, license, signal),
    flushUsage: usageFlusher(env, common),
  };
}

/** What the login runs on in Lambda and locally. @throws Error naming the variable that is missing */
export function loginDependencies(env: Environment): LoginDependencies {
  return { ...commonDependencies(env), ...(env.KOOGATE_LOGIN_PAGE ? { page: env.KOOGATE_LOGIN_PAGE } : {}) };
}

/** What taking and pushing usage runs on in Lambda and locally. @throws Error naming the variable that is missing */
export function meterDependencies(env: Environment): UsageDependencies {
  return usageDependencies(env, commonDependencies(env));
}

/** What comparing instances with orders runs on in Lambda and locally. @throws Error naming the variable that is missing */
export function reconcileDependencies(env: Environment): ReconcileDependencies & { readonly log: Log } {
  const common = commonDependencies(env);
  return { ...common, openOrder: (sealed) => openOrder(common.sealer, sealed), sleep };
}

function usageFlusher(env: Environment, common: Common): NonNullable<FulfilDependencies['flushUsage']> {
  const usage = usageDependencies(env, common);
  return (product, instanceId, signal) => flushUsage(usage, product, instanceId, signal);
}

function usageDependencies(env: Environment, common: Common): UsageDependencies {
  const { secrets } = common;
  const openApis = createOpenApis({ ...openApi(env), keys: () => secrets.account(), clock: Date.now });
  return {
    ...common,
    batchSize: batchSize(env),
    pushUsage: async (product, records, signal) => {
      const { accessKeys } = await secrets.product(product);
      return pushUsage(openApis, accessKeys.base ?? [], records, signal);
    },
  };
}

function batchSize({ KOOGATE_USAGE_BATCH: text }: Environment): number {
  if (!text) return MAX_RECORDS;
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_RECORDS) return size;
  throw new Error(
    `KOOGATE_USAGE_BATCH is "${text}", but it is the number of usage records a push: 1 to ${MAX_RECORDS}.`,
  );
}

type Common = ReturnType<typeof commonDependencies>;

function commonDependencies(env: Environment): FulfilDependencies & { secrets: Secrets } {
  const hidden = new Set<string>();
  const log = createLog(console.log, hidden, Date.now, { Table: env.KOOGATE_TABLE ?? '' });
  const secrets = hiding(
    secretsFromEnvironment(env, Date.now, (message) => log.warn(message)),
    hidden,
  );
  const marketplace = createMarketplace({
    ...openApi(env),
    keys: () => secrets.account(),
    clock: Date.now,
  });
  return {
    table: openTable(env),
    products,
    secrets,
    sealer: createSealer(secrets),
    sellerOf: sellers(env, secrets),
    queryOrder: marketplace.queryOrder,
    sellerSecret: (name) => secrets.sellerOwn(name),
    clock: Date.now,
    random: Math.random,
    newToken: randomUUID,
    log,
  };
}

function openTable(env: Environment): Table {
  const name = env.KOOGATE_TABLE;
  if (!name) throw new Error('KOOGATE_TABLE is not set: it names the DynamoDB table.');
  return { client: createTableClient(), name };
}

function openApi(env: Environment): { baseUrl: string; fallbackUrl?: string } {
  return env.KOOGATE_OPENAPI_URL ? { baseUrl: env.KOOGATE_OPENAPI_URL } : SITES.china;
}

/** The seller of a product; `KOOGATE_SELLER_URL` puts the HTTP seller in the place of all. */
function sellers(env: Environment, secrets: Secrets): (product: Product) => Seller {
  const url = env.KOOGATE_SELLER_URL;
  if (!url) return (product) => product.seller;
  const remote = httpSeller({ url, secret: () => secrets.seller() });
  return () => remote;
}

/** Adds whatever secret is read to the texts that the log never writes. */
function hiding(secrets: Secrets, hidden: Set<string>): Secrets {
  return {
    ...secrets,
    product: async (name) => {
      const own = await secrets.product(name);
      for (const key of Object.values(own.accessKeys).flat()) hidden.add(key);
      return own;
    },
    login: async () => {
      const secret = await secrets.login();
      hidden.add(secret);
      return secret;
    },
    account: async () => {
      const keys = await secrets.account();
      hidden.add(keys.secretAccessKey);
      return keys;
    },
    sellerOwn: async (name) => {
      const secret = await secrets.sellerOwn(name);
      hidden.add(secret);
      return secret;
    },
    seller: async () => {
      const secret = await secrets.seller();
      hidden.add(secret);
      return secret;
    },
  };
}
