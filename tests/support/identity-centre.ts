import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Listener, listen } from './listen.ts';

/** One user of a tenant. */
export interface CentreUser {
  readonly userName: string;
  readonly name?: string;
  readonly role?: string;
}

/** An identity centre as the documents describe it, for one tenant and one client. */
export interface IdentityCentreStandIn {
  readonly url: string;
  readonly calls: { readonly path: string; readonly form: Readonly<Record<string, string>> }[];
  /** Replace to have the token or userinfo request answered otherwise. */
  answer: { current?: (path: string) => { readonly status: number; readonly body: string } | undefined };
  /** What the tenant is called in userinfo; undefined leaves it out. */
  tenant: { id: string | undefined };
  /** Whether tokens come with a refresh token. */
  gives: { refreshToken: boolean };
  /** Signs a user in and gives the code for the callback. */
  signIn(user: CentreUser): string;
  close(): Promise<void>;
}

export async function startIdentityCentre(
  client: { readonly clientId: string; readonly clientSecret: string },
  tenantId: string,
): Promise<IdentityCentreStandIn> {
  const codes = new Map<string, CentreUser>();
  const access = new Map<string, CentreUser>();
  const refresh = new Map<string, CentreUser>();
  const calls: IdentityCentreStandIn['calls'] = [];
  const answer: IdentityCentreStandIn['answer'] = {};
  const tenant: IdentityCentreStandIn['tenant'] = { id: tenantId };
  const gives = { refreshToken: true };

  const send = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const giveTokens = (response: ServerResponse, user: CentreUser) => {
    const [token, again] = [`a+/${randomUUID()}`, `r-${randomUUID()}`];
    access.set(token, user);
    refresh.set(again, user);
    const tokens = { access_token: token, token_type: 'Bearer', expires_in: 7_200, scope: 'get_user_info' };
    send(response, 200, gives.refreshToken ? { ...tokens, refresh_token: again } : tokens);
  };

  const token = (response: ServerResponse, form: Readonly<Record<string, string>>) => {
    const isClient = form.client_id === client.clientId && form.client_secret === client.clientSecret;
    if (!isClient) return send(response, 400, { error: 'invalid_client', error_description: 'Bad client credentials' });
    const store = form.grant_type === 'refresh_token' ? refresh : codes;
    const key = (form.grant_type === 'refresh_token' ? form.refresh_token : form.code) ?? '';
    const user = store.get(key);
    store.delete(key); // good once
    if (user === undefined) return send(response, 400, { error: 'invalid_grant' });
    return giveTokens(response, user);
  };

  const userinfo = (request: IncomingMessage, response: ServerResponse) => {
    const user = access.get(String(request.headers.authorization).replace(/^Bearer /, ''));
    if (user === undefined) return send(response, 401, { error: 'unauthorized' });
    const members = { ...user, id: 7, userId: 'u-7', projectName: 'Acme Ltd', email: null };
    return send(response, 200, tenant.id === undefined ? members : { ...members, tenant: tenant.id });
  };

  const server: Listener = await listen((request, body, response) => {
    const path = request.url ?? '';
    const form = Object.fromEntries(new URLSearchParams(body));
    calls.push({ path, form });
    const other = answer.current?.(path);
    if (other !== undefined) return void response.writeHead(other.status, { location: '/' }).end(other.body);
    if (path === '/api/v1/oauth2/token' && request.method === 'POST') return void token(response, form);
    if (path === '/api/v1/oauth2/userinfo' && request.method === 'GET') return void userinfo(request, response);
    send(response, 404, {});
  });
  return {
    url: server.url,
    calls,
    answer,
    tenant,
    gives,
    signIn: (user) => {
      const code = `c+/${randomUUID()}`;
      codes.set(code, user);
      return code;
    },
    close: async () => void (await server.close()),
  };
}
