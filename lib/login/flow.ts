/**
 * Signing in, step by step: `start` sends the browser to the identity centre, `callback` takes it back with a code and
 * makes it a session of the seller's, `refresh` renews, `logout` ends.
 *
 * Two cookies travel along, both closed to the browser. One binds the callback to the browser that started: the unified
 * login page returns nothing but `code` and `tenant`, so the cookie alone shows that this browser asked. The tenant's own
 * page also returns `state`, which then must be the cookie's. The other keeps tenant and refresh token for later. Domain,
 * client id and client secret are never settings: they come from the tenant's records, as the marketplace has sent them.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649442.html
 */
import * as v from 'valibot';
import type { Product } from '../config/products.ts';
import { checkedUrl } from '../http.ts';
import type { Sealer } from '../sealing/sealer.ts';
import type { LoginContext, LoginHooks, Tokens } from '../seller/login-contract.ts';
import type { Table } from '../table/table.ts';
import { type FoundApplication, findApplication } from '../tenants/find-application.ts';
import type { ClosedCookies } from './closed-cookie.ts';
import {
  authorizePage,
  type CentreOptions,
  exchangeCode,
  type IdentityCentre,
  loginPage,
  logoutPage,
  readUser,
  refreshTokens,
} from './identity-centre.ts';
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

const STATE = 'koogate_state';
const SESSION = 'koogate_login';
/** Seconds to sign in, and seconds that a refresh token lives at most. */
const PATIENCE_SECONDS = 600;
const REFRESHABLE_SECONDS = 30 * 86_400;

const StateCookie = v.object({ state: v.string(), returnTo: v.string(), tenantId: v.optional(v.string()) });
const SessionCookie = v.object({ tenantId: v.string(), refreshToken: v.optional(v.string()) });
const Code = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,2048}$/));
const TenantId = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,256}$/));

/** To the unified login page, or with `?tenant=` to the tenant's own; `?returnTo=` is a path of the seller's site. */
export async function start(step: LoginStep): Promise<Reply> {
  const { settings, cookies, query } = step;
  const state = step.newState();
  const tenantId = query.tenant;
  const location =
    tenantId === undefined
      ? loginPage(settings.appId, step.page)
      : authorizePage((await find(step, read(TenantId, tenantId))).centre, settings.callbackUrl, state);
  const value = { state, returnTo: wanted(step), ...(tenantId === undefined ? {} : { tenantId }) };
  return { location, cookies: [await cookies.set(STATE, value, PATIENCE_SECONDS, pathOf(step))] };
}

/** From the identity centre: `code`, `tenant`, and `state` where it is returned. @throws LoginError */
export async function callback(step: LoginStep): Promise<Reply> {
  const { query, cookies } = step;
  const started = v.safeParse(StateCookie, await cookies.read(STATE, step.sent));
  if (!started.success) throw new LoginError(400, 'This login was not begun here, or too long ago; sign in anew.');
  const { state, returnTo, tenantId: asked } = started.output;
  if (query.state === undefined ? asked !== undefined : query.state !== state) {
    throw new LoginError(400, 'This login was begun elsewhere; sign in anew.');
  }
  if (query.error !== undefined) throw new LoginError(403, 'The identity centre has not let you in.');
  const tenantId = read(TenantId, query.tenant ?? asked);
  if (asked !== undefined && asked !== tenantId) throw new LoginError(400, 'This login is for another tenant.');
  const code = read(Code, query.code);
  const { centre, found } = await find(step, tenantId);
  const tokens = await exchangeCode(centre, code, step.settings.callbackUrl, optionsOf(step));
  return signIn(step, found, centre, tokens, returnTo, false);
}

/** New tokens and a new session; if that is not possible, to the beginning. */
export async function refresh(step: LoginStep): Promise<Reply> {
  const again = { location: startOf(step), cookies: [step.cookies.clear(SESSION, pathOf(step))] };
  const { tenantId, refreshToken } = await sessionOf(step);
  if (tenantId === undefined || refreshToken === undefined) return again;
  try {
    const { centre, found } = await find(step, tenantId);
    const tokens = await refreshTokens(centre, refreshToken, optionsOf(step));
    return await signIn(step, found, centre, { refreshToken, ...tokens }, wanted(step), true);
  } catch (error) {
    if (error instanceof LoginError && (error.status === 401 || error.status === 404)) return again;
    throw error;
  }
}

