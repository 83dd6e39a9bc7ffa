import { expect, test } from '@jest/globals';
import { createProduce, type ProduceDependencies } from '../../handlers/create-produce.ts';
import { defineProducts } from '../../lib/config/products.ts';
import type { RouteEvent } from '../../lib/middleware/route.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { lambdaContext, routeEvent } from '../support/route.ts';
import { recordingLog } from './support.ts';

/** The route with everything that it may touch counted. */
function startRoute() {
  const touched: string[] = [];
  const touch = (name: string) => async (): Promise<never> => {
    touched.push(name);
    throw new Error(`${name} must not be touched`);
  };
  const log = recordingLog();
  const deps: ProduceDependencies = {
    table: { name: 'table', client: { send: touch('table') } },
    products: defineProducts({ demo: { seller: {} as Seller } }),
    secrets: { product: touch('secrets') },
    sealer: { seal: touch('sealer'), open: touch('sealer') },
    log,
    sellerOf: () => ({}) as Seller,
    fulfilInline: touch('fulfilInline'),
    issueInline: touch('issueInline'),
    queryOrder: touch('queryOrder'),
    sellerSecret: touch('sellerSecret'),
    openClientSecret: touch('openClientSecret'),
    clock: () => 0,
    newToken: () => 'token',
  };
  const produce = createProduce(deps);
  return { touched, log, call: (event: RouteEvent) => produce(event, lambdaContext) };
}

/** The event of `GET /` on the bare domain. */
function bareDomain(changes: Partial<RouteEvent> = {}): RouteEvent {
  const { pathParameters, body, ...event } = routeEvent('key', '', { now: 0, method: 'GET', query: '' });
  return { ...event, routeKey: 'GET /', rawPath: '/', ...changes };
}

test('answers GET / on the bare domain with 200, and touches nothing', async () => {
  const { call, touched, log } = startRoute();
  expect(await call(bareDomain())).toMatchObject({ statusCode: 200, body: '' });
  expect(touched).toEqual([]);
  expect(log.entries).toEqual([]);
});

test.each([
  ['the path / on the route for calls', bareDomain({ routeKey: 'ANY /produce/{product+}' }), 404],
  ['a call of a product', routeEvent('key', '{}', { now: 0 }), 503],
])('leaves %s to authentication', async (_, event, status) => {
  const { call } = startRoute();
  expect(await call(event)).toMatchObject({ statusCode: status });
});
