import { afterEach, describe, expect, test } from '@jest/globals';
import { OrderQueryError } from '../../lib/open-api/error.ts';
import { createOpenApis, type OpenApiOptions } from '../../lib/open-api/open-api.ts';
import { queryOrder } from '../../lib/open-api/query-order.ts';
import { freePort } from '../../scripts/dev/engine.ts';
import { ANSWER, json, KEYS, type OpenApiServer, ORDER, type Reaction, startOpenApi, text } from './open-api-server.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const LINE = 'CS2509010930EXAMP-000001';

/** A good answer but for one byte inside a text. */
const NOT_UTF8 = Buffer.from(JSON.stringify({ ...ANSWER, resultMsg: '\xff' }), 'latin1');

const servers: OpenApiServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function given(...reactions: Reaction[]): Promise<OpenApiServer> {
  const server = await startOpenApi(...reactions);
  servers.push(server);
  return server;
}

function query(baseUrl: string, options: Partial<OpenApiOptions> = {}, pauses: number[] = []) {
  const { retry, ...others } = options;
  const openApis = createOpenApis({
    baseUrl,
    keys: async () => KEYS,
    clock: () => NOW,
    retry: { random: () => 0, sleep: async (ms) => pauses.push(ms), ...retry },
    ...others,
  });
  return (signal?: AbortSignal) => queryOrder(openApis, ORDER.orderId, LINE, signal);
}

async function failure(promise: Promise<unknown>): Promise<OrderQueryError> {
  const error = await promise.then(
    () => new Error('there was an answer'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OrderQueryError)) throw error;
  expect(error.message).not.toContain(KEYS.secretAccessKey);
  expect(error.message).not.toContain(KEYS.accessKeyId);
  expect(error.message).not.toMatch(/[0-9a-f]{64}/);
  return error;
}

test('reads an order over a request whose signature the gateway can check', async () => {
  const server = await given(json(200, ANSWER));

  const order = await query(server.url)();

  expect(order).toEqual({
    orderId: ORDER.orderId,
    orderType: 'NEW',
    createdAt: new Date('2025-09-01T01:30:00Z'),
    line: {
      orderLineId: LINE,
      chargingMode: 'PERIOD',
      expiresAt: new Date('2026-09-01T15:59:59Z'),
      periodType: 'year',
      periodNumber: 1,
      amount: '1000',
      amountAfterDiscount: '900',
      products: [{ productId: 'demo-year', skuCode: 'demo-small', linearValue: 10, productName: 'Demo' }],
    },
    buyer: { customerId: 'customer-1', customerName: 'demo', mobilePhone: '10000000000', email: 'buyer@example.com' },
    extendParams: [{ name: 'site', value: 'north' }],
  });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.url).toBe(
    `/api/mkp-openapi-public/global/v1/order/query?orderId=${ORDER.orderId}&orderLineId=${LINE}`,
  );
  expect(server.requests[0]?.verified.date).toBe('20260102T030405Z');
  expect(server.requests[0]?.verified.signedHeaders).toContain('host');
});

test('takes the older prefix of success, too', async () => {
  const server = await given(json(200, { ...ANSWER, resultCode: 'CBC.0000' }));

  expect((await query(server.url)()).orderId).toBe(ORDER.orderId);
});

test('signs ids with any characters', async () => {
  const orderId = "单 号+1/2&a=b%'()*!~#";
  const server = await given(json(200, { ...ANSWER, orderInfo: { ...ORDER, orderId } }));
  const openApis = createOpenApis({ baseUrl: server.url, keys: async () => KEYS, clock: () => NOW });

  expect((await queryOrder(openApis, orderId)).orderId).toBe(orderId);
});

test('takes the line asked for, and the first one without a line id', async () => {
  const server = await given(json(200, ANSWER));
  const openApis = createOpenApis({ baseUrl: server.url, keys: async () => KEYS, clock: () => NOW });

  const second = await queryOrder(openApis, ORDER.orderId, 'CS2509010930EXAMP-000002');
  const first = await queryOrder(openApis, ORDER.orderId);

  expect(second.line).toEqual({ orderLineId: 'CS2509010930EXAMP-000002', chargingMode: 'ONE_TIME', products: [] });
  expect(first.line.orderLineId).toBe(LINE);
});

