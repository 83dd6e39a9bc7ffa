import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { billEvents, type EventsEnd } from './bill-events.ts';
import { type Billed, billedIn, isObject, withBilled } from './billed.ts';
import { GatewayError } from './error.ts';

/** A call of a gateway, verified. */
export interface GatewayCall {
  readonly gateway: 'apig' | 'agents';
  /** Name of the signature key, or the APP Key. */
  readonly key: string;
  /** Headers that the signature of APIG covers, in lower case; no other can be trusted. Empty with the Agents gateway. */
  readonly signedHeaders: readonly string[];
  /** `X-Request-Id` of the call. */
  readonly requestId: string | undefined;
  /** The buyer, as the Agents gateway names it. */
  readonly customer: { readonly id: string; readonly name: string | undefined } | undefined;
  /** Aborted when the connection is gone before the answer is. */
  readonly signal: AbortSignal;
  /** The body; with APIG the bytes that were verified. @throws GatewayError 413, 400 */
  body(): Promise<Buffer>;
  /**
   * Sends a JSON answer with the billed members.
   * @param billed quantities that do not stand in the answer yet
   * @throws Error if there is none, so that the call fails and is not billed
   */
  answer(value: object, billed?: Billed): void;
  /**
   * Sends server-sent events as they come, and the billed members once, at the end.
   * @param billed the seller's own count, asked for at the end; without it the last quantities of the events
   * @throws Error if the source breaks before its first event
   */
  stream(source: AsyncIterable<string | Uint8Array>, billed?: () => Billed): Promise<void>;
}

/** Something that a seller should hear of. */
export interface GatewayNote {
  readonly event: 'unverified' | 'failed' | 'stream-broken' | 'stream-left' | 'unbilled';
  readonly requestId?: string | undefined;
  /** Reason why a call was not verified, or the kind of a failure. */
  readonly reason?: string | undefined;
  readonly billed?: Billed | undefined;
  /** Error that was thrown; it may hold what the buyer sent. */
  readonly error?: unknown;
}

/** Settings that answers need to know. */
export interface AnswerSettings {
  readonly paths: readonly string[];
  readonly maxEvent: number;
  readonly note: (note: GatewayNote) => void;
}

/** Sends a JSON answer with the billed members. */
export function sendAnswer(response: ServerResponse, value: object, billed: Billed, paths: readonly string[]): void {
  if (!isObject(value))
    throw new Error('An answer must be a JSON object: the billed members stand on its first level.');
  const all = { ...billedIn(value, paths), ...billed };
  if (paths.length > 0 && Object.keys(all).length === 0) {
    throw new Error(`The answer names no quantity: expected one of ${paths.join(', ')}.`);
  }
  const text = JSON.stringify(withBilled(value, all, paths));
  response.writeHead(response.statusCode, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** A stream to send. */
export interface SentStream {
  readonly source: AsyncIterable<string | Uint8Array>;
  readonly billed: (() => Billed) | undefined;
  readonly requestId: string | undefined;
  readonly signal: AbortSignal;
}

/** Sends events at the pace at which they are taken; the head goes out with the first one. */
export async function sendStream(
  response: ServerResponse,
  stream: SentStream,
  settings: AnswerSettings,
): Promise<void> {
  const { paths, maxEvent, note } = settings;
  const { source, billed, requestId, signal } = stream;
  const events = billEvents(source, { paths, billed, maxEvent });
  let end: EventsEnd | undefined;
  while (end === undefined) {
    const next = await unlessAborted(events.next(), signal);
    if (next === undefined) {
      events.return({ billed: {}, isUnbilled: false }).catch(() => {}); // waits for the source, which may take its time
      note({ event: 'stream-left', requestId, billed: billed?.() });
      return;
    }
    if (next.done) end = next.value;
    else await send(response, next.value, signal);
  }
  response.end();
  if (end.isUnbilled) note({ event: 'unbilled', requestId });
  if (end.fault !== undefined) note({ event: 'stream-broken', requestId, billed: end.billed, error: end.fault });
}

/** Result of some work, or `undefined` as soon as the signal is aborted. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const leave = () => resolve(undefined);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

async function send(response: ServerResponse, event: string, signal: AbortSignal): Promise<void> {
  if (!response.headersSent) {
    response.writeHead(response.statusCode, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  }
  if (response.write(event)) return;
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    if (!signal.aborted) throw error; // nobody takes any more: seen with the next event
  }
}

/** Sends a failure, or cuts an answer of which a part is on its way. */
export function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  const { status, code, message } =
    error instanceof GatewayError ? error : new GatewayError(500, 'failed', 'The service failed; call again later.');
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const text = JSON.stringify({ error: { code, message } });
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...(status === 413 ? { Connection: 'close' } : {}),
  });
  response.end(text);
}
