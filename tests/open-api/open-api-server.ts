import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Listener, listen } from '../support/listen.ts';
import { type Verified, verifySignature } from './verify-signature.ts';

export const KEYS = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'sk-never-shown-3f1c' };

/** Answers one request. */
export type Reaction = (response: ServerResponse, request: IncomingMessage) => unknown;

/** The marketplace's gateway: lets signed requests through to the reactions, one after another; the last one stays. */
export interface OpenApiServer extends Listener {
  readonly requests: readonly { readonly url: string; readonly verified: Verified }[];
}

export async function startOpenApi(...reactions: Reaction[]): Promise<OpenApiServer> {
  const requests: { url: string; verified: Verified }[] = [];
  const listener = await listen((request, body, response) => {
    const verified = verifySignature(request, body, KEYS.secretAccessKey);
    if (verified?.accessKeyId !== KEYS.accessKeyId) {
      return json(401, { error_code: 'APIG.0301', error_msg: `Incorrect signature ${request.headers.authorization}` })(
        response,
        request,
      );
    }
    requests.push({ url: request.url ?? '', verified });
    const reaction = reactions[Math.min(requests.length, reactions.length) - 1];
    return reaction?.(response, request);
  });
  return { ...listener, requests };
}

export function json(status: number, body: unknown): Reaction {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function text(status: number, body: string | Buffer): Reaction {
  return (response) => response.writeHead(status).end(body);
}

export const ORDER = {
  orderId: 'CS2509010930EXAMP',
  orderType: 'NEW',
  createTime: '20250901013000',
  orderLine: [
    {
      orderLineId: 'CS2509010930EXAMP-000001',
      chargingMode: 'PERIOD',
      expireTime: '20260901155959',
      periodType: 'year',
      periodNumber: 1,
      currency: '1000',
      currencyAfterDiscount: '900',
      productInfo: [{ productId: 'demo-year', skuCode: 'demo-small', linearValue: 10, productName: 'Demo' }],
    },
    { orderLineId: 'CS2509010930EXAMP-000002', chargingMode: 'ONE_TIME', productInfo: [] },
  ],
  buyerInfo: { customerId: 'customer-1', customerName: 'demo', mobilePhone: '10000000000', email: 'buyer@example.com' },
  extendParams: [{ name: 'site', value: 'north' }],
};

export const ANSWER = { resultCode: 'MKT.0000', resultMsg: 'success', orderInfo: ORDER };
