import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { context } from '../seller/hooks.ts';
import { type AcmeApi, startAcmeApi } from './acme-api.ts';
import { jointOperation } from './kit-seller.ts';

const calls: { method: string | undefined; path: string | undefined; body: string }[] = [];
let status = 200;
let api: AcmeApi;
beforeAll(async () => {
  api = await startAcmeApi((request, body, response) => {
    calls.push({ method: request.method, path: request.url, body });
    response.writeHead(status).end('{"session":"s-1"}');
  });
});
afterAll(() => api.close());

const binding = { product: 'kit', tenantId: 't-1' };
const told = { binding, at: new Date(0), isTest: false, appId: 'app', userName: 'j doe' };

test('docs/kit.md shows the seller of this test word for word', () => {
  const snippet = readFileSync(new URL('kit-seller.ts', import.meta.url), 'utf8').trim();
  expect(readFileSync(new URL('../../docs/kit.md', import.meta.url), 'utf8')).toContain(snippet);
});

test('accounts follow the users that the marketplace tells of', async () => {
  const { userChanged } = jointOperation.tenants ?? {};
  await userChanged?.({ ...told, action: 'added', user: { role: 'admin', enable: true } }, context());
  await userChanged?.({ ...told, action: 'withdrawn' }, context());
  expect(calls).toEqual([
    { method: 'PUT', path: '/tenants/t-1/users/j%20doe', body: '{"open":true,"isAdmin":true}' },
    { method: 'PUT', path: '/tenants/t-1/users/j%20doe', body: '{"open":false}' },
  ]);
  status = 500;
  await expect(userChanged?.({ ...told, action: 'removed' }, context())).rejects.toThrow('500');
});

test('whoever is authorised gets a session, and nobody else', async () => {
  const login = {
    ...{ binding, appId: 'app', returnTo: '/', isRenewal: false },
    user: { userName: 'jdoe' },
    tokens: { accessToken: 'a', expiresAt: new Date(0) },
  };
  const given = { signal: new AbortController().signal, now: new Date(), cookies: [] };
  status = 200;
  expect(await jointOperation.login?.signedIn(login, given)).toEqual({
    cookies: ['acme=s-1; Domain=acme.example.com; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure'],
  });
  status = 404;
  expect(await jointOperation.login?.signedIn(login, given)).toHaveProperty('turnedAway');
});
