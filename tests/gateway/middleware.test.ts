import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  agentsGateway,
  apigGateway,
  GatewayError,
  type GatewayHandler,
  type GatewayNote,
  type Listener,
} from '../../lib/gateway/index.ts';
import { APIG_VECTORS, APP_KEYS, ISSUED_AT, SIGN_KEYS, SIGNED_AT, TOKENS } from './vectors.ts';

const servers: ReturnType<typeof createServer>[] = [];
const notes: GatewayNote[] = [];
const settings = { note: (note: GatewayNote) => notes.push(note) };

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  notes.length = 0;
});

async function serve(listener: Listener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const agents = (handler: GatewayHandler, others: object = {}) =>
  serve(agentsGateway({ keys: APP_KEYS, clock: () => ISSUED_AT, ...settings, ...others })(handler));

const call = (url: string, headers: Record<string, string> = {}, body = '{}') =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: TOKENS['agents-jwt-exp-seconds'], 'x-request-id': 'r-1', ...headers },
    body,
  });

async function* from(chunks: readonly string[]) {
  yield* chunks;
}

describe('a call of the Agents gateway', () => {
  test('reaches the seller with its buyer and its body, and gets its answer with the billed members', async () => {
    const url = await agents(async ({ answer, body, customer, requestId }) => {
      const text = (await body()).toString();
      answer({ data: { text, customer, requestId } }, { 'usage.prompt_tokens': 12, 'usage.completion_tokens': 34 });
    });
    const response = await call(url, { 'x-customer-id': 'c-1', 'x-customer-name': 'demo' }, 'hello');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      data: { text: 'hello', customer: { id: 'c-1', name: 'demo' }, requestId: 'r-1' },
      usage: { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 },
    });
  });

  test('gets a stream with one event of usage', async () => {
    const url = await agents(({ stream }) =>
      stream(from(['data: {"choices":[{}]}\n\n', 'data: [DONE]\n\n']), () => ({ 'usage.completion_tokens': 2 })),
    );
    const response = await call(url);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toBe(
      'data: {"choices":[{}]}\n\ndata: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":2,"total_tokens":2}}\n\ndata: [DONE]\n\n',
    );
  });

  test('is refused without a token, and its caller is told no reason', async () => {
    const url = await agents(({ answer }) => answer({}, { 'usage.prompt_tokens': 1 }));
    const response = await call(url, { authorization: 'Bearer a.b.c' });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: { code: 'unauthorized', message: expect.any(String) } });
    expect(notes).toEqual([{ event: 'unverified', requestId: 'r-1', reason: 'credential-form' }]);
  });

  test('may have its token in another header', async () => {
    const url = await agents(({ answer }) => answer({}, { 'usage.prompt_tokens': 1 }), { header: 'X-Token' });
    expect((await call(url, { 'x-token': TOKENS['agents-jwt-exp-millis'], authorization: '' })).status).toBe(200);
    expect((await call(url)).status).toBe(401);
  });
});

describe('a failure is never 2xx', () => {
  const thrown =
    (error: unknown): GatewayHandler =>
    (_, __, response) => {
      response.statusCode = 200;
      response.setHeader('Content-Length', '2');
      throw error;
    };
  const broken = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.reject(new GatewayError(503, 'busy', 'Call again later.')),
    }),
  };
  const cases: (readonly [string, number, string, GatewayHandler])[] = [
    ['an error', 500, 'failed', thrown(new Error('secret'))],
    ['a failure of the seller', 429, 'quota', thrown(new GatewayError(429, 'quota', 'Too many calls.'))],
    ['an answer without a quantity', 500, 'failed', ({ answer }) => answer({ text: 'free' })],
    ['a fraction', 500, 'failed', ({ answer }) => answer({}, { 'usage.prompt_tokens': 1.5 })],
    ['a name that was not declared', 500, 'failed', ({ answer }) => answer({}, { 'usage.images': 1 })],
    ['a stream that breaks at once', 503, 'busy', ({ stream }) => stream(broken)],
    ['an empty stream', 500, 'failed', ({ stream }) => stream(from([]))],
    ['a body beyond the limit', 413, 'body-too-large', async ({ body }) => void (await body())],
  ];
  test.each(cases)('%s: %s', async (_, status, code, handler) => {
    const response = await call(await agents(handler, { maxBody: 1 }));
    const text = await response.text();
    expect([response.status, JSON.parse(text).error.code]).toEqual([status, code]);
    expect(text).not.toContain('secret');
    expect(notes).toMatchObject([{ event: 'failed', requestId: 'r-1' }]);
  });

  test('nor can one be made that is', () => {
    for (const status of [200, 204, 302, 600]) expect(() => new GatewayError(status, 'x', 'x')).toThrow(RangeError);
  });
});

