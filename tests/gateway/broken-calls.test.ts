import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { agentsGateway, apigGateway, type GatewayHandler, type Listener } from '../../lib/gateway/index.ts';
import { APIG_VECTORS, APP_KEYS, ISSUED_AT, SIGN_KEYS, SIGNED_AT, TOKENS } from './vectors.ts';

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: Listener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const authorization = TOKENS['agents-jwt-exp-seconds'];
const agents = (handler: GatewayHandler, others: object = {}) =>
  serve(agentsGateway({ keys: APP_KEYS, clock: () => ISSUED_AT, note: () => {}, ...others })(handler));

/** Sends the bytes of a request and gives all that comes back. */
async function exchange(port: number, bytes: string, ends = false): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  if (ends) socket.end();
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
    if (text.endsWith('}')) socket.end();
  });
  await once(socket, 'close');
  return text;
}

const head = (more: string) => `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n${more}\r\n\r\n`;

test('a body in chunks is refused where it grows beyond the limit', async () => {
  const port = await agents(async ({ body, answer }) => answer({ n: (await body()).length }, {}), { maxBody: 4 });
  const text = await exchange(port, `${head('Transfer-Encoding: chunked')}5\r\nabcde\r\n0\r\n\r\n`);
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text).toContain('body-too-large');
});

test('a body that breaks off is a failure of the caller', async () => {
  const reasons: string[] = [];
  const noted = new Promise<void>((resolve) => {
    const note = ({ reason }: { reason?: string | undefined }) => {
      reasons.push(reason ?? '');
      resolve();
    };
    void agents(async ({ body, answer }) => answer({ n: (await body()).length }, {}), { note }).then(async (port) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`${head('Content-Length: 10')}abc`, () => socket.resetAndDestroy());
    });
  });
  await noted;
  expect(reasons).toEqual(['body-incomplete']);
});

test('what is thrown and is no error is a failure too, and says no more than that on standard error', async () => {
  const written = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const listener = agentsGateway({ keys: APP_KEYS, clock: () => ISSUED_AT })(() => Promise.reject('secret'));
    const response = await fetch(`http://127.0.0.1:${await serve(listener)}`, { headers: { authorization } });
    expect(response.status).toBe(500);
    const line = JSON.stringify({ source: 'koogate/gateway', event: 'failed', reason: 'string' });
    expect(written.mock.calls).toEqual([[line]]);
  } finally {
    written.mockRestore();
  }
});

test('an answer that is no object fails', async () => {
  const port = await agents(({ answer }) => answer([1] as unknown as object, { 'usage.prompt_tokens': 1 }));
  expect((await fetch(`http://127.0.0.1:${port}`, { headers: { authorization } })).status).toBe(500);
});

test('the path is verified that came in, also below a mounted path', async () => {
  const [{ target, headers, signedHeaders, signature }] = APIG_VECTORS as [(typeof APIG_VECTORS)[number]];
  const proof = `SDK-HMAC-SHA256 Access=demo_sign_key_01, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  const gateway = apigGateway({ keys: SIGN_KEYS, clock: () => SIGNED_AT, note: () => {} });
  const listener = gateway(({ answer, key }) => answer({ key }));
  const port = await serve(async (request: IncomingMessage & { originalUrl?: string }, response) => {
    request.headers.host = headers.host;
    request.originalUrl = request.url ?? '';
    request.url = '/mounted';
    await listener(request, response);
  });
  const { host: _, ...sent } = headers;
  const response = await fetch(`http://127.0.0.1:${port}${target}`, { headers: { ...sent, authorization: proof } });
  expect(await response.json()).toEqual({ key: 'demo_sign_key_01' });
});

test.each([
  ['no date', { 'X-Sdk-Date': undefined }, 'date-form'],
  ['a date in another form', { 'X-Sdk-Date': '2026-03-01' }, 'date-form'],
  ['a date that the calendar lacks', { 'X-Sdk-Date': '20261341T080910Z' }, 'date-form'],
])('a signature with %s is refused', async (_, { 'X-Sdk-Date': date }, reason) => {
  const reasons: (string | undefined)[] = [];
  const note = (one: { reason?: string | undefined }) => reasons.push(one.reason);
  const listener = apigGateway({ keys: SIGN_KEYS, clock: () => SIGNED_AT, note })(({ answer }) => answer({}));
  const proof = `SDK-HMAC-SHA256 Access=demo_sign_key_01, SignedHeaders=x-sdk-date, Signature=${'0'.repeat(64)}`;
  const headers = { authorization: proof, ...(date === undefined ? {} : { 'x-sdk-date': date }) };
  const response = await fetch(`http://127.0.0.1:${await serve(listener)}`, { headers });
  expect([response.status, reasons]).toEqual([401, [reason]]);
});

test.each(['Basic', 'Basic !', 'Basic bm9jb2xvbg==', 'Bearer x'])('"%s" is no name and password', async (proof) => {
  const listener = apigGateway({ keys: SIGN_KEYS, type: 'basic', note: () => {} })(({ answer }) => answer({}));
  const response = await fetch(`http://127.0.0.1:${await serve(listener)}`, { headers: { authorization: proof } });
  expect(response.status).toBe(401);
});

test('a name that is not known as a key is refused', async () => {
  const proof = `Basic ${Buffer.from('nobody:a-long-secret').toString('base64')}`;
  const listener = apigGateway({ keys: SIGN_KEYS, type: 'basic', note: () => {} })(({ answer }) => answer({}));
  const response = await fetch(`http://127.0.0.1:${await serve(listener)}`, { headers: { authorization: proof } });
  expect(response.status).toBe(401);
});

test('a path that ends with a slash is signed as it is', async () => {
  const reasons: (string | undefined)[] = [];
  const note = (one: { reason?: string | undefined }) => reasons.push(one.reason);
  const listener = apigGateway({ keys: SIGN_KEYS, clock: () => SIGNED_AT, note })(({ answer }) => answer({}));
  const proof = `SDK-HMAC-SHA256 Access=demo_sign_key_01, SignedHeaders=x-sdk-date, Signature=${'0'.repeat(64)}`;
  const headers = { authorization: proof, 'x-sdk-date': '20260301T080910Z' };
  const response = await fetch(`http://127.0.0.1:${await serve(listener)}/a/`, { headers });
  expect([response.status, reasons]).toEqual([401, ['signature']]);
});

describe('a stream', () => {
  async function notesOf(chunks: () => AsyncGenerator<string>): Promise<readonly string[]> {
    const events: string[] = [];
    const note = ({ event }: { event: string }) => events.push(event);
    const port = await agents(({ stream }) => stream(chunks()), { note });
    const response = await fetch(`http://127.0.0.1:${port}`, { headers: { authorization } });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"total_tokens"');
    return events;
  }

  test('without any number is told to the seller', async () => {
    const chunks = async function* () {
      yield 'data: {"choices":[]}\n\n';
    };
    expect(await notesOf(chunks)).toEqual(['unbilled']);
  });

  test('that breaks off in the middle is billed as far as it came, and told to the seller', async () => {
    const chunks = async function* () {
      yield 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n';
      throw new Error('the model is gone');
    };
    expect(await notesOf(chunks)).toEqual(['stream-broken']);
  });
});
