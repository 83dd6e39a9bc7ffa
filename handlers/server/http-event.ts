import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { RouteEvent } from '../../lib/middleware/route.ts';

/** Facts of a request that its bytes do not tell. */
export interface Arrival {
  readonly id: string;
  /** When the request's head was there, Unix milliseconds; its body may have come much later. */
  readonly at: number;
  /** Believes the last address that a proxy has put into `x-forwarded-for`. */
  readonly trustsProxy: boolean;
}

/** Path and query of a request's target, both as they came. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** Splits a request's target; undefined for one that is no path, such as `*` or a whole address. */
export function targetOf(url: string): Target | undefined {
  if (!url.startsWith('/')) return undefined;
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/**
 * Makes a request into the event that an HTTP API of API Gateway (payload format 2.0) would hand over: query string and
 * body byte for byte, headers by their lower-case names and repeated ones joined by commas, cookies as a list.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @param routeKey of the route that was found, with the parameters of its path
 */
export function toEvent(
  request: IncomingMessage,
  target: Target,
  body: Buffer,
  arrival: Arrival,
  route: { readonly routeKey: string; readonly parameters: Readonly<Record<string, string>> },
): RouteEvent {
  const { path, query } = target;
  const { cookie, ...headers } = headersOf(request);
  const isText = isUtf8(body);
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/[;,] */).filter((one) => one !== '') }),
    headers,
    pathParameters: { ...route.parameters },
    requestContext: {
      accountId: '',
      apiId: '',
      domainName: headers.host ?? '',
      domainPrefix: '',
      requestId: arrival.id,
      routeKey: route.routeKey,
      stage: '$default',
      time: new Date(arrival.at).toISOString(),
      timeEpoch: arrival.at,
      http: {
        method: request.method ?? '',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceOf(request, headers, arrival.trustsProxy),
        userAgent: headers['user-agent'] ?? '',
      },
    },
    isBase64Encoded: !isText,
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
  };
}

/** All headers, none dropped: Node's own map forgets some that come twice. */
function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(',')]));
}

function sourceOf(
  { socket }: IncomingMessage,
  headers: Readonly<Record<string, string>>,
  trustsProxy: boolean,
): string {
  const forwarded = trustsProxy ? headers['x-forwarded-for']?.split(',').at(-1)?.trim() : undefined;
  return forwarded || (socket.remoteAddress ?? '');
}
