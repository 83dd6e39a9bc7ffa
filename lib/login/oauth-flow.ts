/**
 * Signing in by OAuth 2.0, step by step: `start` sends the browser to the identity centre, `callback` takes it back with a code and
 * makes it a session of the seller's, `refresh` renews, `logout` ends.
 *
 * Two cookies travel along, both closed to the browser. One binds the callback to the browser that started: the unified
 * login page returns nothing but `code` and `tenant`, so the cookie alone shows that this browser asked. The tenant's own
 * page also returns `state`, which then must be the cookie's. The other keeps tenant and refresh token for later. Domain,
 * client id and client secret are never settings: they come from the tenant's records, as the marketplace has sent them.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649442.html
 */
import * as v from 'valibot';
import type { Tokens } from '../seller/login-contract.ts';
import { type FoundApplication, findApplication } from '../tenants/find-application.ts';
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
import {
  applicationOf,
  contextOf,
  destination,
  type LoginStep,
  PATIENCE_SECONDS,
  pathOf,
  type Reply,
  read,
  SESSION,
  STATE,
  sessionOf,
  startedOf,
  startOf,
  TenantId,
  toldBinding,
  wanted,
} from './step.ts';

/** Seconds that a refresh token lives at most. */
const REFRESHABLE_SECONDS = 30 * 86_400;

const Code = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,2048}$/));

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
  const { query } = step;
  const started = await startedOf(step);
  if (started === undefined) throw new LoginError(400, 'This login was not begun here, or too long ago; sign in anew.');
  const { state, returnTo, tenantId: asked } = started;
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
  step: LoginStep,
  tenantId: string,
): Promise<{ readonly found: FoundApplication; readonly centre: IdentityCentre }> {
  const found = await applicationOf(step, tenantId);
  const clientSecret = v.parse(v.string(), await step.sealer.open('kit', found.clientSecret, found.at));
  return { found, centre: { domainName: found.domainName, clientId: found.clientId, clientSecret } };
}

function optionsOf({ now, signal, fetch }: LoginStep): CentreOptions {
  return { now, signal, fetch };
}