/** Ends the seller's session, then the identity centre's; it sends the browser back to the seller's site. */
export async function logout(step: LoginStep): Promise<Reply> {
  const { settings, hooks, product, cookies } = step;
  const site = new URL(wanted(step), settings.siteUrl).href;
  const cleared = [SESSION, STATE].map((name) => cookies.clear(name, pathOf(step)));
  const { tenantId } = await sessionOf(step);
  const found = tenantId && (await findApplication(step.table, { product: product.id, tenantId }, settings.appId));
  if (!found) return { location: site, cookies: cleared };
  const ended = await hooks.signedOut?.({ binding: toldBinding(found), appId: settings.appId }, contextOf(step));
  return { location: logoutPage(found, site), cookies: [...cleared, ...(ended?.cookies ?? [])] };
}

async function signIn(
  step: LoginStep,
  found: FoundApplication,
  centre: IdentityCentre,
  tokens: Tokens,
  returnTo: string,
  isRenewal: boolean,
): Promise<Reply> {
  const { settings, hooks, cookies, now } = step;
  const { tenantId } = found.binding;
  const { user, tenantId: told } = await readUser(centre, tokens.accessToken, optionsOf(step));
  if (told !== undefined && told !== tenantId) throw new LoginError(403, 'You belong to another tenant.');
  const login = { binding: toldBinding(found), appId: settings.appId, user, tokens, returnTo, isRenewal };
  const answer = await hooks.signedIn(login, contextOf(step));
  if ('turnedAway' in answer) throw new LoginError(403, answer.turnedAway.reason);
  const { refreshToken } = tokens;
  const kept = { tenantId, ...(refreshToken === undefined ? {} : { refreshToken }) };
  const seconds =
    refreshToken === undefined ? Math.ceil((tokens.expiresAt.getTime() - now) / 1_000) : REFRESHABLE_SECONDS;
  return {
    location: destination(step, answer.location ?? returnTo),
    cookies: [
      await cookies.set(SESSION, kept, seconds, pathOf(step)),
      cookies.clear(STATE, pathOf(step)),
      ...(answer.cookies ?? []),
    ],
  };
}

async function find(
  { table, sealer, product, settings, signal }: LoginStep,
  tenantId: string,
): Promise<{ readonly found: FoundApplication; readonly centre: IdentityCentre }> {
  const found = await findApplication(table, { product: product.id, tenantId }, settings.appId, { signal });
  if (found === undefined) throw new LoginError(404, 'Your enterprise does not use this application.');
  const clientSecret = v.parse(v.string(), await sealer.open('kit', found.clientSecret, found.at));
  return { found, centre: { domainName: found.domainName, clientId: found.clientId, clientSecret } };
}

async function sessionOf({ cookies, sent }: LoginStep): Promise<Partial<v.InferOutput<typeof SessionCookie>>> {
  const session = v.safeParse(SessionCookie, await cookies.read(SESSION, sent));
  return session.success ? session.output : {};
}

/** Finds the place where the request wants to end: on the seller's site, whatever it asks for. */
function wanted({ query, settings }: LoginStep): string {
  const site = new URL(settings.siteUrl);
  return returnPath(query.returnTo, site) ?? site.pathname;
}

/** The seller's own code may send the browser elsewhere. */
function destination({ settings }: LoginStep, location: string): string {
  return checkedUrl(new URL(location, settings.siteUrl).href, 'The location that signedIn has answered').href;
}

function startOf({ settings, query }: LoginStep): string {
  const url = new URL('start', settings.callbackUrl);
  if (query.returnTo !== undefined) url.searchParams.set('returnTo', query.returnTo);
  return url.href;
}

/** The cookies belong to the steps alone, which lie beside the callback. */
function pathOf({ settings }: LoginStep): string {
  return new URL('.', settings.callbackUrl).pathname;
}

function toldBinding({ binding: { product, tenantId, instanceId } }: FoundApplication) {
  return { product, tenantId, ...(instanceId === '' ? {} : { instanceId }) };
}

function contextOf({ signal, now, sent }: LoginStep): LoginContext {
  return { signal, now: new Date(now), cookies: sent };
}

function optionsOf({ now, signal, fetch }: LoginStep): CentreOptions {
  return { now, signal, fetch };
}

function read<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new LoginError(400, 'This address is not complete; sign in anew.');
}
