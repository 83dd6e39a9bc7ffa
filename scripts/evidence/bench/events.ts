import { createHmac, randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { RouteEvent } from '../../../lib/middleware/route.ts';

/** Differences from a well-signed call of this moment. */
export interface EventOptions {
  readonly product?: string;
  /** Unix milliseconds; now by default. */
  readonly at?: number;
  readonly signature?: string;
}

/** The marketplace's signature of a call. */
export function signedQuery(key: string, body: string, at: number = Date.now()): string {
  const nonce = randomUUID();
  const digest = createHmac('sha256', key).update(body).digest('hex');
  const signature = createHmac('sha256', key).update(`${key}${nonce}${at}${digest}`).digest('hex').toUpperCase();
  return `signature=${signature}&timestamp=${at}&nonce=${nonce}`;
}

/** A call as API Gateway hands it over, signed with the key. */
export function signedEvent(key: string, message: object, options: EventOptions = {}): RouteEvent {
  const { product = 'demo', at = Date.now(), signature } = options;
  const body = JSON.stringify(message);
  const query = signedQuery(key, body, at);
  return {
    version: '2.0',
    routeKey: 'ANY /produce/{product+}',
    rawPath: `/produce/${product}`,
    rawQueryString: signature === undefined ? query : query.replace(/^signature=\w+/, `signature=${signature}`),
    headers: { 'content-type': 'application/json;charset=utf8' },
    pathParameters: { product },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'api',
      requestId: randomUUID(),
      routeKey: 'ANY /produce/{product+}',
      stage: '$default',
      time: '',
      timeEpoch: Date.now(),
      http: { method: 'POST', path: `/produce/${product}`, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' },
    },
    isBase64Encoded: false,
    body,
  };
}

let orders = 0;

/** A purchase nobody made before, as wordy as the marketplace's are. */
export function purchase(more: object = {}): Readonly<Record<string, string>> {
  orders += 1;
  const orderId = `CS${process.pid}${Date.now()}${orders}`;
  return {
    activity: 'newInstance',
    businessId: randomUUID(),
    orderId,
    orderLineId: `${orderId}-000001`,
    productId: 'OFFI745678901234567890',
    ...more,
  };
}

/** A fresh context: what Lambda hands over with each event. */
export function lambdaContext(): Context {
  return {
    awsRequestId: randomUUID(),
    functionName: 'bench',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:bench',
    memoryLimitInMB: '1024',
    logGroupName: 'bench',
    logStreamName: 'bench',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => 8_000,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
