import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { httpSeller } from '../../lib/seller/http.ts';
import { type Listener, listen } from '../support/listen.ts';
import { context } from './hooks.ts';

const bodies: unknown[] = [];
let status = 200;
let server: Listener;
beforeAll(async () => {
  server = await listen((_, body, response) => {
    bodies.push(JSON.parse(body));
    response.writeHead(status).end('{}');
  });
});
afterAll(() => server.close());

const told = { binding: { product: 'kit', tenantId: 't' }, at: new Date(0), isTest: false };

test('a seller’s server is told of tenants under the names of the hooks, and may leave them alone', async () => {
  const { tenants } = httpSeller({ url: server.url, secret: async () => 'whsec_MDEyMzQ1Njc4OWFiY2RlZg==' });
  for (status of [200, 501]) {
    bodies.length = 0;
    await tenants?.tenantChanged?.({ ...told, action: 'removed' }, context());
    await tenants?.applicationChanged?.({ ...told, action: 'removed', appId: 'a' }, context());
    await tenants?.userChanged?.({ ...told, action: 'withdrawn', appId: 'a', userName: 'u' }, context());
    await tenants?.departmentChanged?.({ ...told, action: 'removed', orgCode: 'o' }, context());
    await tenants?.departmentsReplaced?.({ ...told, departments: [] }, context());
    const common = { ...told, at: '1970-01-01T00:00:00.000Z', attempt: 1 };
    expect(bodies).toEqual([
      expect.objectContaining({ event: 'tenantChanged', action: 'removed', ...common }),
      expect.objectContaining({ event: 'applicationChanged', appId: 'a', ...common }),
      expect.objectContaining({ event: 'userChanged', action: 'withdrawn', userName: 'u', ...common }),
      expect.objectContaining({ event: 'departmentChanged', orgCode: 'o', ...common }),
      expect.objectContaining({ event: 'departmentsReplaced', departments: [], ...common }),
    ]);
  }
});

test('a server that fails is told again', async () => {
  status = 500;
  const { tenants } = httpSeller({ url: server.url, secret: async () => 'whsec_MDEyMzQ1Njc4OWFiY2RlZg==' });
  await expect(tenants?.tenantChanged?.({ ...told, action: 'removed' }, context())).rejects.toThrow('500');
});
