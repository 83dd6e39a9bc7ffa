import { createHmac, randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { RouteEvent } from '../../lib/middleware/route.ts';

/** The marketplace's signature, written down a second time so that a mistake in the product shows. */
export function sign(key: string, payload: string | Buffer, timestamp: string, nonce: string): string {
  const digest = createHmac('sha256', key).update(payload).digest('hex');
  return createHmac('sha256', key).update(`${key}${nonce}${timestamp}${digest}`).digest('hex').toUpperCase();
}

/** Whether the answer's Body-Sign is that of the key. */
export function bodySignHolds(key: string, answer: { headers?: object; body?: string }): boolean {
  const expected = createHmac('sha256', key)
    .update(answer.body ?? '')
    .digest('base64');
  const headers = answer.headers as Record<string, unknown> | undefined;
  return headers?.['Body-Sign'] === `sign_type="HMAC-SHA256", signature= "${expected}"`;
}

/** What may differ from a well-formed, well-signed call. */
export interface CallOptions {
  readonly product?: string;
  readonly method?: string;
  /** Unix milliseconds of the signature; the caller's clock otherwise. */
  readonly now: number;
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly signature?: string;
  /** Replaces the whole query string. */
  readonly query?: string;
  readonly base64?: boolean;
  /** The gateway's time stamp, if it differs from `now`. */
  readonly takenAt?: number;
}

/** An API Gateway event with a signed body; `body` is sent as it is if it is text or bytes. */
export function routeEvent(key: string, body: unknown, options: CallOptions): RouteEvent {
  const { product = 'demo', method = 'POST', now, base64 = false } = options;
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const timestamp = options.timestamp ?? String(now);
  const nonce = options.nonce ?? randomUUID();
  const signature = options.signature ?? sign(key, payload, timestamp, nonce);
  const bytes = Buffer.from(payload);
  return {
    version: '2.0',
    routeKey: 'ANY /produce/{product+}',
    rawPath: `/produce/${product}`,
    rawQueryString: options.query ?? `signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
    headers: { 'content-type': 'application/json;charset=utf8' },
    pathParameters: { product },
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      requestId: 'r',
      routeKey: 'ANY /produce/{product+}',
      stage: '$default',
      time: '',
      timeEpoch: options.takenAt ?? now,
      http: { method, path: `/produce/${product}`, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
    },
    isBase64Encoded: base64,
    body: bytes.toString(base64 ? 'base64' : 'utf8'),
  };
}

/** The parts of Lambda's context that the route reads. */
export const lambdaContext = { awsRequestId: 'request-1' } as Context;
