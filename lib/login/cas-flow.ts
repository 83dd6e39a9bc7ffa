/**
 * Signing in by CAS 3.0, step by step: the workbench sends the browser to `callback` with a ticket, or the seller's site
 * sends it to `start`; `refresh` asks for a new ticket, `logout` ends.
 *
 * A ticket counts only in a browser that a closed cookie shows to have asked for it here: anybody could make a browser
 * bring a ticket of theirs. One that comes from the workbench is therefore let lapse, and the login begun anew, where the
 * identity centre, which knows the user by now, gives another at once. A browser that keeps no cookies is told so, rather
 * than sent round for ever. The identity centre is that of the tenant's records; a request only says which tenant.
 */
import { casLoginPage, casLogoutPage, serviceOf, Ticket, validateTicket } from './cas.ts';
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

/** Seconds for which the tenant of a login is remembered, for `refresh` and `logout`. */
const REMEMBERED_SECONDS = 86_400;

/** To the identity centre of `?tenant=`, or of the tenant whose user was here last; `?returnTo=` as with OAuth. */
export async function start(step: LoginStep): Promise<Reply> {
  const { settings, query } = step;
  const tenantId = query.tenant ?? (await sessionOf(step)).tenantId;
  if (tenantId === undefined) {
    throw new LoginError(400, 'This address does not name your enterprise; open the application from your workbench.');
  }
  const started = await startedOf(step);
  if (query.again !== undefined && started === undefined) {
    throw new LoginError(
      400,
      'This browser keeps no cookies here, so nobody can sign in: allow them, or open the application in its own window.',
    );
  }
  const found = await applicationOf(step, read(TenantId, tenantId));
  const location = casLoginPage(found, serviceOf(settings.callbackUrl, tenantId));
  return { location, cookies: [await begun(step, tenantId)] };
}

/** From the identity centre with a `ticket`, or without one after a logout. @throws LoginError */
export async function callback(step: LoginStep): Promise<Reply> {
  const { settings, query } = step;
  if (query.ticket === undefined) return { location: new URL(settings.siteUrl).href, cookies: [] };
  const ticket = read(Ticket, query.ticket);
  const started = await startedOf(step);
  const tenantId = read(TenantId, query.tenant ?? started?.tenantId);
  if (started?.tenantId !== tenantId) {
    const again = new URL(startOf(step));
    again.search = new URLSearchParams({ tenant: tenantId, again: '1' }).toString();
    return { location: again.href, cookies: [await begun(step, tenantId)] };
  }
  return signIn(step, { tenantId, ticket, returnTo: started.returnTo });
}

/** A new ticket for the tenant of before, or without one to the beginning. */
export async function refresh(step: LoginStep): Promise<Reply> {
  const { tenantId } = await sessionOf(step);
  const location = new URL(startOf(step));
  if (tenantId !== undefined) location.searchParams.set('tenant', tenantId);
  return { location: location.href, cookies: [] };
}

/** Ends the seller's session, then the identity centre's; it sends the browser back to the callback, which knows the site. */
export async function logout(step: LoginStep): Promise<Reply> {
  const { settings, hooks, cookies } = step;
  const cleared = [SESSION, STATE].map((name) => cookies.clear(name, pathOf(step)));
  const { tenantId } = await sessionOf(step);
  const found = tenantId === undefined ? undefined : await applicationOf(step, tenantId).catch(() => undefined);
  if (found === undefined) return { location: new URL(wanted(step), settings.siteUrl).href, cookies: cleared };
  const ended = await hooks.signedOut?.({ binding: toldBinding(found), appId: settings.appId }, contextOf(step));
  const location = casLogoutPage(found, serviceOf(settings.callbackUrl, found.binding.tenantId));
  return { location, cookies: [...cleared, ...(ended?.cookies ?? [])] };
}

async function signIn(
  step: LoginStep,
  { tenantId, ticket, returnTo }: { readonly tenantId: string; readonly ticket: string; readonly returnTo: string },
): Promise<Reply> {
  const { settings, hooks, product, cookies, now, signal, fetch } = step;
  const enter = hooks.signedInByTicket;
  if (enter === undefined) throw new Error(`The seller of product "${product.id}" has no hook signedInByTicket.`);
  const found = await applicationOf(step, tenantId);
  const service = serviceOf(settings.callbackUrl, tenantId);
  const { user, tenantId: told } = await validateTicket(found, { service, ticket }, { now, signal, fetch });
  if (told !== tenantId) throw new LoginError(403, 'You belong to another tenant.');
  const login = { binding: toldBinding(found), appId: settings.appId, user, returnTo };
  const answer = await enter.call(hooks, login, contextOf(step));
  if ('turnedAway' in answer) throw new LoginError(403, answer.turnedAway.reason);
  return {
    location: destination(step, answer.location ?? returnTo),
    cookies: [
      await cookies.set(SESSION, { tenantId }, REMEMBERED_SECONDS, pathOf(step)),
      cookies.clear(STATE, pathOf(step)),
      ...(answer.cookies ?? []),
    ],
  };
}

/** `Set-Cookie` that shows that this browser has begun. */
async function begun(step: LoginStep, tenantId: string): Promise<string> {
  const value = { state: step.newState(), returnTo: wanted(step), tenantId };
  return step.cookies.set(STATE, value, PATIENCE_SECONDS, pathOf(step));
}
