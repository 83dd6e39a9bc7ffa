import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Product } from '../config/products.ts';
import type { Call } from '../protocol/call.ts';
import type { ResultCode } from '../protocol/result-codes.ts';
import type { EncryptType } from '../protocol/v1/cipher.ts';
import type { ProductSecrets } from '../secrets/secrets.ts';
import type { Access } from '../seller/contract.ts';
import type { Proof } from './doors/door.ts';

/** Answer of a handler, before it is encrypted, serialised and signed. */
export interface Answer {
  readonly resultCode: ResultCode;
  readonly resultMsg: string;
  /** Encryption of the answer's user names and passwords: `1` AES-256, `2` AES-128. */
  readonly encryptType?: EncryptType;
  readonly instanceId?: string;
  /** V1.0: how the buyer gets in, in the answer to newInstance itself. */
  readonly appInfo?: Access;
  /** License 1.0: the licence itself. */
  readonly license?: string;
  readonly info?: readonly InstanceInfo[];
  /** Models: the customer's key. */
  readonly Apikey?: string;
  /** The gateway's form alone has a status. */
  readonly statusCode?: never;
}

/** One instance in the answer to queryInstance. */
export interface InstanceInfo {
  readonly instanceId: string;
  readonly appInfo?: Access;
  readonly usageInfo?: readonly UsageInfo[];
}

export interface UsageInfo {
  readonly relatedInstanceId?: string;
  /** Cumulative, at most four decimals. */
  readonly usageValue: number;
  /** UTC, `yyyyMMddHHmmssSSS`. */
  readonly statisticalTime: string;
  readonly dashboardUrl?: string;
}

/** Facts that the middlewares learn about a request on its way in, for the way out. */
export interface RouteState extends Record<string, unknown> {
  /** When the gateway took the request, Unix milliseconds. */
  receivedAt?: number;
  /** Id of the product, known as soon as the path names one, so that refusals can be logged under it. */
  productId?: string;
  /** Signs the answer: the key that verified, or before that the newest of the family's class. */
  answerKey?: string;
  /** Set once the signature holds. */
  proof?: Proof;
  /** Set once it is known what is called. */
  call?: Call;
  product?: Product;
  /** The product's, for keys that are needed on the way out. */
  secrets?: ProductSecrets;
  /** Set when the answer is signed, for the log. */
  resultCode?: ResultCode;
}

/** An API Gateway event; `authenticated` is set by the middleware of that name and is all that handlers look at. */
export interface RouteEvent extends APIGatewayProxyEventV2 {
  authenticated?: { readonly call: Call; readonly product: Product; readonly receivedAt: number };
}

/** An Answer on its way out; from `signBody` on, the gateway's form of it. */
export type RouteResult = Answer | APIGatewayProxyStructuredResultV2;

export type RouteRequest = Request<RouteEvent, RouteResult, Error, Context, RouteState>;

export type RouteMiddleware = MiddlewareObj<RouteEvent, RouteResult, Error, Context, RouteState>;

/** Checks whether the result is still an Answer. */
export function isAnswer(result: RouteResult | null | undefined): result is Answer {
  return 'resultCode' in (result ?? {});
}

/** An answer outside the protocol, without detail and unsigned: nobody entitled to more is asking. */
export class OutsideProtocol extends Error {
  override readonly name = 'OutsideProtocol';
  readonly statusCode: 404 | 405 | 503;
  /** For 405: the methods that are taken. */
  readonly allow: string | undefined;

  constructor(statusCode: 404 | 405 | 503, reason: string, options: ErrorOptions & { allow?: string } = {}) {
    super(reason, options);
    this.statusCode = statusCode;
    this.allow = options.allow;
  }
}
