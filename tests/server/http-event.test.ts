import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { targetOf, toEvent } from '../../handlers/server/http-event.ts';
import { routeOf } from '../../handlers/server/routes.ts';
import type { RouteEvent } from '../../lib/middleware/route.ts';

const ARRIVED = Date.UTC(2026, 0, 2, 3, 4, 5);

let port: number;
let seen: (event: RouteEvent) => void;
let trustsProxy = false;
const server = createServer(async (request: IncomingMessage, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const target = targetOf(request.url ?? '') ?? { path: '', query: '' };
  const route = { routeKey: 'ANY /produce/{product+}', parameters: { product: 'crm' } };
  seen(toEvent(request, target, Buffer.concat(chunks), { id: 'r-1', at: ARRIVED, trustsProxy }, route));
  response.end();
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Sends bytes as they are, and gives the event that was made of them. */
async function eventOf(head: readonly string[], body: Buffer | string = ''): Promise<RouteEvent> {
  const event = new Promise<RouteEvent>((resolve) => {
    seen = resolve;
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(`${head.join('\r\n')}\r\nHost: shop.example.com\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
  socket.write(body);
  const made = await event;
  socket.destroy();
  return made;
}

describe('an HTTP request as an event of API Gateway', () => {
  test('has the query string as it came, whatever is in it', async () => {
    const query = 'a=1+2&a=%2B&a=&b=%2F%20x&%E4=1&c';
    expect((await eventOf([`POST /produce/crm?${query} HTTP/1.1`])).rawQueryString).toBe(query);
    expect((await eventOf(['POST /produce/crm?a=1?b=2 HTTP/1.1'])).rawQueryString).toBe('a=1?b=2');
    expect((await eventOf(['POST /produce/crm HTTP/1.1'])).rawQueryString).toBe('');
  });

  test('has a text as its body as it is, and other bytes in base64', async () => {
    const text = '\ufeff{"name":"云商店 \u0000 \ud83d\ude00"}';
    expect(await eventOf(['POST /produce/crm HTTP/1.1'], text)).toMatchObject({ body: text, isBase64Encoded: false });
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const event = await eventOf(['POST /produce/crm HTTP/1.1'], bytes);
    expect(event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
    expect(await eventOf(['POST /produce/crm HTTP/1.1'])).not.toHaveProperty('body');
  });

  test('joins headers that come twice, by lower-case names, and none is lost', async () => {
    const lines = ['X-Sign: one', 'x-sign: two', 'Content-Type: application/json', 'Content-Type: text/plain'];
    const { headers } = await eventOf(['POST /produce/crm HTTP/1.1', ...lines]);
    expect(headers).toMatchObject({ 'x-sign': 'one,two', 'content-type': 'application/json,text/plain' });
  });

  test('has each cookie by itself', async () => {
    const { cookies, headers } = await eventOf(['GET /produce/crm HTTP/1.1', 'Cookie: a=1; b=2', 'Cookie: c=3']);
    expect(cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(headers).not.toHaveProperty('cookie');
  });

  test('has the moment of its arrival, and its source', async () => {
    const lines = ['X-Forwarded-For: 198.51.100.7, 203.0.113.9'];
    const { requestContext } = await eventOf(['POST /produce/crm HTTP/1.1', ...lines]);
    expect(requestContext).toMatchObject({ timeEpoch: ARRIVED, requestId: 'r-1', domainName: 'shop.example.com' });
    expect(requestContext.http).toMatchObject({ method: 'POST', path: '/produce/crm', sourceIp: '127.0.0.1' });
  });

  test('has the source that the proxy names only where the proxy is trusted', async () => {
    trustsProxy = true;
    const lines = ['X-Forwarded-For: 198.51.100.7, 203.0.113.9'];
    const { requestContext } = await eventOf(['POST /produce/crm HTTP/1.1', ...lines]);
    trustsProxy = false;
    expect(requestContext.http.sourceIp).toBe('203.0.113.9');
  });
});

describe('a route', () => {
  test.each([
    ['POST', '/produce/crm', 'crm'],
    ['GET', '/produce/crm/', 'crm/'],
    ['POST', '/produce/crm/produceAPI/v2/tenantSync', 'crm/produceAPI/v2/tenantSync'],
    ['DELETE', '/produce/a%20b', 'a b'],
  ])('%s %s leads to the calls', (method, path, product) => {
    expect(routeOf(method, path, false)).toMatchObject({ kind: 'produce', parameters: { product } });
  });

  test.each([
    ['POST', '/'],
    ['GET', '/produce'],
    ['GET', '/produce/'],
    ['GET', '/produce/%zz'],
    ['POST', '/login/crm/start'],
    ['GET', '/login/crm'],
    ['GET', '/metrics'],
    ['POST', '/usage'],
    ['POST', '/healthz'],
  ])('%s %s leads nowhere', (method, path) => {
    expect(routeOf(method, path, true)).toBeUndefined();
  });

  test('to the login is there where the stage has it', () => {
    expect(routeOf('GET', '/login/crm/start', false)).toBeUndefined();
    const parameters = { product: 'crm', step: 'start' };
    expect(routeOf('GET', '/login/crm/start', true)).toMatchObject({ kind: 'login', parameters });
  });

  test('of a whole address or an asterisk is no path', () => {
    expect(targetOf('http://shop.example.com/produce/crm')).toBeUndefined();
    expect(targetOf('*')).toBeUndefined();
  });
});
