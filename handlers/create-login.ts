import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Product, type Products, productsByPath } from '../lib/config/products.ts';
import { TimeUp, within } from '../lib/fulfilment/within.ts';
import type { Log } from '../lib/log.ts';
import * as cas from '../lib/login/cas-flow.ts';
import { closedCookies } from '../lib/login/closed-cookie.ts';
import { LoginError } from '../lib/login/login-error.ts';
import * as oauth from '../lib/login/oauth-flow.ts';
import type { LoginStep, Reply } from '../lib/login/step.ts';
import type { Sealer } from '../lib/sealing/sealer.ts';
import type { Secrets } from '../lib/secrets/secrets.ts';
import type { Table } from '../lib/table/table.ts';

/** Dependencies of the login. */
export interface LoginDependencies {
  readonly table: Table;
  readonly products: Products;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly secrets: Pick<Secrets, 'login'>;
  readonly log: Log;
  clock(): number;
  readonly fetch?: typeof fetch;
  /** Another unified login page, for tests. */
  readonly page?: string;
}

type Steps = Readonly<Record<string, (step: LoginStep) => Promise<Reply>>>;

/** Steps by the protocol of the product's login. */
const STEPS: Readonly<Record<'oauth2' | 'cas3', Steps>> = {
  oauth2: { start: oauth.start, callback: oauth.callback, refresh: oauth.refresh, logout: oauth.logout },
  cas3: { start: cas.start, callback: cas.callback, refresh: cas.refresh, logout: cas.logout },
};

/** Milliseconds for a step: two calls of the identity centre and the seller's own code. */
const TIME_MS = 20_000;

/** Codes and tokens stand in addresses and cookies here: nothing is to be kept, passed on, or run. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
};

/** Signs the users of joint-operation products in: `GET /login/{product}/{step}`, see lib/login/oauth-flow.ts and cas-flow.ts. */
export function createLogin(deps: LoginDependencies) {
  const products = productsByPath(deps.products);
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { product: name = '', step = '' } = event.pathParameters ?? {};
    try {
      const { location, cookies } = await within(TIME_MS, 'the login', (signal) =>
        go(deps, products.get(name), event, step, signal),
      );
      deps.log.info('login', { product: name, step, status: 302 });
      return { statusCode: 302, headers: { ...HEADERS, Location: location }, cookies: [...cookies] };
    } catch (error) {
      return refused(deps.log, { product: name, step }, error);
    }
  };
}

async function go(
  deps: LoginDependencies,
  product: Product | undefined,
  event: APIGatewayProxyEventV2,
  stepName: string,
  signal: AbortSignal,
): Promise<Reply> {
  const settings = product?.login;
  const steps = STEPS[settings?.protocol ?? 'oauth2'];
  const step = Object.hasOwn(steps, stepName) ? steps[stepName] : undefined;
  if (product === undefined || settings === undefined || step === undefined) {
    throw new LoginError(404, 'There is nothing here.');
  }
  const hooks = product.seller.login; // its answer is a cookie, so it runs here even if all else is done by a server
  if (hooks === undefined) throw new Error(`The seller of product "${product.id}" has no login hooks.`);
  const isSecure = settings.callbackUrl.startsWith('https:');
  const { table, sealer, fetch, page } = deps;
  return step({
    ...{ table, sealer, product, settings, hooks, signal },
    cookies: closedCookies(await deps.secrets.login(), () => deps.clock(), isSecure),
    query: readQuery(event.rawQueryString),
    sent: event.cookies ?? [],
    now: deps.clock(),
    newState: () => randomBytes(20).toString('hex'), // letters and digits, as the documents ask
    ...(fetch === undefined ? {} : { fetch }),
    ...(page === undefined ? {} : { page }),
  });
}

/** Each name once: what is said twice says nothing. */
function readQuery(rawQueryString: string): Record<string, string | undefined> {
  const query = new URLSearchParams(rawQueryString);
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => [name, query.getAll(name).length === 1 ? (query.get(name) ?? '') : '']),
  );
}

function refused(
  log: Log,
  fields: { readonly product: string; readonly step: string },
  error: unknown,
): APIGatewayProxyStructuredResultV2 {
  const known = error instanceof LoginError;
  const status = known ? error.status : error instanceof TimeUp ? 502 : 500;
  if (known && status !== 502)
    log.info('login', { ...fields, status, reason: error.message, cause: String(error.cause ?? '') });
  else log.error('a login failed', known ? (error.cause ?? error) : error, { ...fields, status });
  return {
    statusCode: status,
    headers: { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' },
    body: known ? error.message : 'Something went wrong here; try again later.',
  };
}
