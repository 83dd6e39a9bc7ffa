import { expect, test } from '@jest/globals';
import { readUser } from '../../lib/login/identity-centre.ts';

const centre = { domainName: 'https://acme.identity.example.com', clientId: 'c', clientSecret: 's' };

const userOf = (body: string | Uint8Array<ArrayBuffer>) =>
  readUser(centre, 'token', { now: 0, fetch: async () => new Response(body) });

test('a user is told by what the centre tells of it, numbers as texts, nothing where it says null', async () => {
  const told = {
    userName: 'jdoe',
    id: 7,
    userId: null,
    name: 'J. Doe',
    email: null,
    projectName: 'Acme',
    tenant: 't-1',
  };
  expect(await userOf(JSON.stringify(told))).toEqual({
    user: { userName: 'jdoe', userId: '7', name: 'J. Doe', tenantName: 'Acme' },
    tenantId: 't-1',
  });
});

test('of two ids it is the one that names the user', async () => {
  expect((await userOf('{"userName":"jdoe","id":7,"userId":"u-7"}')).user.userId).toBe('u-7');
  expect((await userOf('{"userName":"jdoe"}')).user).toEqual({ userName: 'jdoe' });
});

test.each<[string, string | Uint8Array<ArrayBuffer>]>([
  ['nobody', '{"userName":""}'],
  ['a list', '[]'],
  ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
])('%s in the answer is nobody to let in', async (_, body) => {
  await expect(userOf(body)).rejects.toMatchObject({ name: 'LoginError', status: 502 });
});
