import type { RouteEvent } from '../../lib/middleware/route.ts';
import type { PreparedCall } from '../marketplace/calls/prepare.ts';

/** A signed call as the gateway hands it to the route. @param now when the gateway took it, Unix milliseconds */
export function toRouteEvent({ method, url, headers, body }: PreparedCall, now: number): RouteEvent {
  const { pathname, search, hostname } = new URL(url);
  return {
    version: '2.0',
    routeKey: 'ANY /produce/{product+}',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    pathParameters: { product: decodeURIComponent(pathname.replace(/^\/produce\//, '')) },
    requestContext: {
      accountId: 'test',
      apiId: 'test',
      domainName: hostname,
      domainPrefix: 'test',
      requestId: `test-${now}`,
      routeKey: 'ANY /produce/{product+}',
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'koogate/testing' },
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: body.toString('utf8') }),
  };
}
