import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createLogin } from '../../handlers/create-login.ts';
import type { Login, LoginHooks } from '../../lib/seller/login-contract.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { type IdentityCentreStandIn, startIdentityCentre } from '../support/identity-centre.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { encryptSecret, kitSender } from '../support/kit.ts';

const SITE = 'https://app.seller.example.com/home';
const CALLBACK = 'https://login.seller.example.com/login/kit/callback';
const client = { clientId: 'c-7f31', clientSecret: 'client s&cret' };

let installation: Installation;
let centre: IdentityCentreStandIn;
let login: ReturnType<typeof createLogin>;
const seen: Login[] = [];
const out: string[] = [];
const hook: { current: LoginHooks['signedIn'] } = { current: async () => ({ cookies: ['seller_session=1; Secure'] }) };

beforeAll(async () => {
  centre = await startIdentityCentre(client, 't-1');
  const hooks: LoginHooks = {
    signedIn: async (given, context) => {
      seen.push(given);
      return hook.current(given, context);
    },
    signedOut: async ({ binding }) => {
      out.push(binding.tenantId);
      return { cookies: ['seller_session=; Max-Age=0'] };
    },
  };
  const families = ['saas-v2', 'kit-v2', 'kit-v1'] as const;
  const settings = { appId: 'app-1', callbackUrl: CALLBACK, siteUrl: SITE };
  installation = await startInstallation({
    kit: { seller: { ...demoSeller, login: hooks }, families, login: settings },
    quiet: { seller: { ...demoSeller, login: { signedIn: hooks.signedIn } }, families, login: settings },
    'no-hooks': { seller: demoSeller, families, login: settings },
    plain: { seller: demoSeller },
  });
  const { engine, products, sealer, log, time } = installation;
  const secrets = { login: async () => 'a secret of the login with 32 characters' };
  login = createLogin({ table: engine.table, products, sealer, secrets, log, clock: () => time.now });
  await bind('t-1', centre.url);
});
afterAll(async () => {
  await centre.close();
  await installation.stop();
});
beforeEach(() => {
  seen.length = 0;
  out.length = 0;
  centre.calls.length = 0;
  delete centre.answer.current;
  centre.tenant.id = 't-1';
  centre.gives.refreshToken = true;
  hook.current = async () => ({ cookies: ['seller_session=1; Secure'] });
  installation.time.now += 1_000;
});

/** What the marketplace sends when an enterprise binds the application. */
async function bind(
  tenantId: string,
  domainName: string,
  changes: { flag?: number; instanceId?: string; secret?: string; product?: string } = {},
) {
  const { flag = 1, instanceId = 'i-1', secret = client.clientSecret, product = 'kit' } = changes;
  const send = kitSender(installation);
  installation.time.now += 1;
  const common = { instanceId, tenantId, testFlag: 0, flag };
  const tenant = { ...common, orderId: 'CS1', tenantCode: 'acme', name: 'Acme', domainName };
  const clientSecret = encryptSecret(installation.kitPublicKey, secret);
  for (const answer of [
    await send('tenantSync', tenant, { product }),
    await send('applicationSync', { ...common, appId: 'app-1', clientId: client.clientId, clientSecret }, { product }),
  ]) {
    expect(answer.json.resultCode).toBe('000000');
  }
}

/** A browser: keeps cookies, and follows nothing by itself. */
function browser(product = 'kit') {
  const jar = new Map<string, string>();
  return {
    jar,
    async get(step: string, query: Record<string, string> | string = {}) {
      const event = {
        rawQueryString: typeof query === 'string' ? query : new URLSearchParams(query).toString(),
        pathParameters: { product, step },
        cookies: [...jar].map(([name, value]) => `${name}=${value}`),
      } as unknown as APIGatewayProxyEventV2;
      const answer = await login(event);
      for (const cookie of answer.cookies ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (/Max-Age=0/.test(cookie)) jar.delete(name);
        else jar.set(name, value);
      }
      return { ...answer, location: String(answer.headers?.Location ?? '') };
    },
  };
}

async function signedIn(query: Record<string, string> = {}) {
  const tab = browser();
  await tab.get('start', query);
  const answer = await tab.get('callback', { code: centre.signIn({ userName: 'jdoe', role: 'admin' }), tenant: 't-1' });
  return { tab, answer };
}

