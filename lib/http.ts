/**
 * One careful HTTPS request to a server that is not ours: over TLS (plain only on loopback), no redirect followed,
 * no more than so many bytes of the answer read, and an end to waiting. What fails has one error type, whose text
 * names neither headers nor body, so that it may be logged.
 */

/** Reason for which there is no answer to work with. */
export type ExchangeFault =
  /** No connection, or it broke before the whole answer was there. */
  | 'connection'
  /** The time for this request was up. */
  | 'timeout'
  /** The caller's signal was aborted. */
  | 'aborted'
  /** The server pointed to another address. */
  | 'redirect'
  /** The answer is longer than the limit. */
  | 'oversized'
  /** The body to send cannot be read, or is no longer what it was; nothing whole was sent. */
  | 'unreadable'
  /** Certificates would not be verified; nothing was sent. */
  | 'insecure';

/** Thrown when a request brought no usable answer. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly fault: ExchangeFault;

  constructor(fault: ExchangeFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** A body that is read while it is sent. @throws ExchangeError `unreadable` from its bytes */
export interface StreamedBody {
  /** Number of bytes. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A request. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | StreamedBody;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the last byte of the answer must be there; without it only `signal` ends the waiting. */
  readonly timeout?: number;
  /** Bytes of the answer that are read at most. */
  readonly limit: number;
  readonly fetch?: typeof fetch | undefined;
}

/** An answer: its status, its body as text (`undefined` if it is not UTF-8), and the server's clock. */
export interface Answer {
  readonly status: number;
  readonly text: string | undefined;
  /** The header `Date`, if there is one. */
  readonly date?: string;
}

/**
 * Reads an address from the configuration.
 * @param setting what to name in the error, such as `KOOGATE_OPENAPI_URL`.
 * @throws Error unless the address is https, or http on this very machine.
 */
export function checkedUrl(text: string, setting: string): URL {
  if (!URL.canParse(text)) throw new Error(`${setting} is not an address: write it as https://host[:port][/path].`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new Error(`${setting} holds a user name or password: leave them out, requests are signed instead.`);
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new Error(`${setting} must begin with https:// (http:// is for loopback alone): signatures do not hide data.`);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Sends a request and reads its answer, whatever its status outside 3xx.
 * @throws ExchangeError
 */
export async function exchange(request: Exchange): Promise<Answer> {
  const { signal, timeout } = request;
  // A controller of our own rather than AbortSignal.any: both causes stay told apart and the timer ends with the request.
  const controller = new AbortController();
  let cause: 'timeout' | 'aborted' | undefined;
  const end = (why: 'timeout' | 'aborted'): void => {
    cause ??= why;
    controller.abort();
  };
  const onAbort = (): void => end('aborted');
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeout === undefined ? undefined : setTimeout(end, timeout, 'timeout');
  let unreadable: ExchangeError | undefined;
  try {
    return await send(request, controller.signal, (error) => {
      unreadable = error;
    });
  } catch (error) {
    if (cause === 'timeout') throw new ExchangeError('timeout', `no whole answer within ${timeout} ms`);
    if (cause === 'aborted') throw new ExchangeError('aborted', 'the request was called off');
    if (error instanceof ExchangeError) throw error;
    if (unreadable !== undefined) throw unreadable;
    throw new ExchangeError('connection', `no connection, or it broke (${causeOf(error)})`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function send(
  request: Exchange,
  signal: AbortSignal,
  onUnreadable: (error: ExchangeError) => void,
): Promise<Answer> {
  const { method, url, headers, body, limit } = request;
  if (url.protocol === 'https:' && process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new ExchangeError('insecure', 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificates off; unset it');
  }
  const streamed = (stream: StreamedBody) => ({
    // Gateways turn away bodies of unknown length.
    headers: { ...headers, 'Content-Length': String(stream.size) },
    body: watched(stream, onUnreadable),
    duplex: 'half' as const,
  });
  const sent = body === undefined ? { headers } : typeof body === 'string' ? { headers, body } : streamed(body);
  const init = { method, signal, redirect: 'manual' as const, ...sent };
  const response = await (request.fetch ?? fetch)(url, init);
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    throw new ExchangeError('redirect', `the server redirects (HTTP ${status}); redirects are not followed`);
  }
  const date = response.headers.get('date');
  return { status, text: await readCapped(response, limit), ...(date === null ? {} : { date }) };
}

/** The bytes; their error is told beside, since what fetch makes of it differs from one version of Node to the next. */
async function* watched(stream: StreamedBody, onUnreadable: (error: ExchangeError) => void) {
  try {
    yield* stream.open();
  } catch (error) {
    if (error instanceof ExchangeError) onUnreadable(error);
    throw error;
  }
}

async function readCapped(response: Response, limit: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body, which closes the connection.
    if (size > limit) throw new ExchangeError('oversized', `the answer has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}

/**
 * The system's code (ECONNREFUSED, ENOTFOUND …); messages are left out, they may repeat the address with its query.
 * No instanceof: errors of fetch may come from another realm.
 */
function causeOf(error: unknown): string {
  const { cause, name } = Object(error) as { cause?: unknown; name?: unknown };
  const { code } = Object(cause) as { code?: unknown };
  return String(code ?? name ?? 'unknown cause');
}
