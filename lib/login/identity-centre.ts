import * as v from 'valibot';
import { checkedUrl, exchange } from '../http.ts';
import type { LoginUser, Tokens } from '../seller/login-contract.ts';
import { LoginError } from './login-error.ts';

/**
 * The OAuth 2.0 calls of a tenant's identity centre. It has no metadata document, no key set and no id token, and each
 * tenant has one of its own, so that the OAuth libraries, which begin with an issuer, have nothing to begin with.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649448.html (token), …449 (refresh),
 * …450 (userinfo), …145 (logout), …141 (unified login page)
 */

/** A tenant's identity centre, and the client that an application is there. */
export interface IdentityCentre {
  /** Base address; https, or http on loopback. */
  readonly domainName: string;
  readonly clientId: string;
  /** In the clear. */
  readonly clientSecret: string;
}

export interface CentreOptions {
  readonly now: number;
  readonly signal?: AbortSignal;
  readonly fetch?: typeof fetch | undefined;
}

/** The marketplace's page on which users of every tenant sign in. */
export const UNIFIED_LOGIN = 'https://macroverse.huaweicloud.com/unified-login/#/portal-login';

/** Milliseconds for one call. */
export const TIMEOUT_MS = 5_000;
/** Bytes of an answer that are read. */
export const LIMIT_BYTES = 64 * 1024;
/** Seconds an access token lives where the answer does not say. */
const LIFETIME_SECONDS = 7_200;

const token = v.pipe(v.string(), v.minLength(1), v.maxLength(8_192));
const seconds = v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]), v.minValue(0));

const TokenAnswer = v.object({
  access_token: token,
  token_type: v.optional(v.pipe(v.string(), v.regex(/^bearer$/i)), 'Bearer'),
  expires_in: v.optional(seconds, LIFETIME_SECONDS),
  refresh_token: v.nullish(v.string()),
});

const text = v.nullish(v.pipe(v.union([v.string(), v.number()]), v.transform(String)));
const UserAnswer = v.object({
  userName: v.pipe(v.string(), v.minLength(1)),
  ...{ id: text, userId: text, name: text, email: text, mobile: text, role: text },
  ...{ organizationName: text, organizationCode: text, projectName: text, tenant: text },
});

/** Address of the unified login page for an application. @param page another page, for tests */
export function loginPage(appId: string, page: string = UNIFIED_LOGIN): string {
  return `${page}?ind=UNOP&appId=${encodeURIComponent(appId)}`;
}

/** Address at which a tenant's own identity centre signs users in, and gives `state` back. */
export function authorizePage(centre: IdentityCentre, redirectUri: string, state: string): string {
  const url = address(centre, 'api/v1/oauth2/authorize');
  const asked = {
    client_id: centre.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'get_user_info',
    state,
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

/** Address at which the identity centre ends its own session. */
export function logoutPage(centre: Pick<IdentityCentre, 'domainName'>, redirectUrl: string): string {
  const url = address(centre, 'api/v1/logout');
  url.searchParams.set('redirect_url', redirectUrl);
  return url.href;
}

/** Changes the code of a callback, which is good once, for tokens. @throws LoginError */
export function exchangeCode(
  centre: IdentityCentre,
  code: string,
  redirectUri: string,
  options: CentreOptions,
): Promise<Tokens> {
  return askTokens(centre, { grant_type: 'authorization_code', code, redirect_uri: redirectUri }, options);
}

/** New tokens for a refresh token; the old one may be good no more. @throws LoginError 401 if it is not accepted */
export function refreshTokens(centre: IdentityCentre, refreshToken: string, options: CentreOptions): Promise<Tokens> {
  return askTokens(centre, { grant_type: 'refresh_token', refresh_token: refreshToken }, options);
}

/** Reads which user the tokens belong to, and in which tenant. @throws LoginError */
export async function readUser(
  centre: IdentityCentre,
  accessToken: string,
  options: CentreOptions,
): Promise<{ readonly user: LoginUser; readonly tenantId: string | undefined }> {
  const answer = await ask(centre, 'api/v1/oauth2/userinfo', UserAnswer, options, {
    method: 'GET',
    headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
  });
  const { tenant, projectName, id, ...rest } = answer;
  const userId = answer.userId ?? id;
  const members = { ...rest, userId, tenantName: projectName };
  const user = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));
  return { user: { ...user, userName: answer.userName }, tenantId: tenant ?? undefined };
}

async function askTokens(
  centre: IdentityCentre,
  grant: Readonly<Record<string, string>>,
  options: CentreOptions,
): Promise<Tokens> {
  const { clientId, clientSecret } = centre;
  const answer = await ask(centre, 'api/v1/oauth2/token', TokenAnswer, options, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...grant }).toString(),
  });
  return {
    accessToken: answer.access_token,
    expiresAt: new Date(options.now + answer.expires_in * 1_000),
    ...(answer.refresh_token ? { refreshToken: answer.refresh_token } : {}),
  };
}

/** Neither what was sent nor what came back is repeated in errors: both hold secrets. */
async function ask<S extends v.GenericSchema>(
  centre: IdentityCentre,
  path: string,
  schema: S,
  { signal, fetch }: CentreOptions,
  request: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
): Promise<v.InferOutput<S>> {
  const url = address(centre, path);
  const answer = await exchange({ ...request, url, signal, fetch, timeout: TIMEOUT_MS, limit: LIMIT_BYTES }).catch(
    (cause) => {
      throw new LoginError(502, 'The identity centre gives no answer; try again later.', { cause });
    },
  );
  if (answer.status >= 400 && answer.status < 500) {
    const cause = new Error(
      `${path} was answered HTTP ${answer.status}: are domain, client and secret those of the tenant?`,
    );
    throw new LoginError(401, 'The identity centre does not accept this login; sign in anew.', { cause });
  }
  const result = v.safeParse(schema, parse(answer.text));
  if (answer.status === 200 && result.success) return result.output;
  const cause = new Error(`${path} was answered HTTP ${answer.status}, with a body that is not as documented.`);
  throw new LoginError(502, 'The identity centre gives no usable answer; try again later.', { cause });
}

/** Address below a tenant's domain. @throws LoginError unless the domain is https, or on this very machine */
export function address({ domainName }: Pick<IdentityCentre, 'domainName'>, path: string): URL {
  try {
    const base = checkedUrl(domainName, "The domain of the tenant's identity centre");
    return new URL(path, base.href.replace(/[?#].*$/, '').replace(/\/*$/, '/'));
  } catch (cause) {
    throw new LoginError(502, "The tenant's identity centre has no usable address.", { cause });
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
