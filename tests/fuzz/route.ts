import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import fc from 'fast-check';
import { createProduce, type ProduceDependencies } from '../../handlers/create-produce.ts';
import { defineProducts } from '../../lib/config/products.ts';
import type { RouteEvent } from '../../lib/middleware/route.ts';
import type { Seller } from '../../lib/seller/contract.ts';
import { MemoryEngine, type Send } from '../../lib/table/memory.ts';
import { bodySignHolds, lambdaContext, routeEvent, sign } from '../support/route.ts';
import { bytes, mutated } from './inputs.ts';

const KEYS = { base: ['base key'], general: ['general key'], kit: ['kit key'], license: ['license key'] };
const ALL = Object.values(KEYS).flat();
const NOW = 1_700_000_000_000;
/** Requests to the table that one call may cost at most. */
const MOST = 8;
const silent = () => undefined;

const seller = { canChange: async () => ({ allowed: true }) } as unknown as Seller;
const PRODUCTS = defineProducts({
  demo: { seller, families: ['saas-v2', 'order-notify', 'kit-v2', 'kit-v1', 'license-2', 'license-online'] },
  legacy: { seller, families: ['saas-v1', 'license-1'] },
});

/** The route on the model of the table, and how many requests went to it. */
function start() {
  const engine = new MemoryEngine();
  const counter = { requests: 0 };
  const send = (async (command: Parameters<Send>[0]) => {
    counter.requests += 1;
    return Reflect.apply(engine.send, engine, [command]);
  }) as unknown as Send;
  const deps: ProduceDependencies = {
    table: { name: 'model', client: { send } },
    products: PRODUCTS,
    secrets: { product: async () => ({ accessKeys: KEYS }) },
    sealer: { seal: async () => 'sealed', open: async () => ({ frontEndUrl: 'https://example.com' }) },
    log: { info: silent, warn: silent, error: silent, metric: silent },
    sellerOf: () => seller,
    fulfilInline: async () => 'pending',
    issueInline: async () => 'pending',
    queryOrder: async () => Promise.reject(new Error('No order is shown.')),
    sellerSecret: async () => '',
    openClientSecret: async () => '',
    clock: () => NOW,
    newToken: () => String(counter.requests),
  };
  return { handler: createProduce(deps), counter };
}

interface Knock {
  readonly raw: Buffer;
  readonly query: string | undefined;
  readonly path: string;
  readonly method: string;
  readonly base64: boolean;
  readonly key: string;
}

const PATHS = [
  'demo',
  'demo/',
  'legacy',
  'demo/produceAPI/v2/tenantSync',
  'demo/produceAPI/v2/authSync',
  'demo/produceAPI/tenantSync',
];
const knock: fc.Arbitrary<Knock> = fc.record({
  raw: fc.oneof(bytes('body'), bytes('kit-body')),
  query: fc.option(fc.oneof(mutated('query'), mutated('v1-query')), { nil: undefined }),
  path: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...PATHS) },
    fc.constantFrom('', '/', 'nobody', '%2e%2e', 'demo/x'),
  ),
  method: fc.oneof({ weight: 9, arbitrary: fc.constant('POST') }, fc.constantFrom('GET', 'PUT', 'get', '')),
  base64: fc.boolean(),
  key: fc.constantFrom(...ALL, 'no key'),
});

/** An event; signed in the query and in the Kit's headers unless its query is another. */
function eventOf({ raw, query, path, method, base64, key }: Knock): RouteEvent {
  const event = routeEvent(key, raw, {
    now: NOW,
    product: path,
    method,
    base64,
    ...(query === undefined ? {} : { query }),
  });
  const stamp = String(NOW);
  return {
    ...event,
    headers: {
      ...event.headers,
      'x-timestamp': stamp,
      'x-nonce': 'n',
      'x-sign': sign(key, raw, stamp, 'n'),
      authtoken: query ?? 'x',
    },
  };
}

/** Never throws; answers every known product's call with a signature of one of its keys; stays within its requests. */
export const ROUTE = fc.asyncProperty(knock, async (some) => {
  const { handler, counter } = start();
  const answer = (await handler(eventOf(some), lambdaContext)) as APIGatewayProxyStructuredResultV2;
  const { statusCode, body = '' } = answer;
  if (statusCode === 404 || statusCode === 405) {
    if (body.length > 100 || counter.requests > 0) throw new Error(`${statusCode} says or does too much`);
    return;
  }
  if (statusCode !== 200) throw new Error(`answered with ${statusCode}`);
  if (!ALL.some((key) => bodySignHolds(key, { headers: answer.headers ?? {}, body })))
    throw new Error(`unsigned: ${body}`);
  const { resultCode } = JSON.parse(body) as { resultCode?: string };
  if (typeof resultCode !== 'string' || !/^000\d{3}$/.test(resultCode)) throw new Error(`no result code: ${body}`);
  if (resultCode === '000001' && counter.requests > 0) throw new Error('a call nobody proved reached the table');
  if (some.key === 'no key' && resultCode === '000000') throw new Error('a call nobody signed was carried out');
  if (counter.requests > MOST) throw new Error(`${counter.requests} requests for one call`);
  if (body.length > 20_000) throw new Error(`an answer of ${body.length} bytes`);
});
