import { afterEach, describe, expect, test } from '@jest/globals';
import { type Gateway, type GatewayRequest, pass, startGateway } from '../../../scripts/evidence/lambda/gateway.ts';
import type { Outcome } from '../../../scripts/evidence/lambda/sandbox.ts';

const REQUEST: GatewayRequest = {
  method: 'POST',
  url: '/produce/kit/produceAPI/v2/tenantSync?a=1&b=%20&a=2',
  headers: { 'content-type': 'application/json', host: 'shop.example.com', cookie: 'x=1; y=2' },
  body: Buffer.from('{"flag":1}'),
  now: Date.UTC(2026, 0, 1),
};

const answering = (value: unknown) => async (): Promise<Outcome> => ({ kind: 'answer', value });
const failing = (kind: 'error' | 'timeout' | 'exit') => async (): Promise<Outcome> => ({ kind, detail: 'broken' });

/** The event that a function is handed for a request. */
async function eventOf(request: GatewayRequest): Promise<Record<string, unknown>> {
  const events: unknown[] = [];
  await pass(request, async (event) => {
    events.push(event);
    return { kind: 'answer', value: {} };
  });
  return events[0] as Record<string, unknown>;
}

test('a request becomes an event of the payload format 2.0', async () => {
  expect(await eventOf(REQUEST)).toMatchObject({
    version: '2.0',
    routeKey: 'ANY /produce/{product+}',
    rawPath: '/produce/kit/produceAPI/v2/tenantSync',
    rawQueryString: 'a=1&b=%20&a=2',
    queryStringParameters: { a: '1,2', b: ' ' },
    cookies: ['x=1', 'y=2'],
    headers: { 'content-type': 'application/json', 'content-length': '10', 'x-forwarded-proto': 'https' },
    pathParameters: { product: 'kit/produceAPI/v2/tenantSync' },
    requestContext: { http: { method: 'POST' }, timeEpoch: REQUEST.now },
    body: '{"flag":1}',
    isBase64Encoded: false,
  });
});

test('a body that is no text comes in base64, and none at all not', async () => {
  const binary = { ...REQUEST, headers: { 'content-type': 'application/octet-stream' } };
  expect(await eventOf(binary)).toMatchObject({ body: REQUEST.body.toString('base64'), isBase64Encoded: true });
  const empty = await eventOf({ ...REQUEST, url: '/produce/demo', body: Buffer.alloc(0) });
  expect(empty.isBase64Encoded).toBe(false);
  expect(Object.keys(empty)).not.toContain('body');
  expect(Object.keys(empty)).not.toContain('queryStringParameters');
});

describe('the function’s answer', () => {
  test('goes back as it is', async () => {
    const value = {
      statusCode: 200,
      headers: { 'Body-Sign': 's' },
      cookies: ['a=1'],
      body: 'dGV4dA==',
      isBase64Encoded: true,
    };
    const { status, headers, body } = await pass(REQUEST, answering(value));
    expect([status, headers, body.toString()]).toEqual([200, { 'body-sign': 's', 'set-cookie': ['a=1'] }, 'text']);
  });

  test('without a status is the body itself', async () => {
    const { status, body } = await pass(REQUEST, answering({ resultCode: '000000' }));
    expect([status, body.toString()]).toEqual([200, '{"resultCode":"000000"}']);
  });

  test.each([
    ['error', 500],
    ['exit', 500],
    ['timeout', 503],
  ] as const)('is missing after an %s: %i', async (kind, status) => {
    expect((await pass(REQUEST, failing(kind))).status).toBe(status);
  });
});

test.each([
  [404, { url: '/' }],
  [400, { url: '/produce/%zz' }],
  [413, { body: Buffer.alloc(10_485_761) }],
])('what reaches no function is answered %i', async (status, differing) => {
  const invoked: unknown[] = [];
  const answer = await pass({ ...REQUEST, ...differing }, async (event) => {
    invoked.push(event);
    return { kind: 'answer', value: {} };
  });
  expect(answer.status).toBe(status);
  expect(invoked).toEqual([]);
});

describe('over HTTP', () => {
  let gateway: Gateway | undefined;
  afterEach(() => gateway?.stop());

  test('a request reaches the function, and its answer the caller', async () => {
    gateway = await startGateway(['ANY /produce/{product+}'], async (event) => ({
      kind: 'answer',
      value: { statusCode: 202, headers: {}, body: JSON.stringify(Object(event).pathParameters) },
    }));
    const response = await fetch(`${gateway.route}/demo`, { method: 'POST', body: 'x' });
    expect([response.status, await response.json()]).toEqual([202, { product: 'demo' }]);
  });

  test('a service with other routes is not played', async () => {
    await expect(startGateway(['GET /'], answering({}))).rejects.toThrow('Expected the route');
  });
});
