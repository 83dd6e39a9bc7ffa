import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import type { Log } from '../../lib/log.ts';
import { SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import type { KooGate } from '../create-koogate.ts';
import { writeAnswer } from './answer.ts';
import { createBodyReader, HungUp, TooLarge } from './body.ts';
import { createListener, type Listener } from './listener.ts';
import type { Metrics } from './metrics.ts';
import { mayChange, type ServerState } from './state.ts';

/** Bytes of a request with a thousand reports. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;
/** Milliseconds for storing the reports of a request. */
const REPORTS_MS = 60_000;

/** Parts of the private listener. */
export interface PrivateOptions {
  readonly meter: KooGate['meter'];
  readonly metrics: Metrics;
  readonly state: ServerState;
  /** Secret of Standard Webhooks that reports of usage are signed with; asked each time, so that it can be changed. */
  secret(): Promise<string>;
  readonly log: Log;
}

/**
 * Creates the listener for this machine alone: `GET /metrics`, and `POST /usage` with `{ "reports": […] }`, signed as
 * Standard Webhooks has it. 200 says that every report of the request is stored.
 */
export function createPrivateListener(options: PrivateOptions): Listener {
  const bodies = createBodyReader({ limit: BODY_LIMIT_BYTES, total: 16 * BODY_LIMIT_BYTES });
  return createListener(async (request, response) => {
    try {
      const answer = await answerTo(options, request, response, bodies);
      writeAnswer(response, answer, options.state.draining || !request.complete);
    } catch (error) {
      if (error instanceof HungUp) response.destroy();
      else if (error instanceof TooLarge) writeAnswer(response, { statusCode: 413 }, true);
      else {
        options.log.error('A request of the private listener could not be answered.', error);
        writeAnswer(response, { statusCode: 503 }, true);
      }
    }
  });
}

async function answerTo(
  options: PrivateOptions,
  request: IncomingMessage,
  response: ServerResponse,
  bodies: ReturnType<typeof createBodyReader>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { registry } = options.metrics;
  const [path] = (request.url ?? '').split('?');
  if (path === '/metrics') {
    if (request.method !== 'GET') return { statusCode: 405, headers: { Allow: 'GET' } };
    return { statusCode: 200, headers: { 'Content-Type': registry.contentType }, body: await registry.metrics() };
  }
  if (path !== '/usage') return { statusCode: 404 };
  if (request.method !== 'POST') return { statusCode: 405, headers: { Allow: 'POST' } };
  if (!mayChange(options.state)) return { statusCode: 503, headers: { 'Retry-After': '60' } };
  bodies.refuse(request);
  if (request.headers.expect !== undefined) response.writeContinue();
  return takeReports(options, request, (await bodies.read(request)).toString('utf8'));
}

async function takeReports(
  options: PrivateOptions,
  request: IncomingMessage,
  body: string,
): Promise<APIGatewayProxyStructuredResultV2> {
  const refusal = await refusalOf(options, request, body);
  if (refusal !== undefined) return refusal;
  const reports = reportsOf(body);
  if (reports === undefined) return json(400, { error: 'The body must be JSON: { "reports": [ … ] }, at most 1000.' });
  const ends = Date.now() + REPORTS_MS;
  const answer = await options.meter({ reports }, { getRemainingTimeInMillis: () => Math.max(0, ends - Date.now()) });
  const results = 'results' in answer ? answer.results : [];
  return json(results.some(({ outcome }) => outcome === 'refused') ? 422 : 200, { results });
}

/** Checks the signature. @returns what to answer where it does not hold */
async function refusalOf(
  { secret }: PrivateOptions,
  { headersDistinct }: IncomingMessage,
  body: string,
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headersDistinct[name]?.[0] ?? '']),
  );
  let own: string;
  try {
    own = await secret();
  } catch (error) {
    if (error instanceof SecretsUnavailable) return json(503, { error: error.message });
    throw error;
  }
  try {
    new Webhook(own).verify(body, headers, { jsonParse: false });
    return undefined;
  } catch {
    return json(401, {
      error:
        'Expected a signature of Standard Webhooks over the body as sent, made with seller.secret: headers webhook-id, ' +
        'webhook-timestamp (within five minutes) and webhook-signature.',
    });
  }
}

function reportsOf(body: string): readonly unknown[] | undefined {
  try {
    const { reports } = Object(JSON.parse(body)) as { readonly reports?: unknown };
    return Array.isArray(reports) && reports.length <= 1_000 ? reports : undefined;
  } catch {
    return undefined;
  }
}

function json(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
