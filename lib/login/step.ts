/** Parts that the steps of both protocols share: their input, their two cookies, and where they may send a browser. */
import * as v from 'valibot';
import type { Product } from '../config/products.ts';
import { checkedUrl } from '../http.ts';
import type { Sealer } from '../sealing/sealer.ts';
import type { LoginContext, LoginHooks } from '../seller/login-contract.ts';
import type { Table } from '../table/table.ts';
import { type FoundApplication, findApplication } from '../tenants/find-application.ts';
import type { ClosedCookies } from './closed-cookie.ts';
import { LoginError } from './login-error.ts';
import { returnPath } from './return-path.ts';

/** Dependencies and input of a step. */
export interface LoginStep {
  readonly table: Table;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly product: Product;
  readonly settings: NonNullable<Product['login']>;
  readonly hooks: LoginHooks;
  readonly cookies: ClosedCookies;
  /** The request's query, and its cookies as `name=value`. */
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly sent: readonly string[];
  readonly now: number;
  readonly signal: AbortSignal;
  newState(): string;
  readonly fetch?: typeof fetch;
  /** Another unified login page, for tests. */
  readonly page?: string;
}

/** Redirect of the browser, and the cookies that it is to keep. */
export interface Reply {
  readonly location: string;
  readonly cookies: readonly string[];
}

/** Names of the cookies: of a login that has begun, and of one that has succeeded. */
export const STATE = 'koogate_state';
export const SESSION = 'koogate_login';
/** Seconds to sign in. */
export const PATIENCE_SECONDS = 600;

const StateCookie = v.object({ state: v.string(), returnTo: v.string(), tenantId: v.optional(v.string()) });
const SessionCookie = v.object({ tenantId: v.string(), refreshToken: v.optional(v.string()) });
export const TenantId = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,256}$/));

/** Login that this browser has begun, or nothing. */
export async function startedOf({ cookies, sent }: LoginStep): Promise<v.InferOutput<typeof StateCookie> | undefined> {
  const started = v.safeParse(StateCookie, await cookies.read(STATE, sent));
  return started.success ? started.output : undefined;
}

/** Application of a tenant. @throws LoginError 404 */
export async function applicationOf(
  { table, product, settings, signal }: LoginStep,
  tenantId: string,
): Promise<FoundApplication> {
  const found = await findApplication(table, { product: product.id, tenantId }, settings.appId, { signal });
  if (found === undefined) throw new LoginError(404, 'Your enterprise does not use this application.');
  return found;
}

/** Session that this browser has, or nothing. */
export async function sessionOf({ cookies, sent }: LoginStep): Promise<Partial<v.InferOutput<typeof SessionCookie>>> {
  const session = v.safeParse(SessionCookie, await cookies.read(SESSION, sent));
  return session.success ? session.output : {};
}

/** Finds the place where the request wants to end: on the seller's site, whatever it asks for. */
export function wanted({ query, settings }: LoginStep): string {
  const site = new URL(settings.siteUrl);
  return returnPath(query.returnTo, site) ?? site.pathname;
}

/** The seller's own code may send the browser elsewhere. */
export function destination({ settings }: LoginStep, location: string): string {
  return checkedUrl(new URL(location, settings.siteUrl).href, 'The location that signedIn has answered').href;
}

/** Address of the first step. */
export function startOf({ settings, query }: LoginStep): string {
  const url = new URL('start', settings.callbackUrl);
  if (query.returnTo !== undefined) url.searchParams.set('returnTo', query.returnTo);
  return url.href;
}

/** The cookies belong to the steps alone, which lie beside the callback. */
export function pathOf({ settings }: LoginStep): string {
  return new URL('.', settings.callbackUrl).pathname;
}

/** Names the binding as the seller's code is told it. */
export function toldBinding({ binding: { product, tenantId, instanceId } }: FoundApplication) {
  return { product, tenantId, ...(instanceId === '' ? {} : { instanceId }) };
}

/** Context of the seller's hooks. */
export function contextOf({ signal, now, sent }: LoginStep): LoginContext {
  return { signal, now: new Date(now), cookies: sent };
}

/** @throws LoginError 400 */
export function read<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new LoginError(400, 'This address is not complete; sign in anew.');
}