test('a buyer who leaves stops the stream, and the seller hears what was counted', async () => {
  let stopped: (value: unknown) => void = () => {};
  const isStopped = new Promise((resolve) => {
    stopped = resolve;
  });
  const source = async function* () {
    try {
      for (;;) {
        yield 'data: {}\n\n';
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      stopped(true);
    }
  };
  const left = new Promise((resolve) => {
    const note = (one: GatewayNote) => resolve(one);
    const url = agents(({ stream }) => stream(source(), () => ({ 'usage.completion_tokens': 5 })), { note });
    void url.then(async (address) => {
      const response = await call(address);
      await response.body?.cancel();
    });
  });
  expect(await left).toEqual({ event: 'stream-left', requestId: 'r-1', billed: { 'usage.completion_tokens': 5 } });
  expect(await isStopped).toBe(true);
});

describe('a call of APIG', () => {
  const echo: GatewayHandler = async ({ answer, body, key, signedHeaders }) =>
    answer({ key, signedHeaders, text: (await body()).toString() });

  test.each(APIG_VECTORS)('reaches the seller with the body that was signed: $id', async (vector) => {
    const listener = apigGateway({ keys: SIGN_KEYS, clock: () => SIGNED_AT, ...settings })(echo);
    const { method, target, body, headers, signedHeaders, signature } = vector;
    const url = await serve(async (request, response) => {
      request.headers.host = headers.host; // what a proxy in front of the seller keeps
      await listener(request, response);
    });
    const { host: _, ...sent } = headers;
    const authorization = `SDK-HMAC-SHA256 Access=demo_sign_key_01, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    const response = await fetch(`${url}${target}`, {
      method,
      headers: { ...sent, authorization },
      ...(method === 'GET' ? {} : { body }),
    });
    expect(await response.json()).toEqual({
      key: 'demo_sign_key_01',
      signedHeaders: signedHeaders.split(';'),
      text: body,
    });
  });

  test('is refused without a signature', async () => {
    const url = await serve(apigGateway({ keys: SIGN_KEYS, ...settings })(echo));
    expect((await fetch(url)).status).toBe(401);
    expect(notes).toMatchObject([{ event: 'unverified', reason: 'credential-missing' }]);
  });

  test('cannot be verified after somebody else has read its body', async () => {
    const { target, headers, signedHeaders, signature, body } = APIG_VECTORS[1] as (typeof APIG_VECTORS)[number];
    const listener = apigGateway({ keys: SIGN_KEYS, clock: () => SIGNED_AT, ...settings })(echo);
    const url = await serve(async (request, response) => {
      for await (const _ of request);
      await listener(request, response);
    });
    const authorization = `SDK-HMAC-SHA256 Access=demo_sign_key_01, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    const { host: _, ...sent } = headers;
    const response = await fetch(`${url}${target}`, { method: 'POST', headers: { ...sent, authorization }, body });
    expect(response.status).toBe(500);
    expect(notes).toMatchObject([{ event: 'failed', error: { message: expect.stringContaining('body parser') } }]);
  });
});

test('paths of lists and of prototypes cannot be billed', () => {
  for (const path of ['', 'a..b', 'a[0].b', '__proto__.x', 'a.__proto__']) {
    expect(() => agentsGateway({ keys: {}, billed: [path] })).toThrow(/is not a path/);
  }
});