describe('signing in', () => {
  test('leads to the unified login page, and keeps a closed cookie that scripts and other sites cannot use', async () => {
    const { statusCode, location, cookies, headers } = await browser().get('start', { returnTo: '/orders?x=1' });
    expect([statusCode, location]).toEqual([
      302,
      'https://macroverse.huaweicloud.com/unified-login/#/portal-login?ind=UNOP&appId=app-1',
    ]);
    expect(cookies).toEqual([
      expect.stringMatching(
        /^koogate_state=[\w.-]+; Max-Age=600; Path=\/login\/kit\/; HttpOnly; SameSite=Lax; Secure$/,
      ),
    ]);
    expect(headers).toMatchObject({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  });

  test('ends at the seller, who knows the user by tenant and name, and back where the user wanted to go', async () => {
    const { answer } = await signedIn({ returnTo: '/orders?x=1' });
    expect([answer.statusCode, answer.location]).toEqual([302, 'https://app.seller.example.com/orders?x=1']);
    expect(answer.cookies).toEqual(
      expect.arrayContaining([
        'seller_session=1; Secure',
        expect.stringMatching(/^koogate_login=/),
        expect.stringMatching(/^koogate_state=;/),
      ]),
    );
    expect(seen).toEqual([
      {
        binding: { product: 'kit', tenantId: 't-1', instanceId: 'i-1' },
        appId: 'app-1',
        user: { userName: 'jdoe', role: 'admin', userId: 'u-7', tenantName: 'Acme Ltd' },
        tokens: {
          accessToken: expect.any(String),
          refreshToken: expect.any(String),
          expiresAt: new Date(installation.time.now + 7_200_000),
        },
        returnTo: '/orders?x=1',
        isRenewal: false,
      },
    ]);
    expect(centre.calls.map(({ path }) => path)).toEqual(['/api/v1/oauth2/token', '/api/v1/oauth2/userinfo']);
    expect(centre.calls[0]?.form).toMatchObject({
      client_id: 'c-7f31',
      client_secret: 'client s&cret',
      redirect_uri: CALLBACK,
    });
  });

  test('through the tenant’s own page brings the state back, which must be this browser’s', async () => {
    const tab = browser();
    const { location } = await tab.get('start', { tenant: 't-1' });
    const page = new URL(location);
    expect(location).toContain(`${centre.url}/api/v1/oauth2/authorize?`);
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      client_id: 'c-7f31',
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'get_user_info',
    });
    const state = page.searchParams.get('state') ?? '';
    expect(state).toMatch(/^[a-z0-9]{40}$/);
    const code = centre.signIn({ userName: 'jdoe' });
    for (const query of [{ code }, { code, state: 'x' }, { code, state: '' }] as Record<string, string>[]) {
      expect((await tab.get('callback', query)).statusCode).toBe(400);
    }
    expect((await tab.get('callback', { code, state, tenant: 't-2' })).statusCode).toBe(400);
    expect(centre.calls).toEqual([]);
    expect((await tab.get('callback', { code, state })).statusCode).toBe(302);
  });

  test('a wrong state is refused also where none need be returned', async () => {
    const tab = browser();
    await tab.get('start');
    const code = centre.signIn({ userName: 'jdoe' });
    expect((await tab.get('callback', { code, tenant: 't-1', state: 'x' })).statusCode).toBe(400);
  });

  test('is refused to a browser that did not begin, that took too long, or that altered its cookie', async () => {
    const query = { code: centre.signIn({ userName: 'jdoe' }), tenant: 't-1' };
    expect((await browser().get('callback', query)).statusCode).toBe(400);
    const late = browser();
    await late.get('start');
    installation.time.now += 601_000;
    expect((await late.get('callback', query)).statusCode).toBe(400);
    const other = browser();
    await other.get('start');
    const cookie = other.jar.get('koogate_state') ?? '';
    other.jar.set('koogate_state', `${cookie.slice(0, -6)}AAAAAA`);
    expect((await other.get('callback', query)).statusCode).toBe(400);
    const { tab } = await signedIn();
    tab.jar.set('koogate_state', tab.jar.get('koogate_login') ?? ''); // one of ours, of another kind
    centre.calls.length = 0;
    expect((await tab.get('callback', query)).statusCode).toBe(400);
    expect(centre.calls).toEqual([]);
  });

  test('works once: the cookie is gone, and so is the code', async () => {
    const tab = browser();
    await tab.get('start');
    const query = { code: centre.signIn({ userName: 'jdoe' }), tenant: 't-1' };
    const copy = new Map(tab.jar);
    expect((await tab.get('callback', query)).statusCode).toBe(302);
    expect((await tab.get('callback', query)).statusCode).toBe(400);
    for (const [name, value] of copy) tab.jar.set(name, value);
    expect((await tab.get('callback', query)).statusCode).toBe(401);
  });

  test.each([
    ['a tenant that nobody has bound', { tenant: 't-unknown', code: 'c' }, 404],
    ['no tenant', { code: 'c' }, 400],
    ['no code', { tenant: 't-1' }, 400],
    ['a code of control characters', { tenant: 't-1', code: 'a\nb' }, 400],
    ['two codes', 'tenant=t-1&code=a&code=b', 400],
    ['an error of the identity centre', { error: 'access_denied', tenant: 't-1' }, 403],
    ['a code that is none', { tenant: 't-1', code: 'nobody-gave-it' }, 401],
  ])('with %s is refused in plain words', async (_, query, status) => {
    const tab = browser();
    await tab.get('start');
    const answer = await tab.get('callback', query);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers?.['Content-Type']).toBe('text/plain; charset=utf-8');
    expect(seen).toEqual([]);
  });

  test('is refused to a user of another tenant, and taken from a centre that names none', async () => {
    const enter = async () => {
      const tab = browser();
      await tab.get('start');
      return (await tab.get('callback', { code: centre.signIn({ userName: 'jdoe' }), tenant: 't-1' })).statusCode;
    };
    centre.tenant.id = 't-2';
    expect(await enter()).toBe(403);
    expect(seen).toEqual([]);
    centre.tenant.id = undefined;
    expect(await enter()).toBe(302);
  });

  test('may be refused by the seller, and may be led elsewhere by it alone', async () => {
    hook.current = async () => ({ turnedAway: { reason: 'You have not been authorised.' } });
    expect((await signedIn()).answer).toMatchObject({ statusCode: 403, body: 'You have not been authorised.' });
    hook.current = async () => ({ location: 'https://elsewhere.example.com/x' });
    expect((await signedIn()).answer.location).toBe('https://elsewhere.example.com/x');
    hook.current = async () => ({ location: 'http://elsewhere.example.com/x' });
    expect((await signedIn()).answer.statusCode).toBe(500);
    hook.current = async () => {
      throw new Error('secret detail');
    };
    expect((await signedIn()).answer).toMatchObject({ statusCode: 500, body: expect.not.stringContaining('secret') });
  });
});

