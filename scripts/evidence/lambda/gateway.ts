import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Outcome } from './sandbox.ts';
import { ACCOUNT } from './template.ts';

/*
 * An HTTP API of API Gateway on loopback, with one route to one function.
 * Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (payload
 * format 2.0), https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (10 MB).
 */

/** The route that is played: a path with one variable for all that follows. */
const ROUTE = 'ANY /produce/{product+}';
const PATH = /^\/produce\/(.+)$/s;
const BODY_BYTES = 10_485_760;

/** Bodies of these kinds arrive as text, all others in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml))/;

/** A request as it arrived. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
}

/** An answer as it leaves. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** A gateway that listens. */
export interface Gateway {
  /** Address up to the products. */
  readonly route: string;
  stop(): Promise<void>;
}

/** Starts the gateway of the packaged routes in front of a function. @throws Error if the service has other routes */
export async function startGateway(
  routes: readonly string[],
  invoke: (event: unknown) => Promise<Outcome>,
): Promise<Gateway> {
  if (routes.join() !== ROUTE) throw new Error(`Expected the route ${ROUTE}, found ${routes.join(', ')}.`);
  const server = createServer(async (request, response) => {
    try {
      const { method = '', url = '', headers } = request;
      const body = await buffer(request);
      const answer = await pass({ method, url, headers, body, now: Date.now() }, invoke);
      response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
      response.end(answer.body);
    } catch {
      request.destroy(); // the caller went away
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    route: `http://127.0.0.1:${(server.address() as AddressInfo).port}/produce`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Takes a request to the function and its answer back. */
export async function pass(
  request: GatewayRequest,
  invoke: (event: unknown) => Promise<Outcome>,
): Promise<GatewayAnswer> {
  if (request.body.length > BODY_BYTES) return message(413, 'Request Entity Too Large');
  const path = decoded(request.url.split('?')[0] ?? '');
  if (path === undefined) return message(400, 'Bad Request');
  const product = PATH.exec(path)?.[1];
  if (product === undefined) return message(404, 'Not Found');
  const outcome = await invoke(toEvent(request, path, product)).catch(() => undefined);
  if (outcome?.kind === 'timeout') return message(503, 'Service Unavailable');
  return outcome?.kind === 'answer' ? fromResult(outcome.value) : message(500, 'Internal Server Error');
}

function message(status: number, text: string): GatewayAnswer {
  const body = Buffer.from(JSON.stringify({ message: text }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function toEvent({ method, url, headers, body, now }: GatewayRequest, path: string, product: string): unknown {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  const { cookie, ...others } = headers;
  const isText = TEXT.test(headers['content-type'] ?? '');
  const domainName = 'rehearsal.execute-api.amazonaws.com';
  return {
    version: '2.0',
    routeKey: ROUTE,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: {
      ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, [value].flat().join(',')])),
      'content-length': String(body.length),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    ...(query === '' ? {} : { queryStringParameters: joined(new URLSearchParams(query)) }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'rehearsal',
      domainName,
      domainPrefix: 'rehearsal',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] ?? '' },
      requestId: randomBytes(12).toString('base64'),
      routeKey: ROUTE,
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    pathParameters: { product },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Joins members that come several times by commas, as the gateway does. */
function joined(parameters: URLSearchParams): Record<string, string> {
  const values = new Map<string, string[]>();
  for (const [name, value] of parameters) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')]));
}

/** An answer without a status code is taken as the body itself. */
function fromResult(value: unknown): GatewayAnswer {
  const {
    statusCode,
    headers = {},
    cookies,
    body = '',
    isBase64Encoded,
  } = Object(value) as {
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly cookies?: readonly string[];
    readonly body?: string;
    readonly isBase64Encoded?: boolean;
  };
  if (statusCode === undefined) {
    const plain = typeof value === 'string' ? value : JSON.stringify(value);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(plain) };
  }
  const lower = Object.entries(headers).map(([name, one]) => [name.toLowerCase(), String(one)] as const);
  return {
    status: statusCode,
    headers: { ...Object.fromEntries(lower), ...(cookies === undefined ? {} : { 'set-cookie': cookies }) },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
