import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createLogin } from '../../handlers/create-login.ts';
import type { LoginHooks, TicketLogin } from '../../lib/seller/login-contract.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type CasStandIn, startCas, type WorkbenchUser } from '../../scripts/marketplace/stand-in/cas.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { encryptSecret, kitSender } from '../support/kit.ts';

const HOST = 'https://login.seller.example.com/login/kit';
const CALLBACK = `${HOST}/callback`;
const SITE = 'https://app.seller.example.com/home';
const SERVICE = `${CALLBACK}?tenant=t-1`;
const JDOE: WorkbenchUser = { userName: 'jdoe', name: 'J. & D. 你', role: 'admin', organizationCode: 'org-1' };

let installation: Installation;
let centre: CasStandIn;
let login: ReturnType<typeof createLogin>;
const seen: TicketLogin[] = [];
const out: string[] = [];
const left: { current: { cookies: string[] } | undefined } = { current: { cookies: ['seller_session=; Max-Age=0'] } };
const hook: { current: NonNullable<LoginHooks['signedInByTicket']> } = { current: async () => ({}) };

beforeAll(async () => {
  const hooks: LoginHooks = {
    signedIn: async () => ({ turnedAway: { reason: 'not for tickets' } }),
    signedInByTicket: async (given, context) => {
      seen.push(given);
      return hook.current(given, context);
    },
    signedOut: async ({ binding }) => {
      out.push(binding.tenantId);
      return left.current;
    },
  };
  const families = ['saas-v2', 'kit-v2'] as const;
  const settings = { protocol: 'cas3', appId: 'app-1', callbackUrl: CALLBACK, siteUrl: SITE } as const;
  installation = await startInstallation({
    kit: { seller: { ...demoSeller, login: hooks }, families, login: settings },
    oauth: { seller: { ...demoSeller, login: { signedIn: hooks.signedIn } }, families, login: settings },
  });
  const { engine, products, sealer, log, time } = installation;
  centre = await startCas({ tenant: 't-1', callbackUrl: CALLBACK, clock: () => time.now });
  const secrets = { login: async () => 'a secret of the login with 32 characters' };
  login = createLogin({ table: engine.table, products, sealer, secrets, log, clock: () => time.now });
  for (const product of ['kit', 'oauth']) await bind('t-1', centre.url, product);
  await bind('t-other', centre.url);
});
afterAll(async () => {
  await centre.stop();
  await installation.stop();
});
beforeEach(() => {
  seen.length = 0;
  out.length = 0;
  centre.answer.current = undefined;
  centre.form.current = undefined;
  hook.current = async () => ({ cookies: ['seller_session=1; Secure'] });
  installation.time.now += 1_000;
});

/** Message that the marketplace sends when an enterprise binds the application. */
async function bind(tenantId: string, domainName: string, product = 'kit', flag = 1) {
  const send = kitSender(installation);
  installation.time.now += 1;
  const common = { instanceId: 'i-1', tenantId, testFlag: 0, flag };
  const clientSecret = encryptSecret(installation.kitPublicKey, 'secret');
  await send('tenantSync', { ...common, orderId: 'CS1', tenantCode: 'a', name: 'Acme', domainName }, { product });
  await send('applicationSync', { ...common, appId: 'app-1', clientId: 'c-1', clientSecret }, { product });
}

/** A browser whose user is signed in at the workbench: keeps cookies, and follows redirects within the login. */
function browser({ keeps = true, product = 'kit' } = {}) {
  const jar = new Map<string, string>();
  const get = async (address: string) => {
    const url = new URL(address, `${HOST}/`);
    const answer = await login({
      rawQueryString: url.search.slice(1),
      pathParameters: { product, step: url.pathname.split('/').at(-1) },
      cookies: [...jar].map(([name, value]) => `${name}=${value}`),
    } as unknown as APIGatewayProxyEventV2);
    for (const cookie of answer.cookies ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/Max-Age=0/.test(cookie) || !keeps) jar.delete(name);
      else jar.set(name, value);
    }
    return { status: answer.statusCode, body: answer.body, location: String(answer.headers?.Location ?? '') };
  };
  return {
    jar,
    get,
    /** Goes on until an address leads neither to the login nor to the identity centre. */
    async arrive(address: string, user = JDOE) {
      let last = await get(address);
      for (let hops = 0; hops < 6 && last.status === 302; hops += 1) {
        const { location } = last;
        if (location.startsWith(`${HOST}/`)) last = await get(location);
        else if (location.startsWith(`${centre.url}/`))
          last = { ...last, location: await centre.signIn(user, location) };
        else break;
      }
      return last;
    },
  };
}

