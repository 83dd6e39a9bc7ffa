import type { PreparedCall } from '../../../marketplace/calls/prepare.ts';
import { type Outcome, sendCall } from '../../../marketplace/calls/send.ts';
import { agentsToken, type GatewayKey, signApig, type TokenParts } from '../../../marketplace/stand-in/gateway/sign.ts';

/** Product kinds whose server is called by a gateway of the marketplace. */
export const GATEWAY_KINDS = ['api', 'agents'] as const;

export type GatewayKind = (typeof GATEWAY_KINDS)[number];

/** A seller's server behind a gateway, and the call that it is asked. */
export interface GatewayTarget {
  readonly kind: GatewayKind;
  readonly at: string;
  readonly key: GatewayKey;
  /** Name of the header with the signature or the token, in lower case. */
  readonly header: string;
  readonly method: string;
  readonly body: string;
  readonly contentType: string;
  /** Members that are billed, as dotted paths; none where calls are counted. */
  readonly billed: readonly string[];
  readonly insecure: boolean;
  /** Milliseconds that an answer may take. */
  readonly limit: number;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Differences from a right call. */
export interface GatewayWish {
  readonly key?: GatewayKey;
  /** Milliseconds by which the gateway's clock is off. */
  readonly shift?: number;
  /** Headers that APIG signs: `host`, the date and the content type unless others are named. */
  readonly signed?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: TokenParts;
  /** Text before the token. */
  readonly scheme?: string;
  readonly body?: string;
  /** Changes the proof, the text in its header; undefined takes it away. */
  readonly proof?: (proof: string) => string | undefined;
  /** Changes the call after it was proven. */
  readonly spoil?: (call: PreparedCall) => PreparedCall;
}

/** Makes the call as the gateway does, but for what is wished otherwise. */
export function prepareGatewayCall(target: GatewayTarget, wish: GatewayWish = {}): PreparedCall {
  const { kind, at, method, header } = target;
  const { key = target.key, shift = 0 } = wish;
  const url = new URL(at);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = Buffer.from(hasBody ? (wish.body ?? target.body) : '');
  const plain = {
    host: url.host,
    ...(hasBody && { 'content-type': target.contentType }),
    ...wish.headers,
  };
  const now = Date.now() + shift;
  const call = { method, target: url.pathname + url.search, headers: plain, body };
  const signed = kind === 'api' ? signApig(call, key, now, wish.signed) : undefined;
  const { authorization, ...headers } = signed ?? {
    ...plain,
    'x-request-id': 'koogate-certify',
    'x-customer-id': 'koogate-certify',
    authorization: `${wish.scheme ?? 'Bearer '}${agentsToken(key, now, wish.token)}`,
  };
  const proof = wish.proof === undefined ? authorization : wish.proof(authorization ?? '');
  const prepared = {
    method,
    url: at,
    headers: { ...headers, ...(proof !== undefined && { [header]: proof }) },
    ...(hasBody && { body }),
  };
  return wish.spoil?.(prepared) ?? prepared;
}

/** Makes the call, sends it and says what came of it. */
export async function askServer(target: GatewayTarget, wish: GatewayWish = {}): Promise<Outcome> {
  const outcome = await sendCall(prepareGatewayCall(target, wish), { insecure: target.insecure, wait: target.limit });
  target.onOutcome?.(outcome);
  return outcome;
}

/** Reports an answer that a gateway bills. */
export function isBilled(outcome: Outcome): boolean {
  return outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300;
}

/** Status of an answer, or what came instead of one. */
export function statusOf(outcome: Outcome): string {
  return outcome.kind === 'answer' ? `HTTP ${outcome.status}` : outcome.reason;
}
