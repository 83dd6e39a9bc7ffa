import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkPaths, TOKENS } from './billed.ts';
import { type GatewayCall, type GatewayNote, sendAnswer, sendFailure, sendStream } from './call.ts';
import type { ReceivedRequest } from './canonical.ts';
import { GatewayError, UnverifiedError } from './error.ts';
import { readBody } from './read-body.ts';
import { type AgentsOptions, verifyAgents } from './verify-agents.ts';
import { type ApigOptions, verifyApig } from './verify-apig.ts';

/** Settings of both gateways. */
export interface GatewayOptions {
  /** Members by which the product is billed, as dotted paths. */
  readonly billed?: readonly string[] | undefined;
  /** Bytes of a body at most; 12 MB unless given, which is what APIG lets through. */
  readonly maxBody?: number | undefined;
  /** Characters of one event of a stream at most; 16 Mi unless given. */
  readonly maxEvent?: number | undefined;
  /** Takes what a seller should hear of; without it a line of JSON goes to standard error, free of the buyer's data. */
  readonly note?: ((note: GatewayNote) => void) | undefined;
  /** Unix milliseconds; the machine's clock unless given. */
  readonly clock?: (() => number) | undefined;
}

/** The seller's part: answers by `call`, or by the response itself. What it throws becomes a failure, which is not billed. */
export type GatewayHandler = (
  call: GatewayCall,
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/** A listener for `http.createServer`, and for frameworks that take `(request, response)`. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const MAX_BODY_BYTES = 12 * 1024 * 1024;
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** Admits only calls that APIG has signed; without `billed` nothing is added to answers, since calls are counted. */
export function apigGateway(options: ApigOptions & GatewayOptions): (handler: GatewayHandler) => Listener {
  return gateway(options, [], async ({ received, body, now }) => ({
    gateway: 'apig',
    ...(await verifyApig(received, body, options, now)),
    customer: undefined,
  }));
}

/** Admits only calls with a token of the Agents gateway; billed by tokens unless `billed` says otherwise. */
export function agentsGateway(options: AgentsOptions & GatewayOptions): (handler: GatewayHandler) => Listener {
  return gateway(options, TOKENS, async ({ received, now }) => {
    const proof = await verifyAgents(received.header(options.header ?? 'authorization'), options.keys, now);
    const id = received.header('x-customer-id');
    const name = received.header('x-customer-name');
    return { gateway: 'agents', ...proof, signedHeaders: [], customer: id === undefined ? undefined : { id, name } };
  });
}

interface Arrival {
  readonly received: ReceivedRequest;
  readonly body: () => Promise<Buffer>;
  readonly now: number;
}

type Verified = Pick<GatewayCall, 'gateway' | 'key' | 'signedHeaders' | 'customer'>;

function gateway(options: GatewayOptions, usual: readonly string[], verify: (arrival: Arrival) => Promise<Verified>) {
  const paths = checkPaths(options.billed ?? usual);
  const { maxBody = MAX_BODY_BYTES, maxEvent = MAX_EVENT_BYTES, note = writeNote, clock = Date.now } = options;
  return (handler: GatewayHandler): Listener =>
    async (request, response) => {
      const received = receive(request);
      const requestId = received.header('x-request-id');
      let read: Promise<Buffer> | undefined;
      const body = () => {
        read ??= readBody(request, maxBody);
        return read;
      };
      try {
        const verified = await verify({ received, body, now: clock() });
        const signal = leaving(response);
        const call: GatewayCall = {
          ...verified,
          requestId,
          signal,
          body,
          answer: (value, billed = {}) => sendAnswer(response, value, billed, paths),
          stream: (source, billed) =>
            sendStream(response, { source, billed, requestId, signal }, { paths, maxEvent, note }),
        };
        await handler(call, request, response);
      } catch (error) {
        sendFailure(response, error);
        note(noteOf(error, requestId));
      }
    };
}

function receive(request: IncomingMessage): ReceivedRequest {
  return {
    method: request.method ?? '',
    target: targetOf(request),
    header: (name) => {
      const value = request.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}

/** Path and query as they came in; frameworks that mount handlers below a path keep them as `originalUrl`. */
function targetOf(request: IncomingMessage): string {
  const original = 'originalUrl' in request ? request.originalUrl : undefined;
  return typeof original === 'string' ? original : (request.url ?? '/');
}

function leaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function noteOf(error: unknown, requestId: string | undefined): GatewayNote {
  if (error instanceof UnverifiedError) return { event: 'unverified', requestId, reason: error.reason };
  const reason = error instanceof GatewayError ? error.code : error instanceof Error ? error.name : typeof error;
  return { event: 'failed', requestId, reason, error };
}

function writeNote({ error: _, ...note }: GatewayNote): void {
  console.error(JSON.stringify({ source: 'koogate/gateway', ...note }));
}