const validations = () => centre.calls.filter((call) => call.startsWith('/api/v1/cas/p3/serviceValidate'));

describe('from the workbench', () => {
  test.each([['XML'], ['JSON']] as const)(
    'a user comes in by a ticket of this browser’s own, told in %s',
    async (form) => {
      centre.form.current = form;
      const { status, location } = await browser().arrive(centre.open(JDOE, SERVICE));
      expect([status, location]).toEqual([302, SITE]);
      expect(seen).toEqual([
        {
          binding: { product: 'kit', tenantId: 't-1', instanceId: 'i-1' },
          appId: 'app-1',
          returnTo: '/home',
          user: { ...JDOE },
        },
      ]);
      const query = new URLSearchParams(validations().at(-1)?.split('?')[1]);
      expect(Object.fromEntries(query)).toEqual({
        service: SERVICE,
        ticket: expect.stringMatching(/^ST-/),
        format: 'XML',
      });
    },
  );

  test('a ticket that somebody else has sent along is not even asked about', async () => {
    const before = validations().length;
    const tab = browser();
    const { status, location } = await tab.get(centre.open({ ...JDOE, userName: 'mallory' }, SERVICE));
    expect([status, location]).toEqual([302, `${HOST}/start?tenant=t-1&again=1`]);
    expect(validations().length).toBe(before);
    await tab.arrive(location);
    expect(seen.map(({ user }) => user.userName)).toEqual(['jdoe']);
  });

  test('a browser that keeps no cookies is told so, and not sent round', async () => {
    const answer = await browser({ keeps: false }).arrive(centre.open(JDOE, SERVICE));
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('keeps no cookies') });
  });

  test('an address without a tenant cannot be served, unless the user was here before', async () => {
    const tab = browser();
    expect(await tab.arrive(centre.open(JDOE, CALLBACK))).toMatchObject({ status: 400 });
    expect(await tab.get('start')).toMatchObject({ status: 400, body: expect.stringContaining('your workbench') });
    await tab.arrive('start?tenant=t-1');
    expect((await tab.arrive('start')).location).toBe(SITE);
  });
});

describe('a ticket', () => {
  const begun = async () => {
    const tab = browser();
    const { location } = await tab.get('start?tenant=t-1&returnTo=/orders');
    return { tab, back: await centre.signIn(JDOE, location) };
  };

  test('leads back to where the user wanted to go, and nowhere else', async () => {
    const { tab, back } = await begun();
    expect((await tab.get(back)).location).toBe('https://app.seller.example.com/orders');
    const evil = await browser().arrive('start?tenant=t-1&returnTo=https://evil.example.com');
    expect(evil.location).toBe(SITE);
  });

  test('may come back without the tenant, which the cookie knows', async () => {
    hook.current = async () => ({ location: 'https://elsewhere.example.com/x' });
    const { tab, back } = await begun();
    const url = new URL(back);
    url.searchParams.delete('tenant');
    expect((await tab.get(url.href)).location).toBe('https://elsewhere.example.com/x');
  });

  test('is good once, even with the cookie kept', async () => {
    const { tab, back } = await begun();
    const kept = new Map(tab.jar);
    expect((await tab.get(back)).status).toBe(302);
    for (const [name, value] of kept) tab.jar.set(name, value);
    expect((await tab.get(back)).status).toBe(401);
    expect(seen).toHaveLength(1);
  });

  test('that is too old, of another service, or nobody’s is refused, and the log names the code alone', async () => {
    const { tab, back } = await begun();
    installation.time.now += 11_000;
    const elsewhere = new URL(centre.open(JDOE, 'https://other.example.com/callback')).searchParams.get('ticket');
    for (const address of [back, `callback?tenant=t-1&ticket=${elsewhere}`, 'callback?tenant=t-1&ticket=ST-0']) {
      expect((await tab.get(address)).status).toBe(401);
    }
    const log = JSON.stringify(installation.log.entries);
    expect(log).toContain('refused with INVALID_TICKET');
    expect(log).toContain('refused with INVALID_SERVICE');
    expect(log).not.toContain('ST-');
    expect(seen).toEqual([]);
  });

  test('of a user of another tenant lets nobody in', async () => {
    const answer = await browser().arrive('start?tenant=t-other');
    expect(answer).toMatchObject({ status: 403, body: 'You belong to another tenant.' });
    expect(seen).toEqual([]);
  });

  test.each(['ticket=a&ticket=b', `ticket=${'x'.repeat(129)}`, 'ticket=a%0Ab', 'ticket='])(
    '%s is none',
    async (query) => {
      const before = validations().length;
      const { tab } = await begun();
      expect((await tab.get(`callback?tenant=t-1&${query}`)).status).toBe(400);
      expect(validations().length).toBe(before);
    },
  );

  test('is refused where the seller says no, and where it has no hook for tickets', async () => {
    hook.current = async () => ({ turnedAway: { reason: 'You have not been authorised.' } });
    expect(await browser().arrive('start?tenant=t-1')).toMatchObject({
      status: 403,
      body: 'You have not been authorised.',
    });
    const tab = browser({ product: 'oauth' });
    expect((await tab.arrive('start?tenant=t-1')).status).toBe(500);
  });
});