describe('tries again', () => {
  test.each<[string, Reaction]>([
    ['a gateway fault without a code', text(502, '<html>bad gateway</html>')],
    ['an internal error', json(500, { resultCode: 'MKT.0999', resultMsg: 'internal' })],
    ['an internal error with the older prefix', json(500, { resultCode: 'CBC.0999', resultMsg: 'internal' })],
    ['success with the status of a fault', json(500, ANSWER)],
    ['throttling by the marketplace', json(406, { resultCode: 'MKT.0250', resultMsg: 'too often' })],
    ['throttling by the gateway', json(429, { error_code: 'APIG.0308', error_msg: 'throttled' })],
    ['a connection cut before the answer', (response) => response.destroy()],
    [
      'a connection cut inside the answer',
      (response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.write('{"resultCode":', () => response.destroy());
      },
    ],
  ])('after %s', async (_, fault) => {
    const server = await given(fault, fault, json(200, ANSWER));

    expect((await query(server.url)()).orderId).toBe(ORDER.orderId);
    expect(server.requests).toHaveLength(3);
  });

  test('three times, with growing pauses, then says what the last answer was', async () => {
    const server = await given(json(500, { resultCode: 'MKT.0999' }));
    const pauses: number[] = [];

    const error = await failure(query(server.url, {}, pauses)());

    expect(error).toMatchObject({ code: 'MKT.0999', permanent: false });
    expect(server.requests).toHaveLength(3);
    expect(pauses).toEqual([125, 250]);
  });

  test.each([
    ['APIG.0308', json(429, { error_code: 'APIG.0308' })],
    ['MKT.0250', json(406, { resultCode: 'MKT.0250' })],
    ['HTTP 429', text(429, '')],
  ])('later after throttling (%s), and the pause follows the random source', async (code, reaction) => {
    const server = await given(reaction);
    const pauses: number[] = [];
    const retry = { random: () => 1, sleep: async (ms: number) => pauses.push(ms) };

    const error = await failure(query(server.url, { retry })());

    expect(error).toMatchObject({ code, permanent: false });
    expect(pauses).toEqual([1000, 2000]);
  });

  test('after a server that is too slow', async () => {
    const server = await given(() => undefined, json(200, ANSWER));

    expect((await query(server.url, { timeout: 500 })()).orderId).toBe(ORDER.orderId);
    expect(server.requests).toHaveLength(2);
  });

  test('with a key pair read anew, so that a new pair takes effect', async () => {
    const server = await given(json(500, { resultCode: 'MKT.0999' }), json(200, ANSWER));
    let reads = 0;
    const keys = async () => {
      reads += 1;
      return KEYS;
    };

    await query(server.url, { keys })();

    expect(reads).toBe(2);
  });
});

test('gives up when the budget for all tries is spent', async () => {
  const server = await given(() => undefined);

  const error = await failure(query(server.url, { retry: { budget: 100 } })());

  expect(error).toMatchObject({ code: 'timeout', permanent: false });
  expect(server.requests.length).toBeLessThan(2);
});

test('ends at once when the caller calls it off', async () => {
  const controller = new AbortController();
  const server = await given(() => controller.abort());

  expect(await failure(query(server.url)(controller.signal))).toMatchObject({ code: 'aborted', permanent: false });
  expect(await failure(query(server.url)(controller.signal))).toMatchObject({ code: 'aborted' });
  expect(server.requests).toHaveLength(1);
});

test('called off while it pauses, it ends with the error that it paused for', async () => {
  const controller = new AbortController();
  const server = await given(json(503, {}));
  const sleep = async (_: number, signal: AbortSignal) => {
    controller.abort();
    signal.throwIfAborted();
  };

  expect(await failure(query(server.url, { retry: { sleep } })(controller.signal))).toMatchObject({ code: 'HTTP 503' });
  expect(server.requests).toHaveLength(1);
});

