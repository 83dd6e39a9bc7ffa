import { expect, test } from '@jest/globals';
import { casLoginPage, serviceOf, validateTicket } from '../../lib/login/cas.ts';

const CALLBACK = 'https://login.seller.example.com/login/crm/callback';
const centre = { domainName: 'https://acme.identity.example.com/' };

test('a service is the callback with the tenant, and travels as one value', () => {
  expect(serviceOf(CALLBACK, 't&1')).toBe(`${CALLBACK}?tenant=t%261`);
  expect(casLoginPage(centre, serviceOf(CALLBACK, 't&1'))).toBe(
    `https://acme.identity.example.com/api/v1/cas/login?service=${encodeURIComponent(`${CALLBACK}?tenant=t%261`)}`,
  );
  expect(() => serviceOf(CALLBACK, '%'.repeat(400))).toThrow('too long');
});

test('members that are empty are left out, and others kept out', async () => {
  const attributes = { userName: 'j', tenant: 't', name: '', role: 'user', isFromNewLogin: true };
  const body = JSON.stringify({ serviceResponse: { authenticationSuccess: { user: 'j', attributes } } });
  const answered = { now: 0, fetch: async () => new Response(body) };
  expect(await validateTicket(centre, { service: CALLBACK, ticket: 'ST-1' }, answered)).toEqual({
    user: { userName: 'j', role: 'user' },
    tenantId: 't',
  });
});

test('bytes that are no text are no answer', async () => {
  const answered = { now: 0, fetch: async () => new Response(new Uint8Array([0x7b, 0xff, 0x7d])) };
  await expect(validateTicket(centre, { service: CALLBACK, ticket: 'ST-1' }, answered)).rejects.toMatchObject({
    status: 502,
  });
});
