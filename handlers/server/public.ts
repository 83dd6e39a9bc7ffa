import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Log } from '../../lib/log.ts';
import type { KooGate } from '../create-koogate.ts';
import { writeAnswer } from './answer.ts';
import { type BodyReader, createBodyReader, HungUp, Overloaded, TooLarge } from './body.ts';
import { targetOf, toEvent } from './http-event.ts';
import { createListener, type Listener, type ListenerLimits } from './listener.ts';
import { type Route, routeOf } from './routes.ts';
import { isReady, type ServerState } from './state.ts';

/** Bytes of a body: above the largest that any interface takes, which is refused in words and signed. */
export const BODY_LIMIT = 3 * 1024 * 1024;
/** Bytes of all bodies that are being read at a time. */
const BODIES_LIMIT_BYTES = 128 * 1024 * 1024;
/** Calls that are worked on at a time; beyond it they are answered 503. */
const MAX_CALLS = 256;
/** Seconds after which a call that met a full house may come again. */
const RETRY_AFTER_S = '1';

/** Parts of the public listener. */
export interface PublicOptions extends ListenerLimits {
  readonly produce: KooGate['produce'];
  /** Absent where the stage has no login. */
  readonly login?: KooGate['login'] | undefined;
  readonly state: ServerState;
  readonly log: Log;
  readonly clock: () => number;
  readonly trustsProxy: boolean;
  readonly maxCalls?: number;
}

/** Creates the listener that the marketplace's calls come to, through a proxy or a load balancer. */
export function createPublicListener(options: PublicOptions): Listener {
  const bodies = createBodyReader({ limit: BODY_LIMIT, total: BODIES_LIMIT_BYTES });
  let calls = 0;
  const isFull = () => calls >= (options.maxCalls ?? MAX_CALLS);
  return createListener(async (request, response) => {
    const at = options.clock();
    try {
      const answer = await answerTo(options, request, response, bodies, at, async (work) => {
        if (isFull()) throw new Overloaded();
        calls += 1;
        try {
          return await work();
        } finally {
          calls -= 1;
        }
      });
      writeAnswer(response, answer, options.state.draining || !request.complete); // nobody waits for the rest of a body
    } catch (error) {
      fail(options.log, response, error);
    }
  }, options);
}

async function answerTo(
  options: PublicOptions,
  request: IncomingMessage,
  response: ServerResponse,
  bodies: BodyReader,
  at: number,
  counted: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { state, trustsProxy } = options;
  const target = targetOf(request.url ?? '');
  if (target === undefined) return { statusCode: 400 };
  const route = routeOf(request.method ?? '', target.path, options.login !== undefined);
  if (route === undefined) return { statusCode: 404 };
  if (!('parameters' in route)) return { statusCode: route.kind === 'root' || isReady(state) ? 200 : 503 };
  if (state.clock === 'wrong') return { statusCode: 503, headers: { 'Retry-After': RETRY_AFTER_S } };
  bodies.refuse(request);
  if (request.headers.expect !== undefined) response.writeContinue();
  const body = await bodies.read(request);
  const id = randomUUID();
  const event = toEvent(request, target, body, { id, at, trustsProxy }, route);
  return counted(() => call(options, route, event));
}

async function call(
  { produce, login }: PublicOptions,
  route: Extract<Route, { readonly kind: 'produce' | 'login' }>,
  event: ReturnType<typeof toEvent>,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (route.kind === 'login') return (await login?.(event)) ?? { statusCode: 404 };
  const context: Pick<Context, 'awsRequestId'> = { awsRequestId: event.requestContext.requestId };
  return (await produce(event, context as Context)) as APIGatewayProxyStructuredResultV2;
}

/** Answers what went wrong before there was an answer. A client that has gone gets none, and is no line in the log. */
function fail(log: Log, response: ServerResponse, error: unknown): void {
  const full = { statusCode: 503, headers: { 'Retry-After': RETRY_AFTER_S } };
  if (error instanceof HungUp) response.destroy();
  else if (error instanceof TooLarge) writeAnswer(response, { statusCode: 413 }, true);
  else if (error instanceof Overloaded) writeAnswer(response, full, true);
  else {
    log.error('A request could not be answered.', error);
    if (response.headersSent) response.destroy();
    else writeAnswer(response, { statusCode: 500 }, true);
  }
}