describe('does not try again', () => {
  test.each<[string, Reaction, { code: string; permanent: boolean }]>([
    ["another seller's order", json(401, { resultCode: 'MKT.0150' }), { code: 'MKT.0150', permanent: true }],
    ['the same with another status', json(403, { resultCode: 'CBC.0150' }), { code: 'CBC.0150', permanent: true }],
    ['a wrong value, though HTTP 500', json(500, { resultCode: 'MKT.0100' }), { code: 'MKT.0100', permanent: true }],
    [
      'an unknown instance, though HTTP 500',
      json(500, { resultCode: 'CBC.9001' }),
      { code: 'CBC.9001', permanent: true },
    ],
    ['a missing parameter', json(400, { resultCode: 'MKT.0101' }), { code: 'MKT.0101', permanent: true }],
    ['a refusal with an unknown code', json(400, { resultCode: 'MKT.7777' }), { code: 'MKT.7777', permanent: true }],
    ['a refused key pair', json(401, { error_code: 'APIG.0301' }), { code: 'APIG.0301', permanent: false }],
    ['an account without seller role', json(401, { resultCode: 'MKT.0151' }), { code: 'MKT.0151', permanent: false }],
    ['401 without a code', text(401, ''), { code: 'HTTP 401', permanent: false }],
    ['404 of some other server', text(404, '<html/>'), { code: 'HTTP 404', permanent: false }],
    ['an unknown code with HTTP 200', json(200, { resultCode: '94060999' }), { code: '94060999', permanent: false }],
    ['a code of any form', json(400, { resultCode: '<b>a b</b>' }), { code: 'HTTP 400', permanent: false }],
    ['text that is not JSON', text(200, 'hello'), { code: 'malformed', permanent: false }],
    ['bytes that are not UTF-8', text(200, NOT_UTF8), { code: 'malformed', permanent: false }],
    ['JSON that is no object', json(200, [1]), { code: 'malformed', permanent: false }],
    ['success without an order', json(200, { resultCode: 'MKT.0000' }), { code: 'malformed', permanent: false }],
    [
      'an order with a member of another type',
      json(200, { ...ANSWER, orderInfo: { ...ORDER, orderLine: [{ orderLineId: [] }] } }),
      { code: 'malformed', permanent: false },
    ],
    [
      'another order than the one asked for',
      json(200, { ...ANSWER, orderInfo: { ...ORDER, orderId: 'CS-OTHER' } }),
      { code: 'foreign-order', permanent: true },
    ],
    [
      'an order without the line',
      json(200, { ...ANSWER, orderInfo: { ...ORDER, orderLine: ORDER.orderLine.slice(1) } }),
      { code: 'missing-line', permanent: true },
    ],
    [
      'an answer above 1 MB',
      (response) => {
        response.writeHead(200);
        response.write('x'.repeat(1024 * 1024));
        response.write('x'); // and it never ends: reading must stop by itself
      },
      { code: 'oversized', permanent: false },
    ],
  ])('after %s', async (_, reaction, expected) => {
    const server = await given(reaction);

    expect(await failure(query(server.url)())).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  test('and follows no redirect', async () => {
    const target = await given(json(200, ANSWER));
    const server = await given((response) => response.writeHead(307, { location: target.url }).end());

    expect(await failure(query(server.url)())).toMatchObject({ code: 'redirect', permanent: false });
    expect(server.requests).toHaveLength(1);
    expect(target.requests).toHaveLength(0);
  });

  test('with keys that the gateway does not know, and repeats nothing of its answer', async () => {
    const server = await given(json(200, ANSWER));
    const keys = async () => ({ ...KEYS, secretAccessKey: 'another' });

    const error = await failure(query(server.url, { keys })());

    expect(error).toMatchObject({ code: 'APIG.0301', permanent: false });
    expect(error.message).toContain('check the access key pair');
  });
});

describe('the fall-back host', () => {
  test('takes over after a connection failure', async () => {
    const fallback = await given(json(200, ANSWER));
    const dead = `http://127.0.0.1:${await freePort()}`;

    expect((await query(dead, { fallbackUrl: fallback.url })()).orderId).toBe(ORDER.orderId);
    expect(fallback.requests).toHaveLength(1);
  });

  test('is left alone while the first host answers, be it with an error', async () => {
    const fallback = await given(json(200, ANSWER));
    const server = await given(json(500, { resultCode: 'MKT.0999' }));

    await failure(query(server.url, { fallbackUrl: fallback.url })());

    expect(server.requests).toHaveLength(3);
    expect(fallback.requests).toHaveLength(0);
  });

  test('without one the first is tried again, and the error says what to check', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;

    const error = await failure(query(dead)());

    expect(error).toMatchObject({ code: 'connection', permanent: false });
    expect(error.message).toMatch(/ECONNREFUSED.*check the network/);
  });
});

test('passes on that the keys cannot be had', async () => {
  const server = await given(json(200, ANSWER));
  const keys = () => Promise.reject(new Error('no keys'));

  await expect(query(server.url, { keys })()).rejects.toThrow('no keys');
});

test.each([
  'http://mkt.example.com',
  'ftp://127.0.0.1',
  'mkt.example.com',
  'https://user:pw@mkt.example.com',
  'https://user@mkt.example.com',
])('does not start with the address %s', (address) => {
  const options = { keys: async () => KEYS, clock: () => NOW };
  expect(() => createOpenApis({ ...options, baseUrl: address })).toThrow('KOOGATE_OPENAPI_URL');
  expect(() => createOpenApis({ ...options, baseUrl: 'https://a.example', fallbackUrl: address })).toThrow('fall-back');
});