test.each([
  '//evil.example.com',
  '/\\evil.example.com',
  '/\t/evil.example.com',
  '/%5c%5cevil.example.com/..//evil.example.com',
  'https://evil.example.com',
  'javascript:alert(1)',
  '\\\\evil.example.com',
  'app.seller.example.com@evil.example.com',
  '/a\r\nSet-Cookie: x=1',
  '',
])('no way to %j: every step ends on the seller’s site', async (returnTo) => {
  const { tab, answer } = await signedIn({ returnTo });
  const refreshed = await tab.get('refresh', { returnTo });
  const loggedOut = await tab.get('logout', { returnTo });
  const after = new URL(loggedOut.location).searchParams.get('redirect_url') ?? '';
  const plain = await browser().get('logout', { returnTo });
  for (const location of [answer.location, refreshed.location, after, plain.location]) {
    expect(new URL(location).origin).toBe('https://app.seller.example.com');
    expect(location).not.toMatch(/[\r\n]/);
  }
});

describe('later', () => {
  test('the login is renewed with the refresh token, which changes each time', async () => {
    const { tab } = await signedIn();
    for (const _ of ['first', 'second']) {
      const answer = await tab.get('refresh', { returnTo: '/orders' });
      expect([answer.statusCode, answer.location]).toEqual([302, 'https://app.seller.example.com/orders']);
    }
    expect(seen.map(({ isRenewal }) => isRenewal)).toEqual([false, true, true]);
    expect(new Set(seen.map(({ tokens }) => tokens.refreshToken)).size).toBe(3);
  });

  test('it begins anew where there is no refresh token, or none that is accepted', async () => {
    centre.gives.refreshToken = false;
    const { tab } = await signedIn();
    const begin = 'https://login.seller.example.com/login/kit/start?returnTo=%2Forders';
    expect((await tab.get('refresh', { returnTo: '/orders' })).location).toBe(begin);
    expect((await browser().get('refresh', { returnTo: '/orders' })).location).toBe(begin);
    centre.gives.refreshToken = true;
    const { tab: other } = await signedIn();
    centre.answer.current = (path) =>
      path.endsWith('token') ? { status: 400, body: '{"error":"invalid_grant"}' } : undefined;
    expect((await other.get('refresh', { returnTo: '/orders' })).location).toBe(begin);
    expect(other.jar.has('koogate_login')).toBe(false);
  });

  test('it begins anew where the tenant is no longer bound', async () => {
    centre.tenant.id = undefined;
    await bind('t-leaves', centre.url);
    const tab = browser();
    await tab.get('start');
    await tab.get('callback', { code: centre.signIn({ userName: 'jdoe' }), tenant: 't-leaves' });
    await bind('t-leaves', centre.url, { flag: 0 });
    expect((await tab.get('refresh')).location).toBe('https://login.seller.example.com/login/kit/start');
    expect(tab.jar.has('koogate_login')).toBe(false);
  });

  test('it waits for an identity centre that is broken: the login is kept', async () => {
    const { tab } = await signedIn();
    centre.answer.current = () => ({ status: 500, body: 'x' });
    expect((await tab.get('refresh')).statusCode).toBe(502);
    delete centre.answer.current;
    expect((await tab.get('refresh')).location).toBe(SITE);
  });

  test('logging out where the seller’s code has nothing to end ends the identity centre’s session alone', async () => {
    const { tab } = await signedIn();
    const quiet = browser('quiet');
    for (const [name, value] of tab.jar) quiet.jar.set(name, value);
    await bind('t-1', centre.url, { product: 'quiet' });
    const { location, cookies } = await quiet.get('logout');
    expect(location).toContain(`${centre.url}/api/v1/logout`);
    expect(cookies?.every((cookie) => /^koogate_\w+=;/.test(cookie))).toBe(true);
    expect(out).toEqual([]);
  });

  test('logging out ends the seller’s session, then the identity centre’s, which sends back to the site', async () => {
    const { tab } = await signedIn();
    const { location, cookies } = await tab.get('logout', { returnTo: '/bye' });
    expect(location).toBe(
      `${centre.url}/api/v1/logout?redirect_url=${encodeURIComponent('https://app.seller.example.com/bye')}`,
    );
    expect(cookies).toContain('seller_session=; Max-Age=0');
    expect(out).toEqual(['t-1']);
    expect([...tab.jar.keys()]).not.toContain('koogate_login');
    expect((await tab.get('logout')).location).toBe(SITE);
  });
});

