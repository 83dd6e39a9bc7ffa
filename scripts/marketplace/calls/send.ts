import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { PreparedCall } from './prepare.ts';

/** Result of a call: an answer, or the failure to get one. */
export type Outcome = Answer | Failure;

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case; of a repeated header all values, joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names as they were spelled on the wire. */
  readonly names?: readonly string[];
  readonly body: Buffer;
  readonly milliseconds: number;
}

export interface Failure {
  readonly kind: 'failure';
  readonly reason: 'no-connection' | 'connection-lost' | 'time-out' | 'certificate' | 'too-long' | 'no-http';
  /** The engine's own code, e.g. ECONNREFUSED. */
  readonly detail: string;
  readonly milliseconds: number;
}

export interface SendOptions {
  /** Milliseconds after which the wait ends; 20 000 unless told, the longest time-out any page names. */
  readonly wait?: number;
  /** Takes certificates of unknown issuers. */
  readonly insecure?: boolean;
  /** Certificates to trust in the place of Node's own, in PEM. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
}

/** Answers are small; more than this is not read. */
const MAX_ANSWER_BYTES = 1_048_576;

/** Sends a call on a connection of its own, follows no redirect, and never throws. */
export function sendCall(
  call: PreparedCall,
  { wait = 20_000, insecure = false, ca, signal }: SendOptions = {},
): Promise<Outcome> {
  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  return new Promise((resolve) => {
    const fail = (reason: Failure['reason'], detail: string) => {
      clearTimeout(timer);
      resolve({ kind: 'failure', reason, detail, milliseconds: since() });
    };
    const open = call.url.startsWith('https:') ? tlsRequest : plainRequest;
    const request = open(call.url, {
      method: call.method,
      headers: { ...call.headers, ...(call.body && { 'content-length': String(call.body.length) }) },
      agent: false,
      rejectUnauthorized: !insecure,
      ...(ca !== undefined && { ca }),
      ...(signal && { signal }),
    });
    const timer = setTimeout(() => {
      fail('time-out', `${wait} ms`);
      request.destroy();
    }, wait);
    let answering = false;
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(reasonOf(error, answering), error.code ?? error.message),
    );
    request.on('response', (response) => {
      answering = true;
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length <= MAX_ANSWER_BYTES) return;
        fail('too-long', `${length} bytes`);
        request.destroy();
      });
      response.on('error', (error: NodeJS.ErrnoException) => fail('connection-lost', error.code ?? error.message));
      response.on('end', () => {
        clearTimeout(timer);
        const headers = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
        );
        resolve({
          kind: 'answer',
          status: response.statusCode ?? 0,
          headers,
          names: response.rawHeaders.filter((_, index) => index % 2 === 0),
          body: Buffer.concat(parts),
          milliseconds: since(),
        });
      });
    });
    request.end(call.body);
  });
}

function reasonOf(error: NodeJS.ErrnoException, answering: boolean): Failure['reason'] {
  const code = error.code ?? '';
  if (/CERT|SELF_SIGNED|UNABLE_TO_|TLS|SSL|ALTNAME/.test(code)) return 'certificate';
  if (code.startsWith('HPE_')) return 'no-http';
  if (answering || /ECONNRESET|EPIPE|ABORT/.test(code)) return 'connection-lost';
  return 'no-connection';
}