describe('the identity centre', () => {
  const wrapped = (inner: string) =>
    `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess><cas:user>a</cas:user>` +
    `<cas:attributes>${inner}</cas:attributes></cas:authenticationSuccess></cas:serviceResponse>`;
  const whole = wrapped('<cas:userName>root</cas:userName><cas:tenant>t-1</cas:tenant>');

  test.each([
    [
      'declares entities',
      200,
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>${whole.replace('root', '&e;')}`,
    ],
    ['sends without end', 200, whole + ' '.repeat(70_000)],
    ['points elsewhere', 302, whole],
    ['is broken', 500, whole],
    ['names no user', 200, wrapped('<cas:tenant>t-1</cas:tenant>')],
    ['names two users', 200, whole.replace('<cas:tenant>', '<cas:userName>b</cas:userName>$&')],
    ['names no tenant', 200, wrapped('<cas:userName>root</cas:userName>')],
    ['talks to people', 200, '<html><body>Sign in</body></html>'],
    ['sends bytes that are no text', 200, '\ud800'],
  ])('that %s lets nobody in', async (_, status, body) => {
    centre.answer.current = { status, body };
    expect((await browser().arrive('start?tenant=t-1')).status).toBe(502);
    expect(seen).toEqual([]);
  });

  test('is that of the tenant’s records, over https, whatever a request says', async () => {
    await bind('t-plain', 'http://169.254.169.254');
    for (const tenant of ['t-plain', 'http://evil.example.com', 't-1@evil.example.com', '../t-1']) {
      const { status } = await browser().get(`start?tenant=${encodeURIComponent(tenant)}`);
      expect([404, 502]).toContain(status);
    }
    expect((await browser().get(`start?tenant=${'%2F'.repeat(256)}`)).status).toBe(404);
    expect((await browser().get('start?tenant=')).status).toBe(400);
    await centre.stop().then(async () => {
      centre = await startCas({ tenant: 't-1', callbackUrl: CALLBACK, clock: () => installation.time.now });
    });
    const tab = browser();
    const { location } = await tab.get('start?tenant=t-1'); // the records still name the one that is gone
    expect(location).not.toContain(centre.url);
    expect((await tab.get('callback?tenant=t-1&ticket=ST-1')).status).toBe(502);
    for (const product of ['kit', 'oauth']) await bind('t-1', centre.url, product);
  });
});

describe('later', () => {
  test('logging out where the tenant is bound no more ends at the site; the seller may have nothing to end', async () => {
    const tab = browser();
    await tab.arrive('start?tenant=t-1');
    const kept = new Map(tab.jar);
    left.current = undefined;
    expect((await tab.get('logout')).location).toContain(`${centre.url}/api/v1/cas/logout`);
    left.current = { cookies: ['seller_session=; Max-Age=0'] };
    for (const [name, value] of kept) tab.jar.set(name, value);
    await bind('t-1', centre.url, 'kit', 0);
    expect((await tab.get('logout')).location).toBe(SITE);
    await bind('t-1', centre.url);
  });

  test('a new ticket is asked for, of the same tenant', async () => {
    const tab = browser();
    await tab.arrive('start?tenant=t-1');
    expect((await tab.get('refresh?returnTo=/x')).location).toBe(`${HOST}/start?returnTo=%2Fx&tenant=t-1`);
    expect((await tab.arrive('refresh?returnTo=/x')).location).toBe('https://app.seller.example.com/x');
    expect((await browser().get('refresh')).location).toBe(`${HOST}/start`);
  });

  test('logging out ends the seller’s session, then the identity centre’s, which sends back to the site', async () => {
    const tab = browser();
    await tab.arrive('start?tenant=t-1');
    const { location } = await tab.get('logout');
    expect(location).toBe(`${centre.url}/api/v1/cas/logout?service=${encodeURIComponent(SERVICE)}`);
    expect([out, [...tab.jar.keys()]]).toEqual([['t-1'], []]);
    expect((await tab.arrive(await centre.signIn(JDOE, location))).location).toBe(SITE);
    expect((await tab.get('logout?returnTo=/bye')).location).toBe('https://app.seller.example.com/bye');
  });
});