describe('an identity centre that', () => {
  test.each([
    ['is broken', { status: 500, body: 'x' }, 502],
    ['talks nonsense', { status: 200, body: '<html>' }, 502],
    ['gives no token', { status: 200, body: '{}' }, 502],
    ['points elsewhere', { status: 302, body: '' }, 502],
    ['sends without end', { status: 200, body: 'x'.repeat(70_000) }, 502],
    ['does not know the client', { status: 403, body: '{}' }, 401],
  ])('%s lets nobody in, and what it said stays unsaid', async (_, answer, status) => {
    centre.answer.current = () => answer;
    const { answer: refused } = await signedIn();
    expect(refused.statusCode).toBe(status);
    expect(seen).toEqual([]);
    expect(JSON.stringify(installation.log.entries)).not.toMatch(/client s&cret|client\+s%26cret/);
  });

  test.each([
    'http://acme.example.com',
    'ftp://acme.example.com',
    'acme.example.com',
    'https://user:pass@acme.example.com',
  ])('lies at %s is not asked', async (domainName) => {
    await bind('t-odd', domainName);
    const tab = browser();
    await tab.get('start');
    const answer = await tab.get('callback', { code: 'c', tenant: 't-odd' });
    expect(answer).toMatchObject({ statusCode: 502, body: expect.stringContaining('no usable address') });
    expect((await tab.get('start', { tenant: 't-odd' })).statusCode).toBe(502);
  });
});

describe('the application of a tenant', () => {
  const enter = async (tenant: string) => {
    const tab = browser();
    await tab.get('start');
    return (await tab.get('callback', { code: centre.signIn({ userName: 'jdoe' }), tenant })).statusCode;
  };

  test('is found among several instances and hundreds of users: the newest that is bound', async () => {
    centre.tenant.id = undefined;
    const send = kitSender(installation);
    const userList = Array.from({ length: 120 }, (_, n) => ({ userName: `u${n}` }));
    await bind('t-many', 'https://old.example.com', { instanceId: 'i-1', secret: 'old' });
    await send('authSync', { instanceId: 'i-1', tenantId: 't-many', testFlag: 0, flag: 1, appId: 'app-1', userList });
    await bind('t-many', centre.url, { instanceId: 'i#2' });
    await bind('t-many', 'https://gone.example.com', { instanceId: 'i-3' });
    await bind('t-many', 'https://gone.example.com', { instanceId: 'i-3', flag: 0 });
    expect(await enter('t-many')).toBe(302);
    expect(seen[0]?.binding).toEqual({ product: 'kit', tenantId: 't-many', instanceId: 'i#2' });
  });

  test('of a credential without an instance serves the seller’s own test tenant', async () => {
    centre.tenant.id = undefined;
    await bind('t-test', centre.url, { instanceId: '' });
    expect(await enter('t-test')).toBe(302);
    expect(seen[0]?.binding).toEqual({ product: 'kit', tenantId: 't-test' });
  });

  test('is unknown once the tenant is unbound', async () => {
    await bind('t-left', centre.url);
    await bind('t-left', centre.url, { flag: 0 });
    expect(await enter('t-left')).toBe(404);
  });
});

test.each([
  ['kit', 'other', 404],
  ['kit', 'constructor', 404],
  ['plain', 'start', 404],
  ['nobody', 'start', 404],
  ['no-hooks', 'start', 500],
])('/login/%s/%s is %i', async (product, step, status) => {
  expect((await browser(product).get(step)).statusCode).toBe(status);
});
