import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** A user who is signed in at the workbench. */
export interface WorkbenchUser {
  readonly userName: string;
  readonly name: string;
  readonly role: 'user' | 'admin';
  readonly organizationCode: string;
}

/** Settings of a tenant's identity centre. */
export interface CasSettings {
  readonly tenant: string;
  /** Callback that the application has registered: services begin with it. */
  readonly callbackUrl: string;
  /** Unix milliseconds. */
  readonly clock?: () => number;
}

/** A tenant's identity centre that speaks CAS 3.0, on loopback. */
export interface CasStandIn {
  readonly url: string;
  /** Paths with queries, in the order of the calls. */
  readonly calls: readonly string[];
  /** Answers ticket validations in place of the centre's own answer, while it is set. */
  answer: { current?: { readonly status: number; readonly body: string } | undefined };
  /** Form of the answers; that which is asked for unless told. */
  form: { current?: 'XML' | 'JSON' | undefined };
  /** Gives the address to which the workbench sends a user's browser who clicks the application. */
  open(user: WorkbenchUser, service: string): string;
  /** Follows a redirect to the login page, for a browser whose user is signed in. @returns the next address */
  signIn(user: WorkbenchUser, loginPage: string): Promise<string>;
  stop(): Promise<void>;
}

/** Milliseconds for which a ticket holds; no page states it. */
const TICKET_MS = 10_000;

/** Members of an answer in the order of the documented example. */
const attributesOf = (tenant: string, { userName, name, role, organizationCode }: WorkbenchUser) => ({
  ...{ userName, name, tenant, role, organizationCode },
  authenticationDate: '2026-01-01T00:00:00Z',
  isFromNewLogin: 'false',
});

/** Starts an identity centre as the documents describe it: tickets are for one service, once, and for a short while. */
export async function startCas({ tenant, callbackUrl, clock = Date.now }: CasSettings): Promise<CasStandIn> {
  const tickets = new Map<string, { readonly user: WorkbenchUser; readonly service: string; readonly until: number }>();
  const calls: string[] = [];
  const answer: CasStandIn['answer'] = {};
  const form: CasStandIn['form'] = {};
  const arriving = new Map<string, WorkbenchUser>();

  const open = (user: WorkbenchUser, service: string): string => {
    const ticket = `ST-${randomUUID()}`;
    tickets.set(ticket, { user, service, until: clock() + TICKET_MS });
    return `${service}${service.includes('?') ? '&' : '?'}ticket=${ticket}`;
  };

  const validate = (query: URLSearchParams): WorkbenchUser | string => {
    const [service, ticket] = [query.get('service'), query.get('ticket')];
    if (!service || !ticket) return 'INVALID_REQUEST';
    const known = tickets.get(ticket);
    tickets.delete(ticket); // good once, whatever comes of it
    if (known === undefined || known.until < clock()) return 'INVALID_TICKET';
    return known.service === service ? known.user : 'INVALID_SERVICE';
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://centre');
    const query = url.searchParams;
    calls.push(`${url.pathname}${url.search}`);
    const service = query.get('service') ?? '';
    const user = arriving.get(String(request.headers.cookie));
    if (url.pathname === '/api/v1/cas/login') {
      const isKnown = service.split('?')[0] === callbackUrl && user !== undefined;
      return void redirect(response, isKnown ? open(user, service) : undefined);
    }
    if (url.pathname === '/api/v1/cas/logout') return void redirect(response, service || undefined);
    if (url.pathname !== '/api/v1/cas/p3/serviceValidate') return void response.writeHead(404).end();
    if (answer.current !== undefined) {
      const { status, body } = answer.current;
      return void response.writeHead(status, { location: '/elsewhere' }).end(body);
    }
    const asked = form.current ?? (query.get('format') === 'JSON' ? 'JSON' : 'XML');
    const found = validate(query);
    const write = asked === 'JSON' ? jsonOf : xmlOf;
    const body = write(typeof found === 'string' ? found : { user: found, attributes: attributesOf(tenant, found) });
    response.writeHead(200, { 'content-type': `application/${asked.toLowerCase()}` }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The identity centre got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    ...{ calls, answer, form, open },
    async signIn(user, loginPage) {
      const cookie = `TGC=${randomUUID()}`;
      arriving.set(cookie, user);
      const response = await fetch(loginPage, { redirect: 'manual', headers: { cookie } });
      arriving.delete(cookie);
      return response.headers.get('location') ?? `HTTP ${response.status}`;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Found = string | { readonly user: WorkbenchUser; readonly attributes: Readonly<Record<string, string>> };

function redirect(response: ServerResponse, location: string | undefined): void {
  if (location === undefined) response.writeHead(400).end('the service is not registered, or nobody is signed in');
  else response.writeHead(302, { location }).end();
}

/** Writes an answer as the documented example is written. */
function xmlOf(found: Found): string {
  const inner =
    typeof found === 'string'
      ? `<cas:authenticationFailure code="${found}">demo text</cas:authenticationFailure>`
      : `<cas:authenticationSuccess>\n<cas:user>${escaped(found.user.userName)}</cas:user>\n<cas:attributes>\n${Object.entries(
          found.attributes,
        )
          .map(([name, value]) => `<cas:${name}>${escaped(value)}</cas:${name}>`)
          .join('\n')}\n</cas:attributes>\n</cas:authenticationSuccess>`;
  return `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inner}</cas:serviceResponse>\n`;
}

/** Writes an answer as the CAS standard has it: values are lists. */
function jsonOf(found: Found): string {
  const inner =
    typeof found === 'string'
      ? { authenticationFailure: { code: found, description: 'demo text' } }
      : {
          authenticationSuccess: {
            user: found.user.userName,
            attributes: Object.fromEntries(Object.entries(found.attributes).map(([name, value]) => [name, [value]])),
          },
        };
  return JSON.stringify({ serviceResponse: inner });
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
