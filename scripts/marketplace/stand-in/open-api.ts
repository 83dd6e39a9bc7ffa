import type { IncomingHttpHeaders } from 'node:http';

/** Names by which faults are asked for. */
export type ApiName =
  | 'order query'
  | 'upload'
  | 'usage push'
  | 'old usage push'
  | 'licence activation'
  | 'licence activation v2'
  | 'licence query'
  | 'licence query v2'
  | 'software usage report';

/** A request whose AK/SK signature holds. */
export interface VerifiedRequest {
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
  /** Value of `{event_id}` in the path. */
  readonly eventId: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One open API of the marketplace: a file each. It is asked only after the request's signature has been verified. */
export interface OpenApi {
  readonly name: ApiName;
  readonly method: string;
  /** May hold `{event_id}` as a segment. */
  readonly path: string;
  answer(request: VerifiedRequest): ApiAnswer;
}

/** An answer in the form that all APIs but the order query have. */
export function answered(status: number, code: string, message: string, data?: unknown): ApiAnswer {
  return { status, body: { error_code: code, error_msg: message, ...(data === undefined ? {} : { data }) } };
}

/** The members of a JSON body; undefined if it is none. */
export function readJson(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
