import * as v from 'valibot';
import { exchange } from '../http.ts';
import type { LoginUser } from '../seller/login-contract.ts';
import { readCasAnswer } from './cas-answer.ts';
import { address, type CentreOptions, type IdentityCentre, LIMIT_BYTES, TIMEOUT_MS } from './identity-centre.ts';
import { LoginError } from './login-error.ts';

/**
 * The CAS 3.0 calls of a tenant's identity centre, with which the workbench opens applications.
 * Source: https://support.huaweicloud.com/api-oneaccess/ValidateServiceCAS30.html, …/AuthorizeCASLogin.html
 */

type Domain = Pick<IdentityCentre, 'domainName'>;

/** Characters of a service that the identity centre takes. */
const MOST_SERVICE = 1_024;

/** Shape of a ticket; it is good once. */
export const Ticket = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,128}$/));

/**
 * Names the service that tickets are asked and validated for: the callback with the tenant, whose identity centre could
 * not be found without.
 */
export function serviceOf(callbackUrl: string, tenantId: string): string {
  const url = new URL(callbackUrl);
  url.searchParams.set('tenant', tenantId);
  if (url.href.length <= MOST_SERVICE) return url.href;
  throw new LoginError(400, 'This address is too long for the identity centre; sign in anew.');
}

/** Address at which the identity centre signs users in, and sends them back with a ticket. */
export function casLoginPage(centre: Domain, service: string): string {
  return withQuery(address(centre, 'api/v1/cas/login'), { service }).href;
}

/** Address at which the identity centre ends its own session, and sends back without a ticket. */
export function casLogoutPage(centre: Domain, service: string): string {
  return withQuery(address(centre, 'api/v1/cas/logout'), { service }).href;
}

/**
 * Asks the identity centre whom a ticket belongs to. Neither the ticket nor the answer is repeated in errors.
 * @throws LoginError 401 if it does not hold
 */
export async function validateTicket(
  centre: Domain,
  { service, ticket }: { readonly service: string; readonly ticket: string },
  { signal, fetch }: CentreOptions,
): Promise<{ readonly user: LoginUser; readonly tenantId: string }> {
  const url = withQuery(address(centre, 'api/v1/cas/p3/serviceValidate'), { service, ticket, format: 'XML' });
  const headers = { accept: 'application/xml, application/json' };
  const { status, text = '' } = await exchange({
    ...{ method: 'GET', url, headers, signal, fetch, timeout: TIMEOUT_MS, limit: LIMIT_BYTES },
  }).catch((cause) => {
    throw new LoginError(502, 'The identity centre gives no answer; try again later.', { cause });
  });
  const answer = readCasAnswer(text);
  if (answer !== undefined && 'failure' in answer) {
    const cause = new Error(
      `The ticket was refused with ${answer.failure}: is ${service} the callback that the application has registered?`,
    );
    throw new LoginError(401, 'The identity centre does not accept this login; sign in anew.', { cause });
  }
  const { userName, tenant, ...rest } = Object.fromEntries(answer?.attributes ?? []);
  if (status === 200 && userName && tenant) return { user: { userName, ...known(rest) }, tenantId: tenant };
  const cause = new Error(
    answer === undefined
      ? `The ticket was answered HTTP ${status}, with a body that is not as documented.`
      : 'The answer to the ticket names no userName or no tenant: have the application released them as attributes?',
  );
  throw new LoginError(502, 'The identity centre gives no usable answer; try again later.', { cause });
}

function known({ name, email, mobile, role, organizationCode }: Readonly<Record<string, string>>) {
  const members = { name, email, mobile, role, organizationCode };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== ''));
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
